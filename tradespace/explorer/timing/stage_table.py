"""What many jobs take, as arrays, and what pipelines take that are made of them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from random import Random
from statistics import median
from typing import TypeVar

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.results import CallRounds, Conditions
from tradespace.explorer.running.bill import ServedSeconds
from tradespace.explorer.timing.call_tree import CallSeconds, end_to_end
from tradespace.explorer.timing.known_seconds import KnownSeconds
from tradespace.explorer.timing.stage_calls import CallGroup, StageRounds
from tradespace.explorer.timing.stage_jobs import FAILED, JobNumbers
from tradespace.explorer.timing.stage_seconds import PipelineSeconds, Seconds
from tradespace.explorer.timing.stopwatch import WorkItem

MEDIAN_ERROR, P95_ERROR = 0, 1
"""Columns of what models are off by."""
ASKED_AGAIN = 8
"""Further times that a provider is asked what it was asked several times."""
MICROSECONDS = 6
"""Digits behind the point to which those are kept."""
NOWHERE = np.zeros(0, dtype=np.intp)
ValueT = TypeVar("ValueT")


class StageTable:
    """What each job takes, worked out once for all pipelines that hold it.

    Args:
        known: what is known of the parts of jobs.
        rounds: the parts of each job, by its number.
        before: a table of earlier: what it knows of the same rounds holds on, unless more is known of parts by now.
    """

    def __init__(self, known: KnownSeconds, rounds: Sequence[StageRounds], before: StageTable | None = None) -> None:
        self._known, self._rounds = known, rounds
        same = (
            {id(each): number for number, each in enumerate(before._rounds)}
            if before and before._known == known
            else {}
        )
        self._seconds = np.full(len(rounds), math.nan)
        self._foretold = np.zeros(len(rounds))
        self._off = np.zeros((len(rounds), 2))
        for number, of_job in enumerate(rounds):
            if before and (earlier := same.get(id(of_job))) is not None:
                self._seconds[number] = before._seconds[earlier]
                self._foretold[number], self._off[number] = before._foretold[earlier], before._off[earlier]
            else:
                self._work_out(number, of_job)

    def pipeline_seconds(self, jobs: JobNumbers, whole: Sequence[WorkItem]) -> PipelineSeconds:
        """What the stages of one pipeline take, and the pipeline itself."""
        used = np.concatenate([NOWHERE, *(row[row != FAILED] for row in jobs.values())])
        total = float(np.nansum(self._seconds[used]))
        return PipelineSeconds(
            seconds={stage: _row(self._seconds, row) for stage, row in jobs.items()},
            conditions=self._conditions(jobs),
            end_to_end=tuple(self._measured(work) for work in whole),
            served={
                stage: [self._served[number] if number != FAILED else {} for number in row.tolist()]
                for stage, row in jobs.items()
            },
            server_calls=_by_stage(self._server_calls, jobs),
            repeats=_by_stage(self._repeats, jobs),
            counted={
                quantity: {stage: _row(counts, row, missing=None) for stage, row in jobs.items()}
                for quantity, counts in self._counted.items()
            },
            error=float(self._off[used, P95_ERROR].sum()) / total if total else 0.0,
        )

    def _work_out(self, number: int, rounds: StageRounds) -> None:
        known = [[(part, self._known.seconds(part)) for part in parts] for parts in rounds]
        for part, spent in chain.from_iterable(known):
            if spent and spent.predicted:
                model = self._known.models[part.alike]
                self._foretold[number] += spent.service
                self._off[number] += spent.service * np.array([model.median_error, model.p95_error])
        complete = [[spent for _, spent in parts if spent] for parts in known]
        if list(map(len, complete)) == list(map(len, rounds)):
            self._seconds[number] = end_to_end(complete).seconds

    def _measured(self, work: WorkItem) -> float | None:
        sampled = self._known.timed.get((work.key, work.question))
        return sampled.seconds if sampled else None

    @cached_property
    def _served(self) -> list[ServedSeconds]:
        """What servers of one's own take for each job."""
        return [self._served_seconds(rounds) for rounds in self._rounds]

    def _served_seconds(self, rounds: StageRounds) -> ServedSeconds:
        """Timed alone, or predicted by what was; a server that is gone keeps those that its calls took."""
        seconds: defaultdict[str, float] = defaultdict(float)
        for part in parts_of(rounds):
            if part.work and part.work.served:
                spent = self._known.seconds(part) or CallSeconds(math.nan)
                seconds[part.model] += spent.service
        return {model: worked for model, worked in seconds.items() if not math.isnan(worked)}

    @cached_property
    def _server_calls(self) -> dict[int, CallRounds]:
        """The calls of servers of one's own, by the number of the job that makes them; of those that are known."""
        calls = {
            number: tuple(filter(None, (self._calls_at_once(parts) for parts in rounds)))
            for number, rounds in enumerate(self._rounds)
        }
        return {number: made for number, made in calls.items() if made and np.isfinite(sum(map(sum, made)))}

    def _calls_at_once(self, parts: Sequence[CallGroup]) -> tuple[float, ...]:
        """What each call takes alone that a round makes of servers of one's own; NaN where that is not known.

        Calls that are answered together were timed together: each has the share that its size has by the model that
        foretells them, where there is one.
        """
        alone: list[float] = []
        for part in parts:
            if part.work and part.work.served:
                spent = self._known.seconds(part) or CallSeconds(math.nan)
                alone += [spent.service * share for share in self._shares(part)]
        return tuple(alone)

    def _shares(self, part: CallGroup) -> list[float]:
        """Seconds of each call of a group on its own, over those of the group."""
        model = self._known.models.get(part.alike)
        if len(part.calls) < 2 or part.size is None or model is None:
            return [1.0] * max(1, len(part.calls))
        together = model.seconds(part.size)
        return [model.seconds(size) / together if size and together else 1.0 for size in part.calls]

    @cached_property
    def _repeats(self) -> dict[int, tuple[float, ...]]:
        """What each job takes when it is asked again, by its number: of those with calls of which several times are
        known, taken as they were made."""
        several = (n for n, rounds in enumerate(self._rounds) if any(len(part.again) > 1 for part in parts_of(rounds)))
        return {number: self._asked_again(number) for number in several if not math.isnan(self._seconds[number])}

    def _asked_again(self, number: int) -> tuple[float, ...]:
        """Each call takes what it took at one of the times that are known. Which one is drawn by the job alone, so that
        all pipelines that hold it agree."""
        rounds = self._rounds[number]
        generator = Random(repr([(part.model, part.size) for part in parts_of(rounds)]))
        taken = ([[self._once_more(part, generator) for part in parts] for parts in rounds] for _ in range(ASKED_AGAIN))
        return tuple(round(end_to_end(once).seconds, MICROSECONDS) for once in taken)

    def _once_more(self, part: CallGroup, generator: Random) -> CallSeconds:
        return generator.choice(part.again) if part.again else self._known.seconds(part) or CallSeconds()

    @cached_property
    def _counted(self) -> dict[str, Floats]:
        """By quantity that is counted of any part: what each job takes of it, its parts parallel or not; NaN where that
        is not known."""
        quantities = dict.fromkeys(quantity for rates in self._known.rates.values() for quantity in rates)
        counts = {
            quantity: [[self._known.count(part, quantity) for part in parts_of(rounds)] for rounds in self._rounds]
            for quantity in quantities
        }
        return {
            quantity: np.array([sum(math.nan if one is None else one for one in row) for row in rows])
            for quantity, rows in counts.items()
        }

    @cached_property
    def _as_made(self) -> list[list[CallGroup]]:
        """The parts of each job whose seconds are those that they took as they were made."""
        return [[part for part in parts_of(rounds) if self._known.as_made(part)] for rounds in self._rounds]

    @cached_property
    def _keys(self) -> list[frozenset[str]]:
        return [frozenset(part.alike for part in parts_of(rounds)) for rounds in self._rounds]

    def _conditions(self, jobs: JobNumbers) -> Conditions:
        by_stage = {stage: np.unique(row[row != FAILED]) for stage, row in jobs.items()}
        used = [number for row in by_stage.values() for number in row.tolist()]
        keys = frozenset[str]().union(*(self._keys[number] for number in used))
        samples = [sampled for key in sorted(keys) for sampled in self._known.of_key.get(key, ())]
        drifts = [sampled.drift for sampled in samples if sampled.drift is not None]
        made = [part for number in used for part in self._as_made[number]]
        first_tokens = [each.first_token for each in (*samples, *made) if each.first_token is not None]
        companies = [part.concurrency for part in made]
        every = np.concatenate([NOWHERE, *(row[row != FAILED] for row in jobs.values())])
        foretold, off = float(self._foretold[every].sum()), self._off[every].sum(axis=0)
        return Conditions(
            works=len(samples),
            samples=sum(sampled.runs for sampled in samples),
            disturbed=sum(sampled.disturbed for sampled in samples),
            unsettled=sum(sampled.disturbed == sampled.runs for sampled in samples),
            drift=round(median(drifts), 3) if drifts else None,
            predicted=tuple(stage for stage, row in by_stage.items() if self._foretold[row].any()),
            median_error=float(off[MEDIAN_ERROR]) / foretold if foretold else None,
            p95_error=float(off[P95_ERROR]) / foretold if foretold else None,
            as_made=tuple(s for s, row in by_stage.items() if any(self._as_made[number] for number in row.tolist())),
            concurrency=max((company for company in companies if company is not None), default=None),
            served=sum(sampled.served for sampled in samples),
            cached=sum(sampled.cached for sampled in samples),
            streamed=len(first_tokens),
            first_token=median(first_tokens) if first_tokens else None,
        )


def parts_of(rounds: StageRounds) -> list[CallGroup]:
    """All parts of a job."""
    return [part for parts in rounds for part in parts]


def _by_stage(of_jobs: Mapping[int, ValueT], jobs: JobNumbers) -> dict[str, tuple[ValueT | None, ...]]:
    """What is known of the jobs of each stage, question by question; of those stages of which something is known."""
    rows = {stage: tuple(of_jobs.get(number) for number in row.tolist()) for stage, row in jobs.items()}
    return {stage: row for stage, row in rows.items() if any(value is not None for value in row)}


def _row(
    values: Floats, numbers: np.ndarray[tuple[int], np.dtype[np.intp]], missing: float | None = math.nan
) -> Seconds:
    """The values of jobs; `missing` where they are NaN, and None where the job failed."""
    taken = np.where(numbers == FAILED, math.inf, values[numbers]) if len(values) else np.full(len(numbers), math.inf)
    return tuple(None if value == math.inf else missing if math.isnan(value) else value for value in taken.tolist())
