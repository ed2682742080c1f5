"""The figures of a deployed pipeline under a load: of its simulated requests, or the best that they could be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tradespace.evals.figures import USD_PER_1K, Kind, figure_of
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.prediction import usd_per_1k
from tradespace.explorer.load.replicates import SimulatedRun
from tradespace.explorer.results import Evaluation


def simulated_figures(run: SimulatedRun, measures: Sequence[str]) -> list[float]:
    """What simulated requests come to by each measure; NaN where that is not known.

    Requests that fail, time out or are refused are wrong and infinitely slow. Those that a fallback answers score what
    the pipeline with that fallback in its place scored; what they score is not known where that was not evaluated.
    """
    return [_simulated(run, measure) for measure in measures]


def _simulated(run: SimulatedRun, measure: str) -> float:
    figure, deployed = figure_of(measure), run.deployed
    if figure.kind is Kind.LATENCY:
        return float(figure.summary.of(run.outcome.latency[np.newaxis])[0])
    if figure.kind is Kind.SCORE:
        return answered_score(run, measure)
    if measure == USD_PER_1K.name:
        usd = usd_per_1k(run)
        return math.nan if usd is None else usd
    return _of_deployment(deployed, measure)


def answered_score(run: SimulatedRun, measure: str) -> float:
    """The mean score over all requests: that of the pipeline, and what its failures and fallbacks change."""
    own = question_scores(run.deployed.evaluation, measure)
    known = own[~np.isnan(own)]
    if not len(known):
        return math.nan
    asked = own[run.offered.questions]
    scored = ~np.isnan(asked)
    change = (_answered(run, measure, asked) - asked)[scored]
    return float(known.mean() + (change.mean() if len(change) else 0.0))


def _answered(run: SimulatedRun, measure: str, asked: Floats) -> Floats:
    """What each request scores; NaN where nobody knows."""
    answered = asked.copy()
    for place, fell_back in enumerate(run.outcome.fell_back.T):
        if fell_back.any():
            other = run.deployed.fallbacks.get(place)
            scores = question_scores(other, measure) if other else np.full(len(run.deployed.demand.seconds), math.nan)
            answered[fell_back] = scores[run.offered.questions[fell_back]]
    answered[np.isinf(run.outcome.latency)] = 0.0
    return answered


def question_scores(evaluation: Evaluation, measure: str) -> Floats:
    """By question; NaN where the measure does not apply."""
    return np.array(evaluation.scores.get(measure, (None,)), dtype=np.float64)


def best_figures(deployed: DeployedPipeline, rate: float, measures: Sequence[str]) -> list[float]:
    """The best that each figure could be if no request ever waited: no simulation comes to more. NaN where it is not
    known."""
    return [_best(deployed, rate, measure) for measure in measures]


def _best(deployed: DeployedPipeline, rate: float, measure: str) -> float:
    figure = figure_of(measure)
    if figure.kind is Kind.LATENCY:
        return float(figure.summary.of(deployed.least_latencies[np.newaxis])[0])
    if figure.kind is Kind.SCORE:
        return _best_score(deployed, measure)
    if measure == USD_PER_1K.name:
        return 1000 * (deployed.deployment.usd_per_hour / 3600 / rate + float(deployed.call_usd.sum(axis=1).mean()))
    return _of_deployment(deployed, measure)


def _best_score(deployed: DeployedPipeline, measure: str) -> float:
    rows = [question_scores(each, measure) for each in (deployed.evaluation, *deployed.fallbacks.values())]
    best = np.fmax.reduce(rows)
    return float(np.nanmean(best)) if np.isfinite(best).any() else math.nan


def _of_deployment(deployed: DeployedPipeline, measure: str) -> float:
    """Figures that no queue changes."""
    figure = figure_of(measure)
    if figure.of_deployments:
        return deployed.deployment.usd_per_hour
    quantity = figure.meter.quantity if figure.meter else measure
    values = [value for value in deployed.evaluation.metered.get(quantity, ()) if value is not None]
    return float(np.mean(values)) if values else math.nan
