"""What holds for every measure."""

from __future__ import annotations

import pytest

from tradespace.evals.measures import Measure, Needs
from tradespace.types import Answer, Passage, Question, Ranking, ScoredPassage


def a_ranking(*documents: str) -> Ranking:
    """A passage of each document, best first."""
    return tuple(
        ScoredPassage(Passage(f"{document}[{place}]", document, "text"), -place)
        for place, document in enumerate(documents)
    )


class MeasureContract:
    """Inherit it; parametrize `measure`. Where another question or answer is needed, override what is no test."""

    def bare(self, measure: Measure) -> Question:
        """A question that the measure cannot score: nothing is known of it, or not even what is asked."""
        return Question("q", "" if measure.needs is Needs.TEXT else "Who led the Normans?")

    def question(self, measure: Measure) -> Question:
        """A question that the measure applies to, with the gold document `d1`."""
        return Question("q", "Who led the Normans?", ("Rollo",), ("d1",))

    def best(self, measure: Measure) -> Answer:
        """The answer to it that is as good as can be."""
        return Answer("Rollo", 0.0)

    def worst(self, measure: Measure) -> Answer:
        """The answer to it that is as bad as can be."""
        return Answer("Tesla", 0.0)

    def found(self, measure: Measure) -> Ranking:
        """The passages that are the best there are to it."""
        return a_ranking("d1", "d2")

    def test_the_best_outcome_scores_best(self, measure: Measure) -> None:
        """The accepted answer, or the gold document at the first place, are worth 1, or 0 where less is better."""
        scores = measure.score([self.question(measure)], [self.found(measure)], [self.best(measure)])
        assert scores == pytest.approx([1 - measure.worst], abs=1e-6)

    def test_the_worst_outcome_scores_worst(self, measure: Measure) -> None:
        """A wrong answer and no passages at all have a score, the worst there is: it is not missing."""
        assert measure.score([self.question(measure)], [()], [self.worst(measure)]) == [measure.worst]

    def test_a_question_without_what_is_needed_has_no_score(self, measure: Measure) -> None:
        """Missing is missing: no answers, gold documents or evidence give None, beside questions that have them."""
        bare, question, best = self.bare(measure), self.question(measure), self.best(measure)
        missing, score = measure.score([bare, question], [self.found(measure)] * 2, [best] * 2)
        assert missing is None
        assert score == pytest.approx(1 - measure.worst, abs=1e-6)
        assert [measure.applies_to(bare), measure.applies_to(question)] == [False, True]

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
