"""Predicted beside measured: errors, coverage, verdicts and capacities of runs that were made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from bench.load.records import QUANTILES, Capacities, Case, Measured, Predicted, Range, Run

ABOVE = 0.8
"""The utilisation above which an interval stands in the place of a point."""


@dataclass(frozen=True)
class Repeats:
    """The runs of one case."""

    runs: tuple[Run, ...]

    @property
    def case(self) -> Case:
        """What they repeat."""
        return self.runs[0].case

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.runs[0].rate

    def measured(self, quantile: str) -> float:
        """The quantile in seconds, in the mean of the runs."""
        return float(np.mean(self._measured(quantile)))

    def predicted(self, quantile: str) -> float:
        """The quantile in seconds, as it was predicted from the process of the arrivals."""
        return float(np.mean([run.predicted.quantiles[quantile].value for run in self.runs]))

    def error(self, quantile: str) -> float:
        """Of what was predicted from the process of the arrivals, as a share of what was measured."""
        return self.predicted(quantile) / self.measured(quantile) - 1

    def replay_error(self, quantile: str) -> float:
        """Of what was predicted from the arrivals themselves, as a share of what was measured."""
        replayed = np.mean([run.replayed.quantiles[quantile].value for run in self.runs])
        return float(replayed) / self.measured(quantile) - 1

    def spread(self, quantile: str) -> float:
        """How far the runs are apart, the highest from the lowest, as a share of their mean."""
        return float(np.ptp(self._measured(quantile))) / self.measured(quantile)

    def attainment_error(self) -> float:
        """The largest error of a predicted share of requests within a bound, over the bounds."""
        bounds = self.runs[0].predicted.attainments
        errors = [
            np.mean([run.predicted.attainments[bound].value - attainment(run.measured, bound) for run in self.runs])
            for bound in bounds
        ]
        return float(max(errors, key=abs))

    def _measured(self, quantile: str) -> list[float]:
        return [measured_quantile(run.measured, quantile) for run in self.runs]


def repeats(runs: Iterable[Run]) -> list[Repeats]:
    """Runs by case."""
    ordered = sorted(runs, key=lambda run: (run.case.system, run.case.arrivals, run.case.utilisation, run.seed))
    return [Repeats(tuple(of_case)) for _, of_case in groupby(ordered, key=lambda run: run.case)]


def measured_quantile(measured: Measured, quantile: str) -> float:
    """A quantile of the latency, in seconds; infinite where so many requests failed."""
    return float(np.quantile(measured.latency, QUANTILES[quantile], method="higher"))


def attainment(measured: Measured, bound: float) -> float:
    """The share of requests that were answered within a bound in seconds."""
    return float(np.mean(np.array(measured.latency) <= bound))


def covered(runs: Iterable[Run], of: Callable[[Run], Predicted] = lambda run: run.predicted) -> list[bool]:
    """Whether each predicted interval holds what its run came to: of all quantiles."""
    return [
        of(run).quantiles[quantile].holds(measured_quantile(run.measured, quantile))
        for run in runs
        for quantile in QUANTILES
    ]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a case keeps a bound, as predicted and as measured; None where the prediction leaves it open."""

    case: Case
    quantile: str
    bound: float
    predicted: bool | None
    measured: bool

    @property
    def wrong(self) -> bool:
        """Whether it says what was not so."""
        return self.predicted is not None and self.predicted != self.measured


def verdicts(cases: Iterable[Repeats]) -> Iterator[Verdict]:
    """On the tail of each case, for all bounds."""
    for case in cases:
        for quantile in ("p95", "p99"):
            for bound in case.runs[0].predicted.attainments:
                keeps = case.measured(quantile) <= bound
                yield Verdict(case.case, quantile, bound, _predicted(case, quantile, bound), keeps)


def _predicted(case: Repeats, quantile: str, bound: float) -> bool | None:
    if case.case.utilisation <= ABOVE:
        return case.predicted(quantile) <= bound
    interval = case.runs[0].predicted.quantiles[quantile]
    return None if interval.low <= bound < interval.high else interval.high <= bound


def measured_capacity(rates: Sequence[float], figures: Sequence[float], bound: float) -> float | None:
    """The rate at which a figure reaches a bound, between the rates that it was measured at.

    The inverse of the figure is interpolated: in most queues a latency grows like 1 / (1 - utilisation), so that its
    inverse falls in about a straight line.

    Args:
        rates: ascending.
        figures: in seconds, for each rate; one that is lower than at a lower rate is taken for noise and raised.
        bound: in seconds.

    Returns:
        None where the figure reaches the bound at none of these rates, or exceeds it at all.

    >>> measured_capacity([5.0, 9.0], [0.2, 1.0], bound=1 / 3)
    7.0
    """
    risen = np.maximum.accumulate(figures)
    for (slow, fast), (low, high) in zip(pairwise(rates), pairwise(risen), strict=True):
        if low <= bound < high:
            return float(slow + (fast - slow) * (1 / low - 1 / bound) / (1 / low - 1 / high))
    return None


@dataclass(frozen=True, slots=True)
class ComparedCapacity:
    """The rate that a system holds at a bound, as predicted and as measured."""

    system: str
    arrivals: str
    quantile: str
    bound: float
    predicted: Range
    measured: float

    @property
    def error(self) -> float:
        """As a share of what was measured."""
        return self.predicted.value / self.measured - 1


def compared_capacities(cases: Sequence[Repeats], predicted: Iterable[Capacities]) -> Iterator[ComparedCapacity]:
    """Those that can be measured: whose bound lies between what two rates of a system came to."""
    for system in predicted:
        own = [each for each in cases if (each.case.system, each.case.arrivals) == (system.system, system.arrivals)]
        own.sort(key=lambda each: each.rate)
        for capacity in system.capacities:
            figures = [each.measured(capacity.quantile) for each in own]
            measured = measured_capacity([each.rate for each in own], figures, capacity.bound)
            if measured is not None:
                yield ComparedCapacity(
                    system.system, system.arrivals, capacity.quantile, capacity.bound, capacity.rate, measured
                )
