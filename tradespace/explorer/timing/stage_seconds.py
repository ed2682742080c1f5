"""From what was timed to seconds of stages per question: measured where possible, else predicted and marked."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from tradespace.evals.figures import figure_of
from tradespace.explorer.results import Conditions
from tradespace.explorer.running.bill import ServedSeconds
from tradespace.explorer.timing.call_tree import CallSeconds, end_to_end
from tradespace.explorer.timing.latency_model import ENOUGH, CallSize, LatencyModel, constant, fit
from tradespace.explorer.timing.quiet import Sampled
from tradespace.explorer.timing.stage_calls import CallGroup, StageRounds
from tradespace.explorer.timing.stopwatch import WorkItem

Seconds = tuple[float | None, ...]
"""One value for each timed question; None where it failed or was not reached."""
Stages = Mapping[str, Sequence[StageRounds | None]]
"""What each stage of a pipeline takes, by its name and question; None where it failed or was not reached."""


@dataclass(frozen=True, slots=True)
class PipelineSeconds:
    """What the stages of a pipeline took.

    Attributes:
        seconds: by online stage.
        conditions: how they were timed.
        end_to_end: of the whole pipeline; empty where it was not run.
        served: by online stage, for each timed question.
        counted: by quantity and online stage, what this machine counted; None where it did not, or not all of it.
    """

    seconds: Mapping[str, Seconds]
    conditions: Conditions
    end_to_end: Seconds = ()
    served: Mapping[str, Sequence[ServedSeconds]] = field(default_factory=dict)
    counted: Mapping[str, Mapping[str, Seconds]] = field(default_factory=dict)

    def figure(self, measure: str) -> tuple[float, float]:
        """A latency figure over all questions, such as `latency_p95`, and its relative standard error.

        The error is that of the models which foretell what was not timed: half of what they are off at the 95th
        percentile, on calls that they had not seen. What failed is infinitely slow. The figure is NaN, and its error
        infinite, while nothing is known of a stage.
        """
        rows = [[math.inf if value is None else value for value in row] for row in self.seconds.values()]
        total = np.array(rows, dtype=np.float64).sum(axis=0)
        value = float(figure_of(measure).summary.of(total[None])[0]) if total.size else math.nan
        return value, (math.inf if math.isnan(value) else (self.conditions.p95_error or 0.0) / 2)


class KnownSeconds:
    """What is known of all parts that are evaluated together: runs, and models fitted to them."""

    def __init__(self, parts: Iterable[CallGroup], sampled: Mapping[WorkItem, Sampled]) -> None:
        self._sampled = sampled
        timed: defaultdict[str, dict[CallGroup, tuple[CallSize, float]]] = defaultdict(dict)
        for part in parts:
            if part.load and (spent := self._measured(part)):
                timed[part.model][part] = part.load, spent.service
        self._models = {model: _fitted(list(of_model.values())) for model, of_model in timed.items()}

    def stage_seconds(self, stages: Stages, whole: Sequence[WorkItem]) -> PipelineSeconds:
        """What the stages of one pipeline took, and the pipeline itself."""
        spent = {stage: [self._spent(rounds) for rounds in row] for stage, row in stages.items()}
        seconds = {
            name: tuple(of_question.seconds if of_question else None for of_question in row)
            for name, row in spent.items()
        }
        predicted = tuple(
            name for name, row in spent.items() if any(of_question and of_question.predicted for of_question in row)
        )
        parts = {stage: [part for rounds in row for part in parts_of(rounds)] for stage, row in stages.items()}
        served = {stage: [self._served(rounds) for rounds in row] for stage, row in stages.items()}
        return PipelineSeconds(
            seconds, self._conditions(parts, predicted), self._row(whole), served, self._counted(stages)
        )

    def _served(self, rounds: StageRounds | None) -> ServedSeconds:
        """Timed alone, or predicted by what was; a server that is gone keeps those that its calls took."""
        seconds: defaultdict[str, float] = defaultdict(float)
        for part in parts_of(rounds):
            if part.work and part.work.served:
                spent = self._known(part)
                seconds[part.model] += spent.service if spent else math.nan
        return {model: worked for model, worked in seconds.items() if not math.isnan(worked)}

    def _known(self, part: CallGroup) -> CallSeconds | None:
        return self._measured(part) or self._predicted(part) or part.spent

    def _counted(self, stages: Stages) -> dict[str, dict[str, Seconds]]:
        """By quantity that is counted of any part: what each stage took of it, by question."""
        quantities = dict.fromkeys(quantity for sampled in self._sampled.values() for quantity in sampled.counted)
        return {
            quantity: {stage: tuple(self._sum(rounds, quantity) for rounds in row) for stage, row in stages.items()}
            for quantity in quantities
        }

    def _sum(self, rounds: StageRounds | None, quantity: str) -> float | None:
        """The total of a quantity over all parts of a stage, parallel or not; None where that is not known."""
        works = [part.work for part in parts_of(rounds)]
        counted = [self._sampled[work].counted.get(quantity) for work in works if work and work in self._sampled]
        known = [count for count in counted if count is not None]
        return sum(known) if rounds is not None and len(known) == len(works) else None

    def _spent(self, rounds: StageRounds | None) -> CallSeconds | None:
        if rounds is None:
            return None
        known: list[list[CallSeconds]] = []
        for parts in rounds:
            spent = [self._known(part) for part in parts]
            known.append([of_part for of_part in spent if of_part])
            if len(known[-1]) < len(parts):
                return None
        return end_to_end(known)

    def _measured(self, part: CallGroup) -> CallSeconds | None:
        if part.work:
            return CallSeconds(self._sampled[part.work].seconds) if part.work in self._sampled else None
        return part.spent

    def _is_as_made(self, part: CallGroup) -> bool:
        """Whether its seconds are those that it took as it was made."""
        return part.spent is not None and part.work not in self._sampled and not self._is_predicted(part)

    def _is_predicted(self, part: CallGroup) -> bool:
        return self._measured(part) is None and part.load is not None and part.model in self._models

    def _predicted(self, part: CallGroup) -> CallSeconds | None:
        if part.load is None or part.model not in self._models:
            return None
        return CallSeconds(self._models[part.model].seconds(part.load), predicted=True)

    def _row(self, works: Sequence[WorkItem]) -> Seconds:
        return tuple(self._sampled[work].seconds if work in self._sampled else None for work in works)

    def _conditions(self, by_stage: Mapping[str, Sequence[CallGroup]], predicted: tuple[str, ...]) -> Conditions:
        parts = [part for of_stage in by_stage.values() for part in of_stage]
        models = {part.model: self._models[part.model] for part in parts if self._is_predicted(part)}.values()
        samples = [self._sampled[part.work] for part in parts if part.work and part.work in self._sampled]
        as_made = [part for part in parts if self._is_as_made(part)]
        drifts = [sampled.drift for sampled in samples if sampled.drift is not None]
        return Conditions(
            samples=sum(sampled.runs for sampled in samples),
            disturbed=sum(sampled.disturbed for sampled in samples),
            unsettled=sum(sampled.disturbed == sampled.runs for sampled in samples),
            drift=round(median(drifts), 3) if drifts else None,
            predicted=predicted,
            median_error=max((model.median_error for model in models), default=None),
            p95_error=max((model.p95_error for model in models), default=None),
            as_made=tuple(name for name, of_stage in by_stage.items() if any(map(self._is_as_made, of_stage))),
            concurrency=max((part.concurrency for part in as_made if part.concurrency is not None), default=None),
            served=sum(sampled.served for sampled in samples),
            cached=sum(sampled.cached for sampled in samples),
        )


def parts_of(rounds: StageRounds | None) -> list[CallGroup]:
    """All parts of a stage."""
    return [part for parts in rounds or [] for part in parts]


def _fitted(timed: Sequence[tuple[CallSize, float]]) -> LatencyModel:
    loads, seconds = [load for load, _ in timed], [service for _, service in timed]
    return fit(loads, seconds) if len(timed) >= ENOUGH and min(seconds) > 0 else constant(seconds)
