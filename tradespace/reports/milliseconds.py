"""Where the milliseconds of a pipeline go, stage by stage: as predicted from stages that were timed alone, and as
measured from end to end."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tradespace.evals.statistics import quantile_of
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.reports.info import thinned
from tradespace.reports.table import never_timed

BARS = 16
"""Pipelines that are shown at most."""


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Seconds that one stage of a pipeline, or all of them, take by themselves: mean, median and 95th percentile over
    questions; the mean over those that did not fail, the others over all."""

    mean: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class PipelineTimes:
    """Where the time of one pipeline goes.

    Attributes:
        question_set: the questions that all of it is of.
        stages: by name, as composed from calls that were timed alone.
        predicted: the same of all stages together, of each question's sum.
        measured: median and 95th percentile as the pipeline was run from end to end; None where it was not.
        total: the judged latency of the pipeline, as it is quoted everywhere; None where it is not finite.
    """

    pipeline: str
    question_set: QuestionSet
    stages: Mapping[str, StageTimes]
    predicted: StageTimes
    measured: tuple[float, float] | None
    total: float | None


@dataclass(frozen=True, slots=True)
class MillisecondsInfo:
    """Where the time goes: mean seconds of each stage by pipeline, over the questions that did not fail.

    Means add up over stages, as quantiles do not. `totals` are the judged latency figures of whole pipelines, those of
    finalists on the questions that they are judged by: a pipeline stands here where it stands in the answer. `times`
    has the same with medians and percentiles.
    """

    latency: str
    bound: float | None
    times: tuple[PipelineTimes, ...]
    left_out: int

    @property
    def pipelines(self) -> tuple[str, ...]:
        """Fastest first."""
        return tuple(each.pipeline for each in self.times)

    @property
    def stages(self) -> Mapping[str, tuple[float, ...]]:
        """The mean seconds of each stage, one for each pipeline; 0 where a pipeline does not have it."""
        names = dict.fromkeys(stage for each in self.times for stage in each.stages)
        return {
            name: tuple(each.stages[name].mean if name in each.stages else 0.0 for each in self.times) for name in names
        }

    @property
    def totals(self) -> tuple[float | None, ...]:
        """The judged latency of each pipeline."""
        return tuple(each.total for each in self.times)


def milliseconds_info(conclusion: Conclusion) -> MillisecondsInfo:
    """Break the latency of the frontier pipelines and the recommended one down by stage, fastest first."""
    chosen = conclusion.recommended.evaluation.pipeline if conclusion.recommended else None
    finalists = {finalist.evaluation.pipeline: finalist for finalist in conclusion.finalists}
    points = [point for point in conclusion.points if point.on_frontier or point.evaluation.pipeline == chosen]
    timed = [point for point in points if point.evaluation.seconds and not never_timed(point.evaluation)]
    others = thinned([point for point in timed if point.evaluation.pipeline != chosen], BARS - 1)
    shown = [point for point in timed if point.evaluation.pipeline == chosen or point in others]
    times = [_pipeline_times(point, finalists.get(point.evaluation.pipeline), conclusion.latency) for point in shown]
    return MillisecondsInfo(
        latency=conclusion.latency,
        bound=conclusion.sla.seconds if conclusion.sla else None,
        times=tuple(sorted(times, key=lambda each: math.inf if each.total is None else each.total)),
        left_out=len(timed) - len(shown),
    )


def _pipeline_times(point: Point, finalist: Finalist | None, latency: str) -> PipelineTimes:
    """Of the questions that a finalist is judged by, where it was timed on them; else of the explore questions."""
    judged = finalist if finalist and finalist.evaluation.seconds and not never_timed(finalist.evaluation) else None
    evaluation = judged.evaluation if judged else point.evaluation
    estimate = judged.estimates.get(latency) if judged else None
    total = estimate.value if estimate else point.figures[latency]
    run = judged.measured if judged else {}
    return PipelineTimes(
        evaluation.pipeline,
        evaluation.question_set,
        {stage: _stage_times(evaluation, (stage,)) for stage in evaluation.seconds},
        _stage_times(evaluation, tuple(evaluation.seconds)),
        (run["latency_p50"], run["latency_p95"]) if run else None,
        total if total is not None and math.isfinite(total) else None,
    )


def _stage_times(evaluation: Evaluation, stages: tuple[str, ...]) -> StageTimes:
    seconds = Cohort((evaluation,)).stage_seconds(stages)
    finished = seconds[np.isfinite(seconds)]
    p50, p95 = (float(quantile_of(seconds, share)[0]) for share in (0.5, 0.95))
    return StageTimes(float(finished.mean()) if finished.size else 0.0, p50, p95)
