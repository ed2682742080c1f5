"""Measures of evidence: cases worked out by hand, and a naive count, character by character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.chunkers.base import passage_at
from tradespace.errors import InputError
from tradespace.evals.measures import measure
from tradespace.evals.measures.evidence_overlap import (
    LEAST_LETTERS,
    LEAST_UNSPACED,
    Overlap,
    overlap,
    spans_by_characters,
    stands_in,
)
from tradespace.types import Document, Evidence, Passage, Question, ScoredPassage

MANUAL = Document("manual", "Press the red button twice. Then wait a minute. The lamp turns green. Close the lid.")
OTHER = Document("other", "Press the red button twice. That is all there is to say here.")


def evidence_at(document: Document, start: int, end: int) -> Evidence:
    return Evidence(document.id, document.text[start:end], start, document.text)


def quoted(text: str, document: Document = MANUAL) -> Evidence:
    return evidence_at(document, document.text.index(text), document.text.index(text) + len(text))


def passage(text: str, document: Document = MANUAL) -> Passage:
    start = document.text.index(text)
    return passage_at(document, start, start + len(text))


def asked(*pieces: Sequence[Evidence]) -> Question:
    return Question("q", "How does it work?", gold=("manual",), evidence=tuple(map(tuple, pieces)))


def scores(question: Question, *passages: Passage, at: str = "") -> list[float]:
    """Recall, precision, and intersection over union."""
    ranking = tuple(ScoredPassage(each, 0.0) for each in passages)
    names = [f"evidence_{name}{at}" for name in ("recall", "precision", "iou")]
    return [float(measure(name).score([question], [ranking], [None])[0] or 0) for name in names]


BUTTON, WAIT, LAMP = "Press the red button twice.", "Then wait a minute.", "The lamp turns green."
IN_BUTTON, IN_WAIT, IN_LAMP = 23, 16, 18
"""Their characters without white space."""


def test_evidence_that_is_retrieved_and_nothing_else_scores_one() -> None:
    """By all three."""
    assert scores(asked([quoted(BUTTON)]), passage(BUTTON)) == [1, 1, 1]


def test_half_of_the_evidence_is_half_of_the_recall() -> None:
    """Two sentences are quoted, and a passage has the second and one more."""
    question = asked([quoted(f"{BUTTON} {WAIT}")])
    assert scores(question, passage(f"{WAIT} {LAMP}")) == pytest.approx(
        [
            IN_WAIT / (IN_BUTTON + IN_WAIT),
            IN_WAIT / (IN_WAIT + IN_LAMP),
            IN_WAIT / (IN_BUTTON + IN_WAIT + IN_LAMP),
        ]
    )


def test_pieces_that_are_needed_together_are_one_evidence() -> None:
    """The first was found, the second not; what two pieces have in common counts once."""
    question = asked([quoted(BUTTON)], [quoted(LAMP)])
    assert scores(question, passage(BUTTON))[0] == pytest.approx(IN_BUTTON / (IN_BUTTON + IN_LAMP))
    question = asked([quoted(f"{BUTTON} {WAIT}")], [quoted(WAIT)])
    assert overlap(question, [passage(WAIT)]) == Overlap(IN_BUTTON + IN_WAIT, IN_WAIT, IN_WAIT)


def test_of_alternatives_the_one_counts_that_was_found_best() -> None:
    """By its share, not by its length; finding the other too adds only to what is read."""
    question = asked([quoted(BUTTON, OTHER), quoted(BUTTON)])
    assert scores(question, passage(BUTTON)) == [1, 1, 1]
    assert scores(question, passage(BUTTON), passage(BUTTON, OTHER)) == [1, 0.5, 0.5]
    question = asked([quoted(f"{BUTTON} {WAIT} {LAMP}"), quoted(LAMP)])
    assert scores(question, passage(LAMP)) == [1, 1, 1]


def test_what_is_retrieved_twice_is_read_twice() -> None:
    """Overlapping passages cost precision, and gain no recall."""
    question = asked([quoted(WAIT)])
    recall, precision, iou = scores(question, passage(f"{BUTTON} {WAIT}"), passage(f"{WAIT} {LAMP}"))
    retrieved = IN_BUTTON + 2 * IN_WAIT + IN_LAMP
    assert (recall, precision, iou) == pytest.approx((1, IN_WAIT / retrieved, IN_WAIT / retrieved))


def test_two_passages_that_hold_a_part_each_hold_it_together() -> None:
    """However the text was cut; the space between them is no loss."""
    assert scores(asked([quoted(f"{BUTTON} {WAIT}")]), passage(WAIT), passage(BUTTON)) == [1, 1, 1]


def test_the_same_words_elsewhere_are_not_the_evidence() -> None:
    """In another document, or at another place of the same one: places are known there."""
    assert scores(asked([quoted(BUTTON)]), passage(BUTTON, OTHER)) == [0, 0, 0]
    twice = Document("twice", "Turn it off and on again. Nothing helps. Turn it off and on again.")
    question = asked([evidence_at(twice, 0, 25)])
    assert scores(question, passage_at(twice, 41, 66)) == [0, 0, 0]
    assert scores(question, passage_at(twice, 0, 25)) == [1, 1, 1]


def test_nothing_retrieved_is_nothing_found() -> None:
    """Zero, and not missing."""
    assert scores(asked([quoted(BUTTON)])) == [0, 0, 0]


def test_a_cutoff_looks_at_the_first_passages() -> None:
    """As the name says; those of the document that the question itself is take no place."""
    question = asked([quoted(WAIT)])
    found = (passage(BUTTON, OTHER), passage(BUTTON), passage(WAIT))
    assert [scores(question, *found, at=f"@{k}")[0] for k in (1, 2, 3)] == [0, 0, 1]
    assert scores(replace(question, itself="other"), *found, at="@2")[0] == 1


@pytest.mark.parametrize("name", ["evidence_recall@0", "evidence_recall@", "evidence_recall@x", "evidence_iou@01"])
def test_a_cutoff_is_a_number(name: str) -> None:
    """Others are refused, with what is valid."""
    with pytest.raises(InputError, match="takes a cutoff from 1 to 100,000, as in evidence_"):
        measure(name)


class TestWithoutAPlace:
    """Passages that were rewritten, come from elsewhere, or were cut from another reading of the document."""

    def test_a_rewritten_passage_has_what_it_kept(self) -> None:
        """Word by word; white space, letter case and marks don't count."""
        kept = Passage("manual[0:46]#1a2b", "manual", "press the red\nbutton  TWICE. [...]")
        assert scores(asked([quoted(BUTTON)]), kept)[0] == 1
        shorter = Passage("manual[0:46]#1a2b", "manual", "Press the red button twice, then stop.")
        question = asked([quoted(f"{BUTTON} {WAIT}")])
        assert scores(question, shorter)[0] == pytest.approx((IN_BUTTON - 1) / (IN_BUTTON + IN_WAIT))

    def test_a_passage_of_no_known_document_is_compared_by_its_words(self) -> None:
        """One of another known document is not."""
        assert scores(asked([quoted(BUTTON)]), Passage("foreign#1", "foreign#1", f"He said: {BUTTON}"))[0] == 1

    def test_another_reading_of_the_document_has_other_places(self) -> None:
        """A title is in front of the text there, so that the place that a passage is named by is another's."""
        parsed = replace(MANUAL, text="THE MANUAL\n\n" + MANUAL.text.replace(". ", ".\n"))
        start = parsed.text.index("Then wait")
        cut = passage_at(parsed, start, start + len(f"{WAIT}\n{LAMP}"))
        question = asked([quoted(f"{WAIT} {LAMP}")])
        assert scores(question, cut) == [1, 1, 1]
        assert scores(question, passage_at(parsed, 0, start))[0] == 0
        assert scores(asked([quoted(BUTTON)]), cut)[0] == 0

    def test_a_place_that_happens_to_fit_counts_only_with_its_text(self) -> None:
        """The passage is named as if it were the evidence, and has other words."""
        start = MANUAL.text.index(WAIT)
        other = Passage(f"manual[{start}:{start + len(WAIT)}]", "manual", "Not this one at all")
        assert scores(asked([quoted(WAIT)]), other) == [0, 0, 0]

    def test_evidence_without_a_place_is_compared_by_its_words(self) -> None:
        """As that of questions that were made in Python may be."""
        question = asked([Evidence("manual", WAIT)])
        assert scores(question, passage(f"{WAIT} {LAMP}")) == pytest.approx(
            [1, IN_WAIT / (IN_WAIT + IN_LAMP), IN_WAIT / (IN_WAIT + IN_LAMP)]
        )

    def test_a_few_common_words_are_chance(self) -> None:
        """Runs count from twenty characters on; short evidence must be there as a whole."""
        assert spans_by_characters("the button of the lamp is red", "press the button of the car") == ()
        assert spans_by_characters("in 1976", "it was in 1976, in May") == ((0, 7),)
        assert spans_by_characters("in 1976", "it was in 1967, in May") == ()

    def test_fewer_characters_say_as_much_without_spaces(self) -> None:
        """In Chinese, Japanese, Thai …"""
        evidence = "北京是中华人民共和国的首都，人口众多"
        assert LEAST_UNSPACED < LEAST_LETTERS
        assert spans_by_characters(evidence, "中华人民共和国的首都。") == ((3, 13),)
        assert spans_by_characters(evidence, "共和国的首都。") == ()

    def test_what_one_sign_folds_to_may_be_cut_in_two(self) -> None:
        """A ligature of the evidence is two letters of the passage."""
        evidence = "eﬃcient offices are aﬄuent and eﬃcient oﬃces"
        spans = spans_by_characters(evidence, "efficient offices are affluent")
        assert spans[0][0] == 0
        assert evidence[: spans[0][1]].rstrip() == "eﬃcient offices are aﬄuent"

    @given(st.lists(st.tuples(st.integers(0, 70), st.integers(1, 45)), max_size=4), st.text("ab", max_size=70))
    def test_runs_are_those_of_a_naive_search(self, cuts: list[tuple[int, int]], evidence: str) -> None:
        """A character counts if any run that it stands in is in the passage."""
        held = "-".join(evidence[start : start + length] for start, length in cuts)
        run = min(LEAST_LETTERS, len(evidence))
        covered = {place for start, end in spans_by_characters(evidence, held) for place in range(start, end)}
        assert covered == {
            place
            for place in range(len(evidence))
            if any(
                evidence[start : start + run] in held
                for start in range(max(0, place - run + 1), min(place, len(evidence) - run) + 1)
            )
        }


def test_a_passage_says_whether_it_has_any_evidence() -> None:
    """A part of an alternative is enough."""
    question = asked([quoted(f"{BUTTON} {WAIT}"), quoted(LAMP)])
    assert [stands_in(question, passage(text)) for text in (WAIT, LAMP, "Close the lid.")] == [True, True, False]


def test_a_score_has_its_reason() -> None:
    """How much was found, and among how much else."""
    question, found = asked([quoted(BUTTON)], [quoted(LAMP)]), passage(f"{BUTTON} {WAIT}")
    ranking = (ScoredPassage(found, 0.0),)
    assert measure("evidence_recall").reason(question, ranking, None) == (
        "1 of 2 pieces of evidence found whole: 23 of 41 characters, among 39 in 1 passage"
    )
    assert measure("evidence_iou").reason(Question("q", "?"), ranking, None) == ""


texts = st.text("ab \n é北", min_size=1, max_size=40).filter(str.strip)
corpora = st.tuples(texts, texts).map(lambda two: [Document("d", two[0]), Document("e", two[1])])


@st.composite
def places(draw: st.DrawFn, documents: Sequence[Document]) -> tuple[Document, int, int]:
    document = draw(st.sampled_from(documents))
    start = draw(st.integers(0, len(document.text) - 1))
    return document, start, draw(st.integers(start + 1, len(document.text)))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Question, list[Passage]]:
    documents = draw(corpora)
    seen = places(documents).filter(lambda at: bool(at[0].text[at[1] : at[2]].strip()))
    pieces = draw(st.lists(st.lists(seen, min_size=1, max_size=3), min_size=1, max_size=3))
    evidence = [[evidence_at(*place) for place in piece] for piece in pieces]
    return asked(*evidence), [passage_at(*place) for place in draw(st.lists(places(documents), max_size=5))]


def characters(document: str, start: int, text: str) -> set[tuple[str, int]]:
    """The characters of a text that can be seen, each by its place."""
    return {(document, start + place) for place, character in enumerate(text) if not character.isspace()}


def naive_overlap(question: Question, passages: Sequence[Passage]) -> Overlap:
    """Set of characters by set of characters."""
    found: set[tuple[str, int]] = set()
    for each in passages:
        _, bracket, place = each.id.partition("[")
        start = int(place.partition(":")[0]) if bracket else 0
        found |= characters(each.document_id, start, each.text)
    wanted: set[tuple[str, int]] = set()
    for piece in question.evidence:
        alternatives = [characters(each.document_id, each.start or 0, each.text) for each in piece]
        wanted |= max(alternatives, key=lambda alternative: len(alternative & found) / len(alternative))
    retrieved = sum(not character.isspace() for each in passages for character in each.text)
    return Overlap(len(wanted), len(wanted & found), retrieved)


@given(cases())
def test_intervals_count_as_sets_of_characters_do(case: tuple[Question, list[Passage]]) -> None:
    """Alternatives, unions, and passages that overlap, in documents with white space anywhere."""
    question, passages = case
    counted = overlap(question, passages)
    assert counted == naive_overlap(question, passages)
    assert 0 <= counted.intersection_over_union <= min(counted.recall, counted.precision) <= 1


@given(cases(), st.integers(0, 5))
def test_more_passages_find_no_less(case: tuple[Question, list[Passage]], kept: int) -> None:
    """Of a single piece; of several, another alternative may be chosen, whose characters are more."""
    question, passages = case
    single = replace(question, evidence=question.evidence[:1])
    assert overlap(single, passages[:kept]).recall <= overlap(single, passages).recall
