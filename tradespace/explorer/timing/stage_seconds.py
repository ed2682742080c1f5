"""From what was timed to seconds of stages per question: measured where possible, else foretold by what was."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from zlib import crc32

import numpy as np

from tradespace.evals.figures import figure_of
from tradespace.explorer.results import Conditions
from tradespace.explorer.running.bill import ServedSeconds
from tradespace.explorer.timing.call_sizes import Size
from tradespace.explorer.timing.call_tree import CallSeconds, end_to_end
from tradespace.explorer.timing.latency_model import ENOUGH, LatencyModel, constant, fit
from tradespace.explorer.timing.quiet import Sampled, SampledWorks
from tradespace.explorer.timing.stage_calls import CallGroup, StageRounds
from tradespace.explorer.timing.stopwatch import WorkItem

FIGURE_RESAMPLES = 200
"""Resamples of the questions from which it is told how sure a figure is while others stand for them."""
Seconds = tuple[float | None, ...]
"""One value for each question; None where it failed or was not reached, or where nobody knows."""
Stages = Mapping[str, Sequence[StageRounds | None]]
"""What each stage of a pipeline takes, by its name and question; None where it failed or was not reached."""


@dataclass(frozen=True, slots=True)
class PipelineSeconds:
    """What the stages of a pipeline took, or would take.

    Attributes:
        seconds: by online stage; NaN where a stage that was not run is not known.
        conditions: how they were timed.
        end_to_end: of the whole pipeline on the first questions; empty where it was not run.
        served: by online stage, for each question.
        counted: by quantity and online stage, what this machine counted, or would count by what it counted of other
            calls of the same component; None where it counts none.
        error: by what share of all its seconds the models that foretell some of them are off, at the 95th percentile.
        borrowed: how many questions have seconds of other questions, as their own calls are not made yet.
    """

    seconds: Mapping[str, Seconds]
    conditions: Conditions
    end_to_end: Seconds = ()
    served: Mapping[str, Sequence[ServedSeconds]] = field(default_factory=dict)
    counted: Mapping[str, Mapping[str, Seconds]] = field(default_factory=dict)
    error: float = 0.0
    borrowed: int = 0

    def figure(self, measure: str) -> tuple[float, float]:
        """A latency figure over all questions, such as `latency_p95`, and its relative standard error.

        The error is that of the models which foretell what was not timed (half of what they are off at the 95th
        percentile, on calls kept from them), and that of the questions which stand for others. What failed is
        infinitely slow. The figure is NaN, and its error infinite, while nothing is known of a stage.
        """
        rows = [[math.inf if value is None else value for value in row] for row in self.seconds.values()]
        total = np.array(rows, dtype=np.float64).sum(axis=0)
        summary, known = figure_of(measure).summary, total[~np.isnan(total)]
        if not len(known):
            return math.nan, math.inf
        value, model = float(summary.of(known)), self.error / 2
        unknown = max(self.borrowed, len(total) - len(known)) / len(total)
        if not unknown or not math.isfinite(value):
            return value, model
        drawn = np.random.default_rng(0).choice(known, size=(FIGURE_RESAMPLES, len(known)))
        return value, math.hypot(model, math.sqrt(unknown) * float(np.std(summary.of(drawn))) / value)


@dataclass(frozen=True, slots=True)
class _StageSeconds:
    """One stage on one question: its seconds, and those of them that each model foretold, by what its calls share."""

    spent: CallSeconds | None
    foretold: Mapping[str, float]


class KnownSeconds:
    """What is known of all parts that are evaluated together: runs, and models fitted to them."""

    def __init__(self, parts: Iterable[CallGroup], timed: SampledWorks) -> None:
        self._timed = timed
        self._of_key: defaultdict[str, list[Sampled]] = defaultdict(list)
        for (key, _), sampled in timed.items():
            self._of_key[key].append(sampled)
        self._models = {alike: _fitted(sizes, seconds) for alike, (sizes, seconds) in self._samples(parts).items()}
        self._rates = {key: _rates(samples) for key, samples in self._of_key.items()}
        self._stages: dict[int, _StageSeconds] = {}

    def _samples(self, parts: Iterable[CallGroup]) -> dict[str, tuple[list[Size], list[float]]]:
        """Sizes and seconds of what each model is fitted to: works by their key, calls that were timed as they were
        made by their component."""
        known: defaultdict[str, dict[object, tuple[Size, float]]] = defaultdict(dict)
        for work, sampled in self._timed.items():
            if sampled.size is not None:
                known[work[0]][work] = sampled.size, sampled.seconds
        for part in parts:
            if part.size is not None and (spent := self._measured(part)):
                address: object = (part.work.key, part.work.question) if part.work else part
                known[part.alike].setdefault(address, (part.size, spent.service))
        return {
            alike: ([size for size, _ in some.values()], [seconds for _, seconds in some.values()])
            for alike, some in known.items()
        }

    def stage_seconds(self, stages: Stages, whole: Sequence[WorkItem]) -> PipelineSeconds:
        """What the stages of one pipeline take, and the pipeline itself."""
        known = {
            stage: [None if rounds is None else self._stage(rounds) for rounds in row] for stage, row in stages.items()
        }
        seconds = {
            stage: tuple(None if of_question is None else _seconds(of_question.spent) for of_question in row)
            for stage, row in known.items()
        }
        served = {stage: [self._served(rounds) for rounds in row] for stage, row in stages.items()}
        foretold = _added(of_question.foretold for row in known.values() for of_question in row if of_question)
        return PipelineSeconds(
            seconds,
            self._conditions(stages, known, foretold),
            self._row(whole),
            served,
            self._counted(stages),
            self._error(foretold, seconds),
        )

    def _error(self, foretold: Mapping[str, float], seconds: Mapping[str, Seconds]) -> float:
        off = sum(some * self._models[alike].p95_error for alike, some in foretold.items())
        total = sum(value for row in seconds.values() for value in row if value is not None and not math.isnan(value))
        return off / total if total else 0.0

    def _stage(self, rounds: StageRounds) -> _StageSeconds:
        """Worked out once for all pipelines that hold the same rounds."""
        if id(rounds) not in self._stages:
            foretold: defaultdict[str, float] = defaultdict(float)
            known: list[list[CallSeconds | None]] = []
            for parts in rounds:
                known.append([self._known(part) for part in parts])
                for part, spent in zip(parts, known[-1], strict=True):
                    if spent and spent.predicted:
                        foretold[part.alike] += spent.service
            complete = [[spent for spent in parts if spent] for parts in known]
            spent = end_to_end(complete) if complete == known else None
            self._stages[id(rounds)] = _StageSeconds(spent, foretold)
        return self._stages[id(rounds)]

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
        quantities = dict.fromkeys(quantity for rates in self._rates.values() for quantity in rates)
        return {
            quantity: {stage: tuple(self._sum(rounds, quantity) for rounds in row) for stage, row in stages.items()}
            for quantity in quantities
        }

    def _sum(self, rounds: StageRounds | None, quantity: str) -> float | None:
        """The total of a quantity over all parts of a stage, parallel or not; None where that is not known."""
        counted = [self._count(part, quantity) for part in parts_of(rounds)]
        known = [count for count in counted if count is not None]
        return sum(known) if rounds is not None and len(known) == len(counted) else None

    def _count(self, part: CallGroup, quantity: str) -> float | None:
        """What was counted of a part; where it was not timed, at the rate of what was."""
        if part.work is None or (spent := self._known(part)) is None:
            return None
        sampled = self._timed.get((part.work.key, part.work.question))
        if sampled is not None:
            return sampled.counted.get(quantity)
        rate = self._rates.get(part.work.key, {}).get(quantity)
        return None if rate is None else rate * spent.service

    def _measured(self, part: CallGroup) -> CallSeconds | None:
        if part.work:
            sampled = self._timed.get((part.work.key, part.work.question))
            return CallSeconds(sampled.seconds) if sampled else None
        return part.spent

    def _is_as_made(self, part: CallGroup) -> bool:
        """Whether its seconds are those that it took as it was made."""
        return part.spent is not None and (part.work is None or (self._known(part) is part.spent))

    def _predicted(self, part: CallGroup) -> CallSeconds | None:
        """What its model says, times what the model was off by on one of the calls that it was fitted to: which one is
        drawn by the part alone, so that all pipelines that hold it agree."""
        if part.size is None or part.alike not in self._models:
            return None
        model = self._models[part.alike]
        address = f"{part.work.key} {part.work.question}" if part.work else f"{part.model} {part.size}"
        ratio = model.ratios[crc32(address.encode()) % len(model.ratios)]
        return CallSeconds(model.seconds(part.size) * ratio, predicted=True)

    def _row(self, works: Sequence[WorkItem]) -> Seconds:
        timed = [self._timed.get((work.key, work.question)) for work in works]
        return tuple(sampled.seconds if sampled else None for sampled in timed)

    def _conditions(
        self, stages: Stages, known: Mapping[str, Sequence[_StageSeconds | None]], foretold: Mapping[str, float]
    ) -> Conditions:
        by_stage = {stage: [part for rounds in row for part in parts_of(rounds)] for stage, row in stages.items()}
        keys = dict.fromkeys(part.alike for parts in by_stage.values() for part in parts)
        samples = [sampled for key in keys for sampled in self._of_key.get(key, ())]
        as_made = {stage: [part for part in parts if self._is_as_made(part)] for stage, parts in by_stage.items()}
        drifts = [sampled.drift for sampled in samples if sampled.drift is not None]
        companies = [part.concurrency for parts in as_made.values() for part in parts if part.concurrency is not None]
        return Conditions(
            works=len(samples),
            samples=sum(sampled.runs for sampled in samples),
            disturbed=sum(sampled.disturbed for sampled in samples),
            unsettled=sum(sampled.disturbed == sampled.runs for sampled in samples),
            drift=round(median(drifts), 3) if drifts else None,
            predicted=tuple(stage for stage, row in known.items() if any(each and each.foretold for each in row)),
            median_error=_weighted(foretold, {alike: self._models[alike].median_error for alike in foretold}),
            p95_error=_weighted(foretold, {alike: self._models[alike].p95_error for alike in foretold}),
            as_made=tuple(stage for stage, parts in as_made.items() if parts),
            concurrency=max(companies, default=None),
            served=sum(sampled.served for sampled in samples),
            cached=sum(sampled.cached for sampled in samples),
        )


def parts_of(rounds: StageRounds | None) -> list[CallGroup]:
    """All parts of a stage."""
    return [part for parts in rounds or [] for part in parts]


def _seconds(spent: CallSeconds | None) -> float:
    return math.nan if spent is None else spent.seconds


def _weighted(foretold: Mapping[str, float], errors: Mapping[str, float]) -> float | None:
    """How far models are off together, each by the seconds that it foretells; None where none foretells any."""
    total = sum(foretold.values())
    return sum(seconds * errors[alike] for alike, seconds in foretold.items()) / total if total else None


def _added(rows: Iterator[Mapping[str, float]]) -> dict[str, float]:
    total: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        for name, value in row.items():
            total[name] += value
    return total


def _fitted(sizes: Sequence[Size], seconds: Sequence[float]) -> LatencyModel:
    return fit(sizes, seconds) if len(sizes) >= ENOUGH and min(seconds) > 0 else constant(seconds)


def _rates(samples: Sequence[Sampled]) -> dict[str, float]:
    """What works take of each quantity in a second, of the quantities that were counted of all of them."""
    seconds = sum(sampled.seconds for sampled in samples)
    return {
        quantity: sum(sampled.counted.get(quantity, math.nan) for sampled in samples) / seconds
        for quantity in dict.fromkeys(quantity for sampled in samples for quantity in sampled.counted)
        if seconds and all(quantity in sampled.counted for sampled in samples)
    }
