"""A judge's replies are read strictly: what is no verdict is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.measures.calling import Scoring
from tradespace.evals.measures.judgements import Judgements, claims_in, verdict_in
from tradespace.types import Completion

YES, NO, PROSE = "It does.\nverdict: yes", "verdict: no", "Well, that depends."


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (YES, True),
        (NO, False),
        ("**Verdict:** No.", False),
        ("Yes.\nThe answer names the same town.", True),
        ('{"verdict": "yes"}', True),
        ("> Final verdict: `yes`", True),
        ("The answer is wrong.\r\nanswer: no\r\n", False),
        ("verdict: yes\nverdict: yes", True),
        ("verdict: yes\nOn second thought,\nverdict: no", None),
        ("verdict: yes or no", None),
        ("No one knows.", None),
        ("I would say yes", None),
        ("verdict: yesterday", None),
        (PROSE, None),
        ("", None),
    ],
)
def test_only_a_line_of_its_own_is_a_verdict(reply: str, said: bool | None) -> None:
    """In whatever dress, at either end; two that differ are none, and so is a yes in a sentence."""
    assert verdict_in(reply) is said


def test_a_long_line_is_read_at_once() -> None:
    """However it is made up, so that no reply can hold up a run."""
    for part in ("*", "yes ", "verdict: ", "final "):
        assert verdict_in(part * 100_000) is None


@given(st.text())
def test_no_text_at_all_breaks_the_reading(reply: str) -> None:
    """What a model writes may be anything."""
    assert verdict_in(reply) in {True, False, None}
    assert claims_in(Completion(reply, 1, 1)) is None or reply.strip()


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        ("- Rollo led them.\n- He was a Dane.", ["Rollo led them.", "He was a Dane."]),
        ("Here they are:\n\n1. Rollo led them.\n2) He was a Dane.", ["Rollo led them.", "He was a Dane."]),
        ("* Rollo led them.\n* Rollo led them.", ["Rollo led them."]),
        ("none", []),
        ("`None.`", []),
        ("- none", []),
        ("Rollo led them, and he was a Dane.", None),
        ("", None),
    ],
)
def test_claims_are_the_items_of_a_list(reply: str, claims: list[str] | None) -> None:
    """Each once; prose is no list, and none is one without items."""
    assert claims_in(Completion(reply, 9, 9)) == claims


def test_a_list_that_was_cut_off_is_none() -> None:
    """What it would have held beyond is not known."""
    assert claims_in(Completion("- Rollo led them.\n- He was", 9, 9, "length")) is None


@pytest.mark.parametrize(
    ("replies", "majority", "mean", "counts"),
    [
        ((YES,), 1.0, 1.0, (0, 0, 0)),
        ((YES, YES, NO), 1.0, 2 / 3, (0, 3, 1)),
        ((YES, NO), 0.5, 0.5, (0, 2, 1)),
        ((YES, PROSE, NO, NO), 0.0, 1 / 3, (1, 3, 1)),
        ((PROSE, NO), 0.0, 0.0, (1, 0, 0)),
        ((PROSE, PROSE), None, None, (2, 0, 0)),
    ],
)
def test_several_verdicts_come_to_one(
    replies: tuple[str, ...], majority: float | None, mean: float | None, counts: tuple[int, int, int]
) -> None:
    """By the majority, or in the mean, of those that can be read; who disagrees is counted."""
    judgements = Judgements(replies)
    assert judgements.share("majority") == majority
    assert judgements.share("mean") == (mean if mean is None else pytest.approx(mean))
    scoring = judgements.scoring("majority")
    assert (scoring.judgements, (scoring.unread, scoring.compared, scoring.outvoted)) == (len(replies), counts)


def test_a_score_says_why() -> None:
    """In the judge's words, of one who voted so; and what could not be read is quoted."""
    assert Judgements((NO, YES, YES)).scoring("majority").reason == (
        "the judge says yes (2 of 3): 'It does. verdict: yes'"
    )
    assert Judgements((PROSE,)).scoring("mean") == Scoring(
        None, f"no verdict can be read in what the judge replied: {PROSE!r}", judgements=1, unread=1
    )
    assert len(Judgements(("x" * 10_000,)).scoring("mean").reason) < 400
