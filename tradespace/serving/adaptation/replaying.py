"""A trace replayed in simulation: a policy decides every few seconds, and what came of it is written down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.stations import OfferedRequests
from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.forecasts import ExpectedLoad, LoadForecast
from tradespace.serving.adaptation.forecasts.base import burstiness, rates
from tradespace.serving.adaptation.menu import Menu, Option, Variant
from tradespace.serving.adaptation.policies import AdaptationPolicy, Situation
from tradespace.serving.adaptation.service import SimulatedService

USUAL_INTERVAL = 10
"""Seconds between decisions, as in the evaluation of IPA."""


@dataclass(frozen=True, slots=True)
class ReplayOutcome:
    """What came of requests.

    Attributes:
        requests: that came.
        accuracy: mean accuracy of the pipelines that they were given; None where none came.
        attained: the share of them that was answered within the bound; None where none came.
        in_time: mean accuracy where an answer beyond the bound is worth nothing; None where none came.
        replicas: that existed, in the mean over the time, those that started up included.
        usd_per_hour: of these.
    """

    requests: int
    accuracy: float | None
    attained: float | None
    in_time: float | None
    replicas: float
    usd_per_hour: float


@dataclass(frozen=True, slots=True)
class ReplayedInterval:
    """One decision, and what came of the requests of its interval.

    Attributes:
        start: seconds from the beginning of the trace.
        seconds: until the next decision, or the end.
        expected: the load that was foretold.
        option: what was chosen.
        switched: whether that is another option than before.
    """

    start: int
    seconds: int
    expected: ExpectedLoad
    option: Option
    switched: bool
    outcome: ReplayOutcome


@dataclass(frozen=True, slots=True)
class ReplayedTrace:
    """What came of a policy on a trace, over all and by interval.

    Attributes:
        slowest: seconds from a request to its answer, at most.
    """

    outcome: ReplayOutcome
    intervals: tuple[ReplayedInterval, ...]
    slowest: float

    @property
    def switches(self) -> int:
        """How often the option changed."""
        return sum(interval.switched for interval in self.intervals)


def counts_by_second(arrivals: Floats) -> Floats:
    """How many requests came in each second, up to the last one."""
    return np.bincount(arrivals.astype(np.intp)).astype(np.float64)


def peak_of(counts: Floats, interval: int) -> ExpectedLoad:
    """The load of the busiest interval, and how bursty the trace is at its end."""
    return ExpectedLoad(float(rates(counts, interval).max()), float(counts.max()), burstiness(counts))


def replay_trace(
    menu: Menu,
    policy: AdaptationPolicy,
    forecast: LoadForecast,
    offered: OfferedRequests,
    interval: int = USUAL_INTERVAL,
) -> ReplayedTrace:
    """Serve requests in simulation while a policy adapts.

    The first option is for the peak: nothing has come yet that more could be concluded from. A new option holds at once
    for pipelines and batches; its new replicas answer `menu.startup` seconds later.

    Args:
        menu: what may be chosen.
        policy: chooses.
        forecast: foretells the load from the requests so far.
        offered: the requests; their questions are rows of the variants' seconds.
        interval: seconds between decisions.
    """
    return _Replaying(menu, policy, forecast, offered, interval).replayed()


class _Replaying:
    def __init__(
        self, menu: Menu, policy: AdaptationPolicy, forecast: LoadForecast, offered: OfferedRequests, interval: int
    ) -> None:
        self._menu, self._forecast, self._interval = menu, forecast, interval
        self._arrivals = offered.arrivals
        self._counts = counts_by_second(offered.arrivals)
        self._outlook = peak_of(self._counts, interval)
        self._chooser = policy.begin(menu, self._outlook)
        self._option = self._chooser.choose(Situation(self._outlook))
        self._service = SimulatedService(menu, self._option, offered)

    def replayed(self) -> ReplayedTrace:
        """Decide, and serve, up to the end; then judge, as answers may come after their interval."""
        steps = [self._step(start) for start in range(0, len(self._counts), self._interval)]
        self._service.run(self._admitted)
        intervals = tuple(
            ReplayedInterval(start, seconds, outlook, option, switched, self._outcome(start, seconds, *paid))
            for start, seconds, outlook, option, switched, paid in steps
        )
        whole = sum(interval.seconds for interval in intervals)
        replicas, usd = (np.array([step[-1] for step in steps]) * [[step[1] / whole] for step in steps]).sum(axis=0)
        return ReplayedTrace(self._outcome(0, whole, replicas, usd), intervals, float(self._service.latency.max()))

    def _step(self, start: int) -> tuple[int, int, ExpectedLoad, Option, bool, tuple[float, float]]:
        before = self._option
        if start:
            self._decide(start)
        seconds = min(self._interval, len(self._counts) - start)
        paid = self._paid()
        self._service.run_until(start + seconds, self._admitted)
        replicas, usd = (self._paid() - paid) / seconds
        return start, seconds, self._outlook, self._option, self._option != before, (replicas, usd)

    def _decide(self, start: int) -> None:
        before = self._option
        self._outlook = self._forecast.outlook(self._counts[:start], self._interval)
        self._option = self._chooser.choose(Situation(self._outlook, before))
        if self._option != before:
            self._service.change(self._option, self._menu.startup)

    def _admitted(self, ahead: Ahead) -> Variant:
        return self._chooser.admit(self._option, ahead)

    def _paid(self) -> Floats:
        """Replica-seconds, and the same times their prices, until now."""
        seconds = self._service.network.replica_seconds()
        prices = [self._menu.replica_usd(group) for group in self._option.deployment.groups]
        return np.array([sum(seconds), np.dot(seconds, prices)])

    def _outcome(self, start: int, seconds: int, replicas: float, usd: float) -> ReplayOutcome:
        first, last = np.searchsorted(self._arrivals, [start, start + seconds])
        accuracy = self._service.accuracy[first:last]
        within = self._service.latency[first:last] <= self._menu.bound.seconds
        if first == last:
            return ReplayOutcome(0, None, None, None, float(replicas), float(usd))
        mean, attained, in_time = (float(values.mean()) for values in (accuracy, within, accuracy * within))
        return ReplayOutcome(int(last - first), mean, attained, in_time, float(replicas), float(usd))
