"""Scoring by calls that go through the ledger, and that are counted apart from those of pipelines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tradespace.components.base import Call
from tradespace.components.corpus import Corpus
from tradespace.evals.measures import Measure
from tradespace.evals.measures.calling import CallingMeasure
from tradespace.evals.measures.in_group import InGroup
from tradespace.explorer.running.bill import Bill
from tradespace.explorer.running.call_scorer import CallScorer
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import Trace
from tradespace.explorer.running.scoring import score_traces
from tradespace.search_space.sections import Prices
from tradespace.types import Failure, Outcome, Question


@dataclass(frozen=True)
class JudgingCalls:
    """Recorded calls that measures make: the budget counts them as all others, and apart besides."""

    recorded_calls: RecordedCalls

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Failure]:
        """Answer every call, in order.

        Raises:
            BudgetSpent: the calls still to be made exceed the budget; those made before that are stored.
            ModelUnavailableError: a model's server is down; what was answered before that is stored.
        """
        with self.recorded_calls.budget.judging():
            return self.recorded_calls.outcomes(calls, corpus)

    def count(self, asked: int) -> None:
        """Take note of calls that were asked for."""
        self.recorded_calls.count(asked)


def recorded_scorer(
    measures: Iterable[Measure], recorded_calls: RecordedCalls, prices: Prices | None = None
) -> CallScorer:
    """What scores by those of the measures that make calls."""
    nothing = recorded_calls.opened_components.nothing
    return CallScorer(calling(measures), JudgingCalls(recorded_calls), nothing, Bill(prices))


def calling(measures: Iterable[Measure]) -> list[CallingMeasure]:
    """Those of some measures that make calls, each once: one of a group is that of all questions."""
    alone = {one.name: one for one in (each.of if isinstance(each, InGroup) else each for each in measures)}
    return [measure for measure in alone.values() if isinstance(measure, CallingMeasure)]


def recorded_scores(
    measure: Measure, recorded_calls: RecordedCalls, questions: Sequence[Question], traces: Sequence[Trace]
) -> tuple[float | None, ...]:
    """What a pipeline scores by one measure, on each question.

    Raises:
        BudgetSpent: the measure's calls exceed the budget.
        MeasureError: the measure raised, or gave something else than a score.
        ModelUnavailableError: a model's server is down.
    """
    by_calls = recorded_scorer([measure], recorded_calls).score(questions, traces)
    recorded_calls.count(sum(score.calls for column in by_calls.values() for score in column if score is not None))
    return score_traces([measure], questions, traces, by_calls)[measure.name]
