"""The figures that pipelines are compared by, the pipelines that no other dominates, and the confidence of that claim.

One point dominates another when it is at least as good in every objective and better in one. Equal points do not
dominate each other: all of them stay. A point with a missing or infinite objective can't be compared, so it is never
on the frontier and never pushes another off it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradespace.evals.statistics import Estimate, means, paired_difference, quantiles, resample_counts
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Objective

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Values = Sequence[float | None]

LATENCIES = {"latency_mean": None, "latency_p50": 0.5, "latency_p90": 0.9, "latency_p95": 0.95, "latency_p99": 0.99}
"""Latency measures with their quantile; the mean has none."""
USD = "usd_per_1k"
REPLICATES = 200


def stage_seconds(evaluations: Sequence[Evaluation], stages: Collection[str] | None = None) -> Floats:
    """Return the composed seconds of each timed question, of shape (evaluations, timed questions).

    Stages add up per question, as a sum of quantiles is no quantile. A question without a time failed, so it is
    infinitely slow; a pipeline that was not timed is all NaN.

    Args:
        evaluations: of one split, which therefore share their timed questions.
        stages: the stages to add up; all online stages when None.
    """
    wanted = [[name for name in e.seconds if stages is None or name in stages] for e in evaluations]
    timed = [bool(e.seconds) for e in evaluations]
    width = max((len(row) for e in evaluations for row in e.seconds.values()), default=0)
    total = np.where(np.array(timed, dtype=bool)[:, None], 0.0, math.nan) * np.ones((len(evaluations), width))
    for name in dict.fromkeys(name for names in wanted for name in names):
        rows = [i for i, names in enumerate(wanted) if name in names]
        seconds = _matrix([evaluations[i].seconds[name] for i in rows])
        total[rows] += np.where(np.isnan(seconds), math.inf, seconds)
    return total


def measured_seconds(evaluations: Sequence[Evaluation]) -> Floats:
    """Return seconds per timed question as `stage_seconds` does, from real end-to-end runs where there were any."""
    seconds = stage_seconds(evaluations)
    rows = [i for i, evaluation in enumerate(evaluations) if evaluation.end_to_end]
    if rows:
        measured = _matrix([evaluations[i].end_to_end for i in rows])
        seconds = seconds if seconds.shape[1] else np.full((len(evaluations), measured.shape[1]), math.nan)
        seconds[rows] = np.where(np.isnan(measured), math.inf, measured)
    return seconds


def question_values(evaluations: Sequence[Evaluation], measure: str) -> Floats:
    """Return what `figures` summarises, of shape (evaluations, questions); NaN where a value is missing.

    A question that failed is infinitely slow, and scores 0 (where the measure applies; see `Evaluation.scores`).
    Latencies cover the timed questions, all else every question of the split.
    """
    if measure in LATENCIES:
        return measured_seconds(evaluations)
    if measure == USD:
        return _matrix([e.usd for e in evaluations]) * 1000
    return _matrix([e.scores.get(measure, ()) for e in evaluations])


def figure(values: ArrayLike, measure: str) -> Floats:
    """Summarise the last axis into the figure that `measure` names: a latency quantile, or the mean of what is known.

    A quantile q is the smallest observed value that at least a share q of the questions keeps: it exists even where
    some questions are infinitely slow. NaN where nothing is known.
    """
    given = np.asarray(values, dtype=np.float64)
    if not given.shape[-1]:
        return np.full(given.shape[:-1], math.nan)
    if (quantile := LATENCIES.get(measure)) is not None:
        rank = max(0, math.ceil(quantile * given.shape[-1] - 1e-9) - 1)
        return np.asarray(np.partition(given, rank, axis=-1)[..., rank])
    known = ~np.isnan(given)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(known, given, 0.0).sum(axis=-1) / known.sum(axis=-1))


def figures(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> Floats:
    """Return each evaluation's figure for each measure, of shape (evaluations, measures); NaN where missing."""
    columns = [figure(question_values(evaluations, measure), measure) for measure in measures]
    return np.stack(columns, axis=1) if columns else np.empty((len(evaluations), 0))


def estimates(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> list[dict[str, Estimate]]:
    """Return each evaluation's figures with their intervals, by measure; a measure with no value at all is left out."""
    found: list[dict[str, Estimate]] = [{} for _ in evaluations]
    for measure in measures:
        values = question_values(evaluations, measure).tolist()
        quantile = LATENCIES.get(measure)
        for place, estimate in zip(
            found, means(values) if quantile is None else quantiles(values, quantile), strict=True
        ):
            if estimate.value is not None:
                place[measure] = estimate
    return found


def advantage(one: Evaluation, other: Evaluation, objective: Objective) -> Estimate:
    """Return how much better `one` is than `other`, paired over the questions of their common split.

    Raises:
        ValueError: the two are of different splits, so that no question is common.
    """
    if one.split is not other.split:
        raise ValueError(f"pipelines are compared on the same questions; given: {one.split} and {other.split}")
    better, worse = (one, other) if objective.maximize else (other, one)
    table = question_values([better, worse], objective.measure).tolist()
    return paired_difference(table[0], table[1])


def _matrix(rows: Sequence[Values]) -> Floats:
    """Stack rows, of one length or empty, with NaN for None. A row shared by many pipelines is converted once."""
    width = max(map(len, rows), default=0)
    gap = (math.nan,) * width
    distinct = {id(row): row or gap for row in rows}
    place = {key: position for position, key in enumerate(distinct)}
    table = np.array(list(distinct.values()), dtype=np.float64).reshape(len(distinct), width)
    return table[[place[id(row)] for row in rows]] if rows else table


def dominates(one: Sequence[float], other: Sequence[float], maximize: Sequence[bool]) -> bool:
    """Say whether `one` dominates `other`: the definition, one pair at a time. Both must be finite."""
    gains = [a - b if up else b - a for a, b, up in zip(one, other, maximize, strict=True)]
    return min(gains) >= 0 and max(gains) > 0


def non_dominated(points: ArrayLike, maximize: Sequence[bool]) -> Flags:
    """Mark the points of the frontier.

    Args:
        points: figures of shape (points, objectives); NaN or infinite where missing.
        maximize: the direction of each objective.

    Returns:
        One flag for each point. Costs O(points x frontier), as each kept point strikes out all that it dominates.
    """
    given = np.asarray(points, dtype=np.float64).reshape(-1, len(maximize))
    costs = np.where(np.asarray(maximize, dtype=bool), -given, given)
    comparable = np.flatnonzero(np.isfinite(costs).all(axis=1))
    unique, group = np.unique(costs[comparable], axis=0, return_inverse=True)
    flags = np.zeros(len(given), dtype=bool)
    flags[comparable] = _first_layer(unique)[group.reshape(-1)]
    return flags


def _first_layer(costs: Floats) -> Flags:
    """Mark the non-dominated among distinct points in lexicographic order, where only an earlier point can dominate."""
    flags = np.zeros(len(costs), dtype=bool)
    left = np.arange(len(costs))
    while len(left):
        flags[left[0]] = True
        rivals = left[1:]
        left = rivals[(costs[rivals] < costs[left[0]]).any(axis=1)]
    return flags


def front_layers(points: ArrayLike, maximize: Sequence[bool], limit: int) -> NDArray[np.intp]:
    """Return positions of the best points: the frontier, then the frontier of the rest, and so on until `limit`.

    Layers stay whole, so a few more than `limit` may come back; points with a missing objective never do.
    """
    given = np.asarray(points, dtype=np.float64).reshape(-1, len(maximize))
    left = np.arange(len(given))
    taken: list[NDArray[np.intp]] = []
    while sum(map(len, taken)) < limit and (layer := non_dominated(given[left], maximize)).any():
        taken.append(left[layer])
        left = left[~layer]
    return np.concatenate(taken) if taken else np.empty(0, dtype=np.intp)


def replicates(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> Iterator[Floats]:
    """Yield the figures of all pipelines on resamples of the questions, of shape (evaluations, measures) each.

    A resample is shared by all pipelines, so that luck with easy questions moves them together. Scores cover all
    questions and latencies the timed ones; where these differ in number they are resampled apart.
    """
    tables = [question_values(evaluations, measure) for measure in measures]
    counts = {width: resample_counts(width).astype(np.intp) for width in {table.shape[1] for table in tables}}
    for resample in range(REPLICATES):
        drawn = {width: np.repeat(np.arange(width), count[resample]) for width, count in counts.items()}
        picked = [table[:, drawn[table.shape[1]]] for table in tables]
        yield np.stack([figure(table, measure) for table, measure in zip(picked, measures, strict=True)], axis=1)


def membership(resampled: Iterable[ArrayLike], maximize: Sequence[bool]) -> Floats:
    """Return for each point the share of bootstrap replicates in which it is on the frontier.

    Args:
        resampled: figures of all points, of shape (points, objectives), on one resample each; see `replicates`.
        maximize: the direction of each objective.

    Raises:
        ValueError: there is no replicate.
    """
    shares = [non_dominated(points, maximize) for points in resampled]
    if not shares:
        raise ValueError("membership needs at least one bootstrap replicate; none was given")
    return np.asarray(np.mean(shares, axis=0))
