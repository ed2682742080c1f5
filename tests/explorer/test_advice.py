"""What is chosen to begin with fits the questions and answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.data import Dataset, load_dataset
from tradespace.data.answers import answer_profile
from tradespace.errors import InputError
from tradespace.explorer.advice import advise
from tradespace.search_space.specification import Specification, load_text
from tradespace.search_space.starter import Choice, starter
from tradespace.types import Document, Question

TEXT = "Purchases may be returned within 30 days by whoever bought them, at the cost of the house, if whole."


def dataset(count: int = 200, answers: tuple[str, ...] = (), gold: tuple[str, ...] = ()) -> Dataset:
    questions = tuple(Question(str(number), f"What is {number}?", answers, gold) for number in range(count))
    return Dataset("own", (Document("d", TEXT), Document("e", "Something else.")), questions)


def chosen(data: Dataset) -> tuple[Choice, Specification]:
    """What is chosen, and the file that is written of it, which must be without faults."""
    choice = advise(data, answer_profile(data))
    return choice, load_text(starter("s", {"questions": "questions.csv", "documents": "documents"}, choice))


def test_short_answers_that_stand_in_documents_are_read_out() -> None:
    """By the reader, measured by F1; a cross-encoder finds them."""
    choice, specification = chosen(dataset(answers=("30 days",), gold=("d",)))
    assert [objective.measure for objective in specification.goals.objectives] == ["answer_f1", "latency_p95"]
    assert choice.generate == ("reader: {passages: [1, 3, 5]}",)
    assert choice.rerank == ("cross_encoder: {keep: [1, 3, 5]}",)
    assert any("100% stand in documents" in reason for reason in choice.reasons)


@pytest.mark.parametrize(("answer", "words"), [("days", "half have a single word"), ("30 days", "half have 2 words")])
def test_the_length_of_answers_is_said_in_words(answer: str, words: str) -> None:
    """One word is no plural."""
    choice, _ = chosen(dataset(answers=(answer,)))
    assert any(words in reason for reason in choice.reasons)


def test_long_answers_are_sentences() -> None:
    """A span of a few words would lose each of them."""
    choice, specification = chosen(dataset(answers=(TEXT,)))
    assert choice.generate[0].startswith("sentence:")
    assert specification.goals.objectives[0].measure == "answer_f1"
    assert any("half of the answers have 19 words or more" in reason for reason in choice.reasons)
    assert any("docs/scores.md" in reason for reason in choice.reasons)


def test_answers_that_stand_nowhere_are_said_to_need_a_model() -> None:
    """The share that stands is told."""
    choice, _ = chosen(dataset(answers=("not at all",)))
    assert any(
        "only 0% of the answers occur verbatim in their documents; a language model" in one for one in choice.reasons
    )


@pytest.mark.parametrize(
    ("answer", "measure"), [("yes", "answer_yes_no"), ("1,024", "answer_number"), ("B", "answer_choice")]
)
def test_answers_of_a_form_have_its_measure(answer: str, measure: str) -> None:
    """F1 would not find them in what a model writes around them."""
    assert chosen(dataset(answers=(answer,)))[1].goals.objectives[0].measure == measure


def test_gold_alone_is_retrieved_and_not_answered() -> None:
    """No stage generates, and the latency is split between the others."""
    _, specification = chosen(dataset(gold=("d",)))
    assert specification.goals.objectives[0].measure == "gold_recall@5"
    assert "generate" not in specification.space.stages
    assert specification.goals.sla
    assert specification.goals.sla.split == (("retrieve",), ("rerank",))


def test_nothing_known_is_refused() -> None:
    """Whatever were chosen, nobody could score it."""
    with pytest.raises(InputError, match="each needs `answers`, `gold` documents or `evidence`"):
        chosen(dataset())


@pytest.mark.parametrize(
    ("count", "explore", "confirm", "latency"),
    [
        (1000, 200, 200, "latency_p95"),
        (200, 100, 100, "latency_p95"),
        (100, 28, 72, "latency_p95"),
        (96, 24, 72, "latency_p95"),
        (95, 24, 71, "latency_p90"),
        (60, 24, 36, "latency_p90"),
        (40, 20, 20, "latency_p95"),
        (2, 1, 1, "latency_p95"),
        (1, 1, 0, "latency_p95"),
    ],
)
def test_as_many_are_confirmed_as_the_latency_needs(count: int, explore: int, confirm: int, latency: str) -> None:
    """72 bound a 95th percentile and 36 a 90th; where even those are missing, it is said."""
    choice, specification = chosen(dataset(count, answers=("30 days",)))
    assert (choice.explore, choice.confirm, choice.latency) == (explore, confirm, latency)
    assert specification.goals.sla
    assert specification.goals.sla.measure == latency
    assert any("72 must be confirmed" in reason for reason in choice.reasons) is (confirm < 72)


@given(st.integers(1, 2000))
def test_splits_never_ask_for_more_than_there_is(count: int) -> None:
    """Nor for nothing."""
    choice, _ = advise(dataset(count, answers=("30 days",)), answer_profile(dataset(1, answers=("30 days",)))), None
    assert choice.explore >= 1
    assert choice.explore + choice.confirm <= count


def test_the_bundled_questions_are_read_out() -> None:
    """Real answers: short, and all in the text that they were asked about."""
    data = load_dataset("wikipedia/xquad")
    profile = answer_profile(data)
    assert profile.standing == 1.0
    assert profile.words.median == 2
    assert advise(data, profile).generate == ("reader: {passages: [1, 3, 5]}",)
