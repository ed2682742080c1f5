"""The figures that pipelines are compared by, with intervals: means of scores, quantiles of latencies, dollars."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradespace.evals.statistics import Estimate, means, paired_difference, quantiles, resample_counts
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Objective
from tradespace.types import LATENCIES, USD_PER_1K

Floats = NDArray[np.float64]
Values = Sequence[float | None]

REPLICATES = 200


def stage_seconds(evaluations: Sequence[Evaluation], stages: Collection[str] | None = None) -> Floats:
    """Return the composed seconds of each timed question, of shape (evaluations, timed questions).

    Stages add up per question, as a sum of quantiles is no quantile. A question without a time failed, so it is
    infinitely slow; a pipeline that was not timed is all NaN.

    Args:
        evaluations: of one split, which therefore share their timed questions.
        stages: the stages to add up; all online stages when None.
    """
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, evaluation in enumerate(evaluations):
        places[tuple(evaluation.seconds)].append(place)
    width = next((len(row) for evaluation in evaluations for row in evaluation.seconds.values()), 0)
    total = np.full((len(evaluations), width), math.nan)
    for names, some in places.items():
        wanted = [name for name in names if stages is None or name in stages]
        rows = [_matrix([evaluations[place].seconds[name] for place in some]) for name in wanted]
        total[some] = sum(
            (np.where(np.isnan(row), math.inf, row) for row in rows), np.float64(0 if names else math.nan)
        )
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
    if measure == USD_PER_1K:
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
