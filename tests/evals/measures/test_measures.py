"""What every measure keeps, whatever it measures."""

import pytest

from tradespace.errors import InputError
from tradespace.evals.measures import MEASURES, Measure, measure, measures
from tradespace.evals.measures.passages import PassageMeasure
from tradespace.testing.measure_contract import MeasureContract
from tradespace.types import Answer, Evidence, Passage, Question, Ranking, ScoredPassage

FORMS = {
    "answer_number": (Question("q", "3 + 4 = ?", ("7",)), "7"),
    "answer_choice": (Question("q", "Who?\nA)Rollo\nB)Tesla", ("A",)), "A"),
    "answer_yes_no": (Question("q", "Did Rollo lead the Normans?", ("yes",)), "yes"),
    "answer_expression": (Question("q", "1 2 3 4", ("= 24",)), "1 * 2 * 3 * 4"),
    "answer_code": (Question("q", "def one():\n", ("assert one() == 1",)), "    return 1"),
}
"""What is right for measures of answers that have a form."""
ROLLO = "Rollo led the Normans."
LED = Question("q", "Who led the Normans?", ("Rollo",), ("d1",), evidence=((Evidence("d1", ROLLO, 0, ROLLO),),))
"""What measures of passages apply to."""


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
class TestMeasures(MeasureContract):
    """The contract."""

    def question(self, measure: Measure) -> Question:
        if measure.name == "declined_rightly":
            return Question("q", "Who led the Saxons?", ("",))
        if isinstance(measure, PassageMeasure):
            return LED
        return FORMS[measure.name][0] if measure.name in FORMS else super().question(measure)

    def best(self, measure: Measure) -> Answer:
        if measure.name == "declined_rightly":
            return Answer("", 0.0)
        return Answer(FORMS[measure.name][1], 0.0) if measure.name in FORMS else super().best(measure)

    def worst(self, measure: Measure) -> Answer:
        return Answer("", 0.0) if measure.name in ("abstention_rate", "declined_wrongly") else super().worst(measure)

    def found(self, measure: Measure) -> Ranking:
        only = (ScoredPassage(Passage("d1", "d1", ROLLO), 0.0),)
        return only if isinstance(measure, PassageMeasure) else super().found(measure)


@pytest.mark.parametrize("each", MEASURES, ids=lambda each: each.name)
def test_a_measure_is_found_by_its_name(each: Measure) -> None:
    """Names are unique."""
    assert measure(each.name) is each


def test_names_are_the_ones_that_spaces_and_reports_use() -> None:
    """The public list of measures."""
    assert list(measures()) == [
        "answer_em",
        "answer_f1",
        "answer_contained",
        "answer_number",
        "answer_choice",
        "answer_yes_no",
        "answer_expression",
        "answer_code",
        "abstention_rate",
        "answered_em",
        "answered_f1",
        "answered_contained",
        "declined_rightly",
        "declined_wrongly",
        "gold_recall@1",
        "gold_recall@3",
        "gold_recall@5",
        "gold_recall@10",
        "gold_recall@20",
        "mrr",
        "ndcg@10",
        "evidence_recall",
        "evidence_precision",
        "evidence_iou",
        "answer_in_passages",
    ]


def test_an_unknown_measure_is_answered_with_the_nearest_name() -> None:
    """The error says what was given and what was probably meant."""
    with pytest.raises(InputError, match="'answer_f2'; did you mean 'answer_f1'"):
        measure("answer_f2")
