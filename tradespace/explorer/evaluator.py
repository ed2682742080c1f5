"""From pipelines to evaluations: run them through the ledger, score what came out, time each stage on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.pipeline import Pipeline
from tradespace.evals.measures import Measure
from tradespace.evals.table import score_table
from tradespace.explorer.caller import Caller
from tradespace.explorer.results import Evaluation, Split
from tradespace.explorer.runner import Trace, run
from tradespace.explorer.stage_times import Seconds, StageSeconds, StageTimes
from tradespace.search_space.pipeline_yaml import pipeline_yaml
from tradespace.types import Question

Scores = Mapping[str, tuple[float | None, ...]]
"""Per measure, one value for each question."""


@dataclass(frozen=True)
class Evaluator:
    """Evaluates pipelines on the questions of one split.

    Attributes:
        questions: all of them are scored.
        times: the seconds of their stages, on some of the questions from the front.
        measures: what is scored, per question.
        usd_per_hour: what the host costs; None where that is unknown, and costs are missing.
    """

    caller: Caller
    split: Split
    questions: Sequence[Question]
    times: StageTimes
    measures: Sequence[Measure]
    usd_per_hour: float | None = None

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        """Run, score and time pipelines; evaluations come in their order.

        Raises:
            BudgetSpent: more calls are needed than the budget allows.
        """
        traces = run(self.caller, pipelines, [question.text for question in self.questions])
        timed = self.times.of_stages(traces)
        scores = self._scores([traces[pipeline] for pipeline in pipelines])
        return [
            self._evaluation(pipeline, traces[pipeline], timed[pipeline], of_pipeline)
            for pipeline, of_pipeline in zip(pipelines, scores, strict=True)
        ]

    def _evaluation(
        self, pipeline: Pipeline, traces: Sequence[Trace], timed: StageSeconds, scores: Scores
    ) -> Evaluation:
        return Evaluation(
            pipeline=str(pipeline),
            yaml=pipeline_yaml(pipeline),
            split=self.split,
            stages={str(role): repr(component) for role, component in pipeline.stages.items()},
            scores=scores,
            failures={place: trace.failure.message for place, trace in enumerate(traces) if trace.failure},
            usd=self._usd(timed.seconds),
            seconds=timed.seconds,
            conditions=timed.conditions,
        )

    def _usd(self, seconds: Mapping[str, Seconds]) -> tuple[float | None, ...]:
        """Dollars per timed question: what the host costs for as long as all stages take."""
        if self.usd_per_hour is None:
            return ()
        hourly = self.usd_per_hour
        rows = zip(*seconds.values(), strict=True)
        return tuple(
            None if any(one is None for one in row) else sum(one for one in row if one is not None) * hourly / 3600
            for row in rows
        )

    def _scores(self, traces: Sequence[Sequence[Trace]]) -> list[Scores]:
        """Every measure that has anything to say of these questions, for each pipeline's traces."""
        every = [trace for of_pipeline in traces for trace in of_pipeline]
        rankings = [None if trace.failure else trace.ranking for trace in every]
        answers = [None if trace.failure else trace.answer for trace in every]
        failed = [place for place, trace in enumerate(every) if trace.failure]
        table = score_table(self.measures, [*self.questions] * len(traces), rankings, answers, failed)
        width = len(self.questions)
        rows = [{name: row[at : at + width] for name, row in table.items()} for at in range(0, len(every), width)]
        return [{name: row for name, row in scores.items() if any(one is not None for one in row)} for scores in rows]
