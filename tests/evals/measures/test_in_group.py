"""A measure of one group of questions."""

from __future__ import annotations

import pytest

from tradespace.errors import InputError
from tradespace.evals import measure, score_table
from tradespace.evals.figures import figure_of
from tradespace.evals.measures import Measure
from tradespace.evals.measures.in_group import InGroup
from tradespace.testing.measure_contract import MeasureContract, a_ranking
from tradespace.types import Answer, Question

GERMAN = Question("1", "Wer führte die Normannen?", ("Rollo",), ("d1",), groups=(("language", "de"),))
ENGLISH = Question("2", "Who led the Normans?", ("Rollo",), ("d1",), groups=(("language", "en"), ("type", "who")))
NONE = Question("3", "When?", ("911",), ("d1",))


@pytest.mark.parametrize("measure", [measure("answer_f1[language=de]"), measure("mrr[language=de]")])
class TestGroupMeasures(MeasureContract):
    """The contract, for a group of a measure of answers and for one of passages."""

    def question(self, measure: Measure) -> Question:
        return GERMAN


def test_questions_of_other_groups_have_no_score() -> None:
    """Nor have those of none; what it needs of a question is what its measure needs."""
    german = measure("answer_f1[language=de]")
    assert isinstance(german, InGroup) and german.needs is measure("answer_f1").needs
    assert german.score([GERMAN, ENGLISH, NONE], [None] * 3, [Answer("Rollo", 0.0)] * 3) == [1.0, None, None]
    assert [german.applies_to(question) for question in (GERMAN, ENGLISH, NONE)] == [True, False, False]


def test_a_group_scores_what_its_measure_scores_failures_included() -> None:
    """In a table of several measures the column of a group is that of its measure, with gaps."""
    names = ("mrr[type=who]", "answer_f1", "answer_f1[language=en]", "mrr[language=de]")
    rankings, answers = [a_ranking("d2", "d1")] * 3, [Answer("Rollo", 0.0)] * 3
    table = score_table([measure(name) for name in names], [GERMAN, ENGLISH, NONE], rankings, answers, [1])
    assert table == {
        "mrr[type=who]": (None, 0.0, None),
        "answer_f1": (1.0, 0.0, 0.0),
        "answer_f1[language=en]": (None, 0.0, None),
        "mrr[language=de]": (0.5, None, None),
    }


def test_a_group_of_an_unknown_measure_is_unknown() -> None:
    """The measure is named, and the nearest to it."""
    with pytest.raises(InputError, match="no measure is called 'answer_f2'; did you mean 'answer_f1'"):
        measure("answer_f2[language=de]")


def test_a_group_is_named_in_words() -> None:
    """Behind the name of its measure."""
    assert figure_of("answer_f1[language=de]").wording.name == "answer F1 (language de)"
