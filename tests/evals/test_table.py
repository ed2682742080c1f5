from collections.abc import Sequence
from typing import ClassVar

import pytest

from tradespace.errors import MeasureError
from tradespace.evals import measures, score_table
from tradespace.evals.measures.base import AnswerMeasure, Measure, Needs
from tradespace.types import Answer, Passage, Question, Ranking, ScoredPassage

QUESTIONS = [
    Question("both", "?", ("Rollo",), ("d1",)),
    Question("answers only", "?", ("Rollo",)),
    Question("gold only", "?", (), ("d1",)),
]
FOUND: Ranking = (ScoredPassage(Passage("p", "d1", "text"), 1.0),)
ALL = list(measures().values())


def test_each_column_is_what_the_measure_alone_gives() -> None:
    """Scoring by all measures at once changes no score."""
    rankings, answers = [FOUND, (), FOUND], [Answer("Rollo", 0.0), Answer("", 0.0), None]
    table = score_table(ALL, QUESTIONS, rankings, answers)
    assert list(table) == [each.name for each in ALL]
    for each in ALL:
        assert table[each.name] == tuple(each.score(QUESTIONS, rankings, answers))


def test_a_failed_question_is_wrong_but_only_where_it_could_have_been_right() -> None:
    """Failures score 0, and stay missing for measures that the question cannot be scored by."""
    table = score_table(ALL, QUESTIONS, [None, None, None], [None, None, None], failed=[0, 1, 2])
    assert table["answer_f1"] == (0.0, 0.0, None)
    assert table["mrr"] == (0.0, None, 0.0)


def test_what_failed_late_counts_as_failed() -> None:
    """A ranking that was found before the reader failed earns nothing."""
    table = score_table(ALL, QUESTIONS[:1], [FOUND], [None], failed=[0])
    assert table["gold_recall@1"] == (0.0,)


def test_an_empty_answer_that_was_cut_off_is_no_abstention() -> None:
    """Where the right answer is that there is none, saying so is right, and running out of tokens is not."""
    asked = [Question("unanswerable", "?", ("",), ("d1",))] * 2
    table = score_table(ALL, asked, [FOUND] * 2, [Answer("", 0.0)] * 2, unfinished=[1])
    assert table["answer_em"] == (1.0, 0.0)
    assert table["gold_recall@1"] == (1.0, 1.0)


def test_sequences_of_different_length_are_refused() -> None:
    """A forgotten answer is an error, not a shorter table."""
    with pytest.raises(ValueError, match="each question has a ranking and an answer; given: 3, 3, 2"):
        score_table(ALL, QUESTIONS, [FOUND] * 3, [None] * 2)


@pytest.mark.parametrize("name", ["answer_f1", "mrr"])
def test_any_measure_may_stand_alone(name: str) -> None:
    """Without a ranking measure, or without any measure or question, there is a table all the same."""
    (each,) = (measure for measure in ALL if measure.name == name)
    answers = [Answer("Rollo", 0.0)] * 3
    assert score_table([each], QUESTIONS, [FOUND] * 3, answers) == {
        name: score_table(ALL, QUESTIONS, [FOUND] * 3, answers)[name]
    }
    assert score_table([], QUESTIONS, [FOUND] * 3, answers) == {}
    assert score_table([each], [], [], []) == {name: ()}


class Careless(AnswerMeasure):
    """A measure of somebody who did not read the protocol."""

    def grade(self, given: str, accepted: Sequence[str]) -> float:
        return {"Rollo": 1 / len(given[5:]) if given == "Rollo" else 0.0, "high": 2.0, "none": float("nan")}[given]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("Rollo", "the measure careless raised ZeroDivisionError: .* Mend it, and run the same command again"),
        ("other", "the measure careless raised KeyError"),
        ("high", "the measure careless must give scores from 0 to 1, or None; given: 2.0"),
        ("none", "the measure careless must give scores from 0 to 1, or None; given: nan"),
    ],
)
def test_what_a_measure_does_wrong_is_said_with_its_name(answer: str, message: str) -> None:
    """No score turns into another, and no number that is none is averaged."""
    with pytest.raises(MeasureError, match=message):
        score_table([Careless("careless")], QUESTIONS[:1], [FOUND], [Answer(answer, 0.0)])


class Short(Careless):
    """Forgets a question."""

    def score(self, questions: object, rankings: object, answers: object) -> list[float | None]:
        return [1.0]


def test_a_measure_scores_every_question() -> None:
    """Scores stand for questions by their places."""
    with pytest.raises(MeasureError, match="one score for each question; given: 1 score for 2 questions"):
        score_table([Short("short")], QUESTIONS[:2], [FOUND] * 2, [None] * 2)


class Found(Measure):
    """Whether anything was found: a measure of passages that is none of ir_measures."""

    needs: ClassVar[Needs] = Needs.GOLD

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return [float(bool(ranking)) for ranking in rankings]


def test_an_answer_that_was_cut_off_says_nothing_about_passages() -> None:
    """Whatever measures them."""
    table = score_table([Found("found")], QUESTIONS[2:], [FOUND], [Answer("", 0.0)], unfinished=[0])
    assert table["found"] == (1.0,)
