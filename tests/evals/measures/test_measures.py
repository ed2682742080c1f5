"""What every measure keeps, whatever it measures."""

import pytest

from tradespace.errors import InputError
from tradespace.evals.measures import MEASURES, Measure, Needs, measure, measures
from tradespace.types import Answer, Passage, Question, Ranking, ScoredPassage

FULL = Question("q", "Who led the Normans?", ("Rollo",), ("d1",))
BARE = Question("q", "Who led the Normans?")
FORMS = {
    "answer_number": (Question("q", "3 + 4 = ?", ("7",)), "7"),
    "answer_choice": (Question("q", "Who?\nA)Rollo\nB)Tesla", ("A",)), "A"),
    "answer_yes_no": (Question("q", "Did Rollo lead the Normans?", ("yes",)), "yes"),
    "answer_expression": (Question("q", "1 2 3 4", ("= 24",)), "1 * 2 * 3 * 4"),
    "answer_code": (Question("q", "def one():\n", ("assert one() == 1",)), "    return 1"),
}
"""What is right for measures of answers that have a form."""


def ranking(*documents: str) -> Ranking:
    return tuple(
        ScoredPassage(Passage(f"{document}[{place}]", document, "text"), -place)
        for place, document in enumerate(documents)
    )


def best(each: Measure) -> tuple[Question, Answer]:
    """A question that a measure applies to, and its best answer."""
    question, right = FORMS.get(each.name, (FULL, "Rollo"))
    return question, Answer(right, 0.0)


@pytest.mark.parametrize("each", MEASURES, ids=lambda each: each.name)
class TestEveryMeasure:
    def test_the_best_outcome_scores_one(self, each: Measure) -> None:
        """The accepted answer and the gold document at the first place are worth 1."""
        question, right = best(each)
        assert each.score([question], [ranking("d1", "d2")], [right]) == [1.0]

    def test_the_worst_outcome_scores_zero(self, each: Measure) -> None:
        """A wrong answer and no passages at all are worth 0, which is not missing."""
        question, _ = best(each)
        assert each.score([question], [()], [Answer("Tesla", 0.0)]) == [0.0]

    def test_a_question_without_what_is_needed_has_no_score(self, each: Measure) -> None:
        """Missing is missing: no answers or no gold documents give None, beside questions that have them."""
        question, right = best(each)
        assert each.score([BARE, question], [ranking("d1")] * 2, [right] * 2) == [None, 1.0]
        assert [each.applies_to(BARE), each.applies_to(question)] == [False, True]

    def test_nothing_to_score_has_no_score(self, each: Measure) -> None:
        """A pipeline that returned no ranking and no answer is missing, not wrong."""
        assert each.score([FULL], [None], [None]) == [None]

    def test_no_questions_have_no_scores(self, each: Measure) -> None:
        """Scoring nothing gives nothing."""
        assert each.score([], [], []) == []

    def test_is_found_by_its_name_and_documented(self, each: Measure) -> None:
        """Names are unique, and every measure says what it is and needs."""
        assert measure(each.name) is each
        assert type(each).__doc__
        assert each.needs in Needs


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
        "gold_recall@1",
        "gold_recall@3",
        "gold_recall@5",
        "gold_recall@10",
        "gold_recall@20",
        "mrr",
        "ndcg@10",
    ]


def test_an_unknown_measure_is_answered_with_the_nearest_name() -> None:
    """The error says what was given and what was probably meant."""
    with pytest.raises(InputError, match="'answer_f2'; did you mean 'answer_f1'"):
        measure("answer_f2")
