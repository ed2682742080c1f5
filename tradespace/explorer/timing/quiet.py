"""Quiet timing: works take turns in random order, one at a time, until their figure is sure enough.

Turns hit all works alike when the machine drifts. Between them a calibration tells whether the machine was disturbed:
what was timed meanwhile is timed again, a few times at most. All runs are kept in the ledger, with their conditions.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from statistics import fmean, median

import numpy as np

from tradespace.evals.figures import METERS, figure_of
from tradespace.explorer.host import load
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import FIRST_TOKEN, Sample, Timing, first_token_of
from tradespace.explorer.storage.timing_keys import CALIBRATION
from tradespace.explorer.timing.calibration import Calibration
from tradespace.explorer.timing.call_sizes import Size, read_size, write_size
from tradespace.explorer.timing.latency_model import ENOUGH
from tradespace.explorer.timing.stopwatch import PromptCache, Run, WorkItem, run_once
from tradespace.garbage_collection import garbage_collection_paused
from tradespace.undisturbed import undisturbed

WARM_UP = 2
"""Untimed runs of each stage setting before its first: caches fill, threads start."""
SETTLED, SETTLING = 20, 1.0
"""Runs of the calibration that its first reference rests on, and the seconds that they may take: each follows work."""
TURN = 0.03
"""Seconds of work between two calibrations."""
DISTURBED = 0.15
"""A machine that is slower by more than this share than when quiet, or a run that lost more, is disturbed."""
TRIES = 3
"""How often a work is run in one round while the machine is disturbed."""
REPLICATES = 200


@dataclass(frozen=True, slots=True)
class Effort:
    """How much timing a figure is worth.

    Attributes:
        rounds: runs of each work that were not disturbed, at most; one is always tried.
        width: half the width of the figure's 95 % interval, as a share of it, that is narrow enough.
        seconds: after which no run is repeated, and no more work is begun that can be predicted.
        repeats: how many times as long as it took to time every work once may go into repeating, at most: on a machine
            that is never quiet nothing gets better by trying on.
    """

    rounds: int
    width: float = 0.05
    seconds: float = 60.0
    repeats: float = math.inf


@dataclass(frozen=True, slots=True)
class Sampled:
    """What is known of a work.

    Attributes:
        seconds: the median of the undisturbed runs; where there is none the fastest, as a disturbance only ever adds.
        runs, disturbed: how many there were, and how many of them were disturbed.
        drift: how many times slower than when quiet the machine was, in the median; None where that is not known.
        counted: what this machine counted in a run, by quantity, in the mean over those runs: a counter that moves on
            every millisecond is right for a shorter run in the mean only.
        size: what it asks of its component; None where that was not written down.
        first_token: seconds to the first piece of a streamed text, in the median; None where none was streamed.
        served, cached: how many runs asked a server, and how many of these its cache of prompts may have helped.
    """

    seconds: float
    runs: int
    disturbed: int
    drift: float | None
    served: int = 0
    cached: int = 0
    counted: Mapping[str, float] = field(default_factory=dict)
    size: Size | None = None
    first_token: float | None = None


SampledWorks = dict[tuple[str, str], Sampled]
"""What is known of works, by their key and question."""


def sampled(timings: Sequence[Timing]) -> Sampled:
    """Summarise all runs of one work."""
    undisturbed = [timing for timing in timings if not timing.conditions.get("disturbed")]
    quiet = [timing.seconds for timing in undisturbed]
    drifts = [float(timing.conditions["drift"]) for timing in timings if "drift" in timing.conditions]
    seconds = median(quiet) if quiet else min(timing.seconds for timing in timings)
    caches = [timing.conditions["cache"] for timing in timings if "cache" in timing.conditions]
    helped = len(caches) - caches.count(PromptCache.UNUSED)
    disturbed = len(timings) - len(quiet)
    drift = median(drifts) if drifts else None
    sizes = [str(timing.conditions["size"]) for timing in timings if "size" in timing.conditions]
    size = read_size(sizes[-1]) if sizes else None
    counted, first_token = _counted(undisturbed or timings), first_token_of(undisturbed or timings)
    return Sampled(seconds, len(timings), disturbed, drift, len(caches), helped, counted, size, first_token)


def _counted(timings: Sequence[Timing]) -> dict[str, float]:
    """The mean of what was counted in each run, of the quantities that were counted in all of them."""
    quantities = [meter.quantity for meter in METERS if all(meter.quantity in timing.conditions for timing in timings)]
    return {name: fmean(float(timing.conditions[name]) for timing in timings) for name in quantities}


def sampled_works(ledger: Ledger, host: str, keys: Iterable[str]) -> SampledWorks:
    """What the ledger knows on a host of all works that have one of some keys, whoever needed them."""
    timings: defaultdict[tuple[str, str], list[Timing]] = defaultdict(list)
    for timing in ledger.timings(set(keys), host):
        timings[timing.work, timing.question].append(timing)
    return {work: sampled(runs) for work, runs in timings.items()}


def known(ledger: Ledger, host: str, works: Sequence[WorkItem]) -> dict[WorkItem, Sampled]:
    """What the ledger knows of works on a host; those that were never timed there are left out."""
    timed = sampled_works(ledger, host, [work.key for work in works])
    return {work: timed[work.key, work.question] for work in works if (work.key, work.question) in timed}


def time_works(ledger: Ledger, host: str, works: Sequence[WorkItem], measure: str, effort: Effort) -> None:
    """Time all works that were never timed on this host, until `measure` of those with one key is sure enough.

    Work that raises gets no sample.
    """
    timed = known(ledger, host, works)
    if pending := [work for work in dict.fromkeys(works) if work not in timed]:
        with undisturbed():
            _Session(ledger, host, measure, effort).time(pending)


def timed_samples(
    known: Sequence[Timing], host: str, works: Sequence[WorkItem], measure: str, effort: Effort
) -> list[Sample]:
    """Time works as `time_works` does where their ledger is not at hand; what is known of the calibration is given."""
    ledger = open_ledger("memory://")
    ledger.record(known)
    time_works(ledger, host, works, measure, effort)
    return [sample for samples in ledger.samples() for sample in samples][len(known) :]


@dataclass
class _Session:
    ledger: Ledger
    host: str
    measure: str
    effort: Effort
    _calibration: Calibration = field(init=False)
    _end: float = field(init=False)
    _quiet: defaultdict[WorkItem, list[float]] = field(default_factory=lambda: defaultdict(list))
    _begun: Counter[str] = field(default_factory=Counter)
    _last: WorkItem | None = None
    _order: random.Random = field(default_factory=lambda: random.Random(0))

    def __post_init__(self) -> None:
        references = [timing.seconds for timing in self.ledger.timings([CALIBRATION], self.host)]
        self._calibration = Calibration(references)
        self._end = time.monotonic() + self.effort.seconds

    def time(self, works: Sequence[WorkItem]) -> None:
        """Round after round, until every figure is sure enough or the effort is spent."""
        with (
            garbage_collection_paused()
        ):  # an exploration's own objects are no part of what a served pipeline would collect
            self._warm_up(works)
            start = time.monotonic()
            disturbed = self._each_once(works)
            once = time.monotonic() - start
            self._end = min(self._end, start + once + self.effort.repeats * once)
            self._repeat(disturbed, TRIES - 1)
            for _ in range(1, self.effort.rounds):
                self._repeat(self._unsure(works), TRIES)
        self.ledger.record([Timing(self.host, CALIBRATION, "", self._calibration.reference, {"load": load()})])

    @property
    def _time_left(self) -> bool:
        return time.monotonic() < self._end

    def _warm_up(self, works: Sequence[WorkItem]) -> None:
        """Run each setting, and let the calibration see how fast the machine is when such work was done."""
        settings = list({work.key: work for work in works}.values())
        start = time.monotonic()
        for done, work in enumerate(cycle(settings)):
            settled = done >= SETTLED or time.monotonic() - start > SETTLING
            if done >= WARM_UP * len(settings) and settled:
                break
            run_once(work)
            self._last = work
            self._calibration.observe()

    def _repeat(self, works: Sequence[WorkItem], tries: int) -> None:
        """Time works that were disturbed or are unsure, until runs are quiet, the tries are used or time is up."""
        for _ in range(tries):
            if works and self._time_left:
                works = self._each_once(works)

    def _each_once(self, works: Sequence[WorkItem]) -> list[WorkItem]:
        """Time each work once, and return those whose runs were disturbed."""
        again: list[WorkItem] = []
        shuffled = self._order.sample(works, len(works))
        if shuffled[0] == self._last:  # a server may still hold the prompt that it read last
            shuffled.append(shuffled.pop(0))
        self._last = shuffled[-1]
        before = self._calibration.drift()
        for turn in _turns(self._possible(shuffled)):
            after = self._calibration.drift()
            again += self._keep(turn, max(before, after))
            before = after
        return again

    def _possible(self, works: Iterable[WorkItem]) -> Iterator[WorkItem]:
        """The works that there is time for, and as many with each key as predicting the others needs."""
        for work in works:
            if work.size is None or self._begun[work.key] < ENOUGH or self._time_left:
                self._begun[work.key] += 1
                yield work

    def _keep(self, turn: Sequence[tuple[WorkItem, Run]], drift: float) -> list[WorkItem]:
        """Record the runs of a turn, and return the works that were disturbed."""
        quiet = {work: drift <= 1 + DISTURBED and run.lost <= DISTURBED for work, run in turn}
        now = {"batch": 1, "concurrency": 1, "load": load(), "drift": round(drift, 3)}
        self.ledger.record(
            [
                Timing(self.host, work.key, work.question, run.seconds, {**now, **_conditions(work, run, quiet[work])})
                for work, run in turn
            ]
        )
        for work, run in turn:
            if quiet[work]:
                self._quiet[work].append(run.seconds)
        return [work for work, undisturbed in quiet.items() if not undisturbed]

    def _unsure(self, works: Sequence[WorkItem]) -> list[WorkItem]:
        """The works of settings whose figure is not sure enough yet."""
        settings: defaultdict[str, list[WorkItem]] = defaultdict(list)
        for work in works:
            settings[work.key].append(work)
        return [
            work
            for same in settings.values()
            if relative_half_width([self._quiet[work] for work in same], self.measure) > self.effort.width
            for work in same
        ]


def _conditions(work: WorkItem, run: Run, undisturbed: bool) -> dict[str, float | int | str]:
    cache = {} if run.cache is None else {"cache": str(run.cache)}
    size = {} if work.size is None else {"size": write_size(work.size)}
    first = {} if run.first_token is None else {FIRST_TOKEN: run.first_token}
    return {"lost": round(run.lost, 3), "disturbed": int(not undisturbed), **cache, **size, **first, **run.counted}


def relative_half_width(runs: Sequence[Sequence[float]], measure: str) -> float:
    """How unsure a figure over questions is because each question's runs scatter: half of its 95 % interval over it.

    Scatter is taken to be a share of a question's median, alike for all questions of one stage setting, and pooled;
    the figure is then redrawn with it (a smoothed bootstrap). Infinite where too few questions were timed twice.

    Args:
        runs: seconds of each run, by question.
        measure: the figure, such as "latency_p95".
    """
    medians = np.array([median(of_question) for of_question in runs if of_question])
    repeated = [np.array(of_question) for of_question in runs if len(of_question) > 1]
    if not repeated:
        return math.inf
    # Runs scatter less about their own median than about the true one.
    scatter = np.concatenate(
        [np.log(seconds / np.median(seconds)) * math.sqrt(len(seconds) / (len(seconds) - 1)) for seconds in repeated]
    )
    count = min(len(of_question) for of_question in runs if of_question)
    drawn = np.random.default_rng(0).choice(scatter, size=(REPLICATES, len(medians), count))
    figures = figure_of(measure).summary.of(medians * np.exp(np.median(drawn, axis=2)))
    low, middle, high = np.quantile(figures, [0.025, 0.5, 0.975])
    return float((high - low) / 2 / middle)


def _turns(works: Iterable[WorkItem]) -> Iterator[list[tuple[WorkItem, Run]]]:
    """Run works, and pause for a calibration every now and then. Those that raise are left out."""
    turn: list[tuple[WorkItem, Run]] = []
    for work in works:
        if run := run_once(work):
            turn.append((work, run))
        if sum(run.seconds for _, run in turn) > TURN:
            yield turn
            turn = []
    if turn:
        yield turn
