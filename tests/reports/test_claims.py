"""How sure the answer is, in sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.explorer.conclusions.test_conclusion import QUESTIONS, confirmed, evaluation, results
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.results import Evaluation
from tradespace.reports.recommendation import recommendation
from tradespace.search_space.goals import ServiceLevel


def notes(*finalists: Evaluation, explored: tuple[Evaluation, ...] = (), sla: ServiceLevel | None = None) -> list[str]:
    """What is said beside the answer."""
    return list(recommendation(concluded(*finalists, explored=explored, sla=sla)).notes)


def concluded(
    *finalists: Evaluation, explored: tuple[Evaluation, ...] = (), sla: ServiceLevel | None = None
) -> Conclusion:
    return conclude(results(list(explored), list(finalists), sla))


def late(pipeline: Evaluation, questions: int) -> Evaluation:
    """The same pipeline, for which so many questions take half a second."""
    kept = pipeline.end_to_end[questions:]
    return replace(pipeline, end_to_end=(0.5,) * questions + kept)


def test_intervals_of_several_finalists_hold_at_once() -> None:
    """And it is said of how many; one alone needs no such words."""
    (several, *_) = notes(confirmed("a", 0.8, 50), confirmed("b", 0.7, 40), confirmed("c", 0.3, 20))
    assert several.endswith("Brackets hold 95 % confidence intervals, which hold for all 3 finalists at once.")
    (both, *_) = notes(confirmed("a", 0.8, 50), confirmed("b", 0.7, 40))
    assert both.endswith("which hold for both finalists at once.")
    (alone, *_) = notes(confirmed("a", 0.8, 50))
    assert alone.endswith("Brackets hold 95 % confidence intervals.")


@pytest.mark.parametrize(
    ("before", "words"), [(0.85, "0.800: it fell by 0.050."), (0.7, "0.800: it rose by 0.100."), (0.8, "0.800 too.")]
)
def test_how_much_fresh_questions_took_away_is_said(before: float, words: str) -> None:
    """The winner was picked for doing well on the questions that chose it."""
    said = notes(confirmed("a", 0.8, 50), explored=(evaluation("a", before, 50),))
    assert f"On the explore questions, which chose it, its f1 is {before:.3f}; confirmed it is {words}" in said


def test_an_unconfirmed_figure_fell_nowhere() -> None:
    """Nothing is compared with itself."""
    assert concluded(explored=(evaluation("a", 0.8, 50),)).fell is None


def test_how_much_an_unconfirmed_figure_is_likely_to_fall_is_said() -> None:
    """Of eight that are equally good the best was lucky; one alone was not picked."""
    random = np.random.default_rng(0)
    explored = [
        replace(
            evaluation(name, 0.5, 50), scores={"f1": tuple((random.random(QUESTIONS) < 0.5).astype(float).tolist())}
        )
        for name in "abcdefgh"
    ]
    said = notes(explored=tuple(explored))
    assert any(note.startswith("On fresh questions the best f1 is likely to fall by about 0.0") for note in said)
    assert not any("is likely to fall" in note for note in notes(explored=tuple(explored[:1])))


def test_the_tied_are_listed_the_cheapest_first() -> None:
    """The chosen one among them, and at most five by name."""
    said = notes(*(confirmed(f"p{rank}", 0.8, 50, usd=rank / 1000, shift=rank) for rank in (3, 1, 2)))
    assert "Tied, cheapest first: p1, p2 and p3." in said
    said = notes(*(confirmed(f"p{rank}", 0.8, 50, usd=rank / 1000, shift=rank) for rank in range(8)))
    assert "Tied, cheapest first: p0, p1, p2, p3, p4 and 3 more." in said


def test_disguises_are_named_and_are_no_tie() -> None:
    """A pipeline that answers every question alike is one with the recommended."""
    twins = [replace(make("b", 0.8, 60), answers="x") for make in (evaluation, confirmed)]
    own = [replace(make("a", 0.8, 50), answers="x") for make in (evaluation, confirmed)]
    said = notes(own[1], twins[1], explored=(own[0], twins[0]))
    assert "1 explored pipeline answers every question as it does, and counts as one with it: b." in said
    assert not any("can't be told apart" in note for note in said)


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        (0, "is kept, at an error of 0.05 over all finalists: 200 questions, of which 0 take longer."),
        (8, "can't be decided with 200 questions, of which 8 take longer, at an error of 0.05 over all finalists."),
    ],
)
def test_the_service_level_is_kept_or_not_to_be_decided(questions: int, words: str) -> None:
    """Its p95 is within the bound in both cases; 4 % beyond are no proof that at most 5 % are."""
    assert QUESTIONS == 200
    sla = ServiceLevel("latency_p95", 0.1)
    said = notes(late(confirmed("a", 0.8, 50), questions), sla=sla)
    assert f"The SLA of 100 ms {words}" in said


def test_the_error_of_verdicts_is_the_users() -> None:
    """What 5 % error leaves open, a half decides."""
    sla = ServiceLevel("latency_p95", 0.1, error=0.5)
    said = notes(late(confirmed("a", 0.8, 50), 3), sla=sla)
    assert any("The SLA of 100 ms is kept, at an error of 0.5" in note for note in said)


@pytest.mark.parametrize(("milliseconds", "verdict"), [(50, "kept"), (99, "kept")])
def test_a_mean_latency_is_judged_by_its_interval(milliseconds: float, verdict: str) -> None:
    """No share of the questions decides about it."""
    said = notes(confirmed("a", 0.8, milliseconds), sla=ServiceLevel("latency_mean", 0.1))
    assert f"The SLA of 100 ms is {verdict}, at an error of 0.05 over all finalists: 200 questions." in said
