"""Deciding by long runs which deployed pipeline may be recommended under a load.

A short run tells deployments apart, but its figures may be off by as much as an SLA leaves; and a stretch of a trace is
not the trace. Nothing is recommended whose own figures miss a bound on a run that is ten times as long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tradespace.evals.figures import USD_PER_1K, USD_PER_HOUR
from tradespace.explorer.conclusions.deployed_points import DeployedPoint, DeployedPoints, judged_by, keeps_bounds
from tradespace.explorer.conclusions.deployments import SCREENING_REQUESTS
from tradespace.explorer.conclusions.figures import leads
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.deployed_figures import best_figures
from tradespace.explorer.load.replicates import REQUESTS_OF_A_RUN
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Evaluation
from tradespace.search_space.bounds import total_missed
from tradespace.search_space.goals import Goals

DECIDING_REQUESTS = 10 * REQUESTS_OF_A_RUN
MOST_REFUSED = 4
"""Deployments of a pipeline that are refused before others that bear no higher rate are not tried."""


@dataclass(frozen=True, slots=True)
class DeployedCandidate:
    """A deployed pipeline before it is simulated, with what its figures come to if no request ever waits."""

    deployed: DeployedPipeline
    best: Mapping[str, float]

    @property
    def evaluation(self) -> Evaluation:
        """Its pipeline."""
        return self.deployed.evaluation


class Decision:
    """Tries deployed pipelines on long runs under a load, those first that may be preferred."""

    def __init__(self, goals: Goals, traffic: Traffic) -> None:
        self._goals = goals
        self._traffic = traffic
        self._short_runs = DeployedPoints(goals, traffic, SCREENING_REQUESTS)
        self._long_runs = DeployedPoints(goals, traffic, DECIDING_REQUESTS, whole_trace=True)
        self._tried: dict[int, DeployedPoint] = {}
        self._refused: list[DeployedCandidate] = []

    @property
    def nearest(self) -> DeployedPoint | None:
        """Of those that were refused, the one that misses the bounds by least."""
        refused = [point for point in self._tried.values() if not point.keeps_bounds]
        return min(refused, key=self._missed, default=None)

    def kept(self, deployed: Sequence[DeployedPipeline]) -> Iterator[DeployedPoint]:
        """Of those that keep all bounds, the ones that may be recommended, the preferred first.

        It is the most accurate, and of those whose accuracy can't be told apart from its, on the same questions, the
        one whose machines cost least, then the fastest; or the one of the highest utility.
        """
        candidates = list(self._candidates(deployed))
        best = self._best(candidates)
        if best is None:
            return
        if self._goals.utility or not self._goals.primary.is_score:
            yield best
            return
        tied = self._tied(best, candidates)
        for candidate in self._cheapest_first([each for each in candidates if each.evaluation.pipeline in tied]):
            point = self._on_a_long_run(candidate)
            if point and point.keeps_bounds:
                yield point

    def _candidates(self, deployed: Sequence[DeployedPipeline]) -> Iterator[DeployedCandidate]:
        """Those that bear the load and may keep the bounds, as far as is known without a simulation."""
        measures, rate = judged_by(self._goals), self._traffic.rate
        for each in deployed:
            best = dict(zip(measures, best_figures(each, rate, measures), strict=True))
            if each.highest_rate > rate and keeps_bounds(best, self._goals) and math.isfinite(worth(best, self._goals)):
                yield DeployedCandidate(each, best)

    def _best(self, candidates: Sequence[DeployedCandidate]) -> DeployedPoint | None:
        """The one that is worth most: as no run is better than the bounds, the search ends where they are no better.
        Where bounds are alike, those that bear most come first."""
        found, value = None, -math.inf
        for each in sorted(candidates, key=lambda each: (-worth(each.best, self._goals), -each.deployed.highest_rate)):
            if worth(each.best, self._goals) <= value:
                break
            point = self._on_a_long_run(each)
            if point and point.keeps_bounds and worth(point.figures, self._goals) > value:
                found, value = point, worth(point.figures, self._goals)
        return found

    def _tied(self, best: DeployedPoint, candidates: Sequence[DeployedCandidate]) -> set[str]:
        """The pipelines that can't be told apart from the best."""
        own = best.deployed.evaluation
        others = {each.evaluation.pipeline: each.evaluation for each in candidates} | {own.pipeline: own}
        others.pop(own.pipeline)
        behind = leads(own, list(others.values()), self._goals)
        return {own.pipeline} | {name for name, lead in zip(others, behind, strict=True) if not (lead.low or 0.0) > 0}

    def _cheapest_first(self, candidates: Sequence[DeployedCandidate]) -> Iterator[DeployedCandidate]:
        """Of those that cost the same, the one first that is fastest on a short run."""
        for _, alike in groupby(sorted(candidates, key=_costs), key=_costs):
            yield from sorted(alike, key=self._seconds_on_a_short_run)

    def _seconds_on_a_short_run(self, candidate: DeployedCandidate) -> float:
        return _number(self._short_runs.of(candidate.deployed).figures[self._goals.latency], math.inf)

    def _on_a_long_run(self, candidate: DeployedCandidate) -> DeployedPoint | None:
        """What becomes of it; None where so many of its pipeline were refused that there is no hope for it."""
        known = self._tried.get(id(candidate.deployed))
        if known is None and not self._is_hopeless(candidate):
            known = self._long_runs.of(candidate.deployed)
            self._tried[id(candidate.deployed)] = known
            if not known.keeps_bounds:
                self._refused.append(candidate)
        return known

    def _is_hopeless(self, candidate: DeployedCandidate) -> bool:
        bearing_more = [
            each
            for each in self._refused
            if each.evaluation is candidate.evaluation and each.deployed.highest_rate >= candidate.deployed.highest_rate
        ]
        return len(bearing_more) >= MOST_REFUSED

    def _missed(self, point: DeployedPoint) -> float:
        values = [_number(point.figures[bound.measure], math.inf) for bound in self._goals.bounds]
        return total_missed(self._goals.bounds, values)


def worth(figures: Mapping[str, float | None], goals: Goals) -> float:
    """What is highest in a recommendation: the utility, or the first objective; NaN where that is not known."""
    known = {name: _number(value, math.nan) for name, value in figures.items()}
    if goals.utility:
        return float(goals.utility.of({name: known[name] for name in goals.utility.measures}))
    value = known[goals.primary.measure]
    return value if goals.primary.maximize else -value


def _number(value: float | None, unknown: float) -> float:
    return unknown if value is None else value


def _costs(candidate: DeployedCandidate) -> list[float]:
    values = [candidate.best[name] for name in (USD_PER_HOUR.name, USD_PER_1K.name)]
    return [math.inf if math.isnan(value) else value for value in values]
