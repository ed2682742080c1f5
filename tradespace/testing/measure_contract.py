"""What holds for every measure."""

from __future__ import annotations

from tradespace.evals.measures import Measure, Needs
from tradespace.types import Answer, Passage, Question, Ranking, ScoredPassage

BARE = Question("q", "Who led the Normans?")
"""A question of which nothing is known."""


def a_ranking(*documents: str) -> Ranking:
    """A passage of each document, best first."""
    return tuple(
        ScoredPassage(Passage(f"{document}[{place}]", document, "text"), -place)
        for place, document in enumerate(documents)
    )


class MeasureContract:
    """Inherit it; parametrize `measure`. Where another question or answer is needed, override what is no test."""

    def question(self, measure: Measure) -> Question:
        """A question that the measure applies to, with the gold document `d1`."""
        return Question("q", "Who led the Normans?", ("Rollo",), ("d1",))

    def best(self, measure: Measure) -> Answer:
        """The answer to it that is worth 1."""
        return Answer("Rollo", 0.0)

    def worst(self, measure: Measure) -> Answer:
        """The answer to it that is worth 0."""
        return Answer("Tesla", 0.0)

    def test_the_best_outcome_scores_one(self, measure: Measure) -> None:
        """The accepted answer and the gold document at the first place are worth 1."""
        scores = measure.score([self.question(measure)], [a_ranking("d1", "d2")], [self.best(measure)])
        assert scores == [1.0]

    def test_the_worst_outcome_scores_zero(self, measure: Measure) -> None:
        """A wrong answer and no passages at all are worth 0, which is not missing."""
        assert measure.score([self.question(measure)], [()], [self.worst(measure)]) == [0.0]

    def test_a_question_without_what_is_needed_has_no_score(self, measure: Measure) -> None:
        """Missing is missing: no answers or no gold documents give None, beside questions that have them."""
        question, best = self.question(measure), self.best(measure)
        assert measure.score([BARE, question], [a_ranking("d1")] * 2, [best] * 2) == [None, 1.0]
        assert [measure.applies_to(BARE), measure.applies_to(question)] == [False, True]

    def test_nothing_to_score_has_no_score(self, measure: Measure) -> None:
        """A pipeline that returned no ranking and no answer is missing, not wrong."""
        assert measure.score([self.question(measure)], [None], [None]) == [None]

    def test_no_questions_have_no_scores(self, measure: Measure) -> None:
        """Scoring nothing gives nothing."""
        assert measure.score([], [], []) == []

    def test_it_says_what_it_is_and_needs(self, measure: Measure) -> None:
        """Every measure is documented, and says what it needs of a question."""
        assert type(measure).__doc__
        assert measure.needs in Needs
