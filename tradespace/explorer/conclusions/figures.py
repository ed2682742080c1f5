"""The figures that pipelines are compared by, with intervals: means of scores, quantiles of latencies, dollars."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from tradespace.evals.statistics import (
    DIFFERENCES,
    SCORES,
    Estimate,
    means,
    paired_difference,
    quantiles,
    resample_counts,
)
from tradespace.explorer.conclusions.cohort import Cohort, Floats, cohorts
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Objective
from tradespace.types import LATENCIES, USD_PER_1K

REPLICATES = 200


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
    """Return each evaluation's figure for each measure, of shape (evaluations, measures); NaN where missing.

    Each is computed on the questions of its own split.
    """
    table = np.full((len(evaluations), len(measures)), math.nan)
    for places, cohort in cohorts(evaluations):
        for column, measure in enumerate(measures):
            table[places, column] = figure(cohort.values(measure), measure)
    return table


def estimates(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> list[dict[str, Estimate]]:
    """Return each evaluation's figures with their intervals, by measure; a measure with no value at all is left out.

    Each is computed on the questions of its own split.
    """
    by_measure: list[dict[str, Estimate]] = [{} for _ in evaluations]
    for places, cohort in cohorts(evaluations):
        for measure in measures:
            for place, estimate in zip(places, _estimates(cohort, measure), strict=True):
                if estimate.value is not None:
                    by_measure[place][measure] = estimate
    return by_measure


def _estimates(cohort: Cohort, measure: str) -> list[Estimate]:
    values = cohort.values(measure).tolist()
    quantile = LATENCIES.get(measure)
    if quantile is not None:
        return quantiles(values, quantile)
    return means(values, within=SCORES if is_score(measure) else None)


def is_score(measure: str) -> bool:
    """Whether a measure scores questions from 0 to 1, as all do but latencies and costs."""
    return measure not in LATENCIES and measure != USD_PER_1K


def advantage(one: Evaluation, other: Evaluation, objective: Objective) -> Estimate:
    """Return how much better `one` is than `other`, paired over the questions of their common split.

    Raises:
        ValueError: the two are of different splits, so that no question is common.
    """
    better, worse = (one, other) if objective.maximize else (other, one)
    table = Cohort((better, worse)).values(objective.measure).tolist()
    return paired_difference(table[0], table[1], within=DIFFERENCES if is_score(objective.measure) else None)


def replicates(cohort: Cohort, measures: Sequence[str]) -> Iterator[Floats]:
    """Yield the figures of all pipelines on resamples of the questions, of shape (evaluations, measures) each.

    A resample is shared by all pipelines, so that luck with easy questions moves them together. Scores cover all
    questions and latencies the timed ones; where these differ in number they are resampled apart.
    """
    tables = [cohort.values(measure) for measure in measures]
    counts = {width: resample_counts(width).astype(np.intp) for width in {table.shape[1] for table in tables}}
    for resample in range(REPLICATES):
        drawn = {width: np.repeat(np.arange(width), count[resample]) for width, count in counts.items()}
        picked = [table[:, drawn[table.shape[1]]] for table in tables]
        yield np.stack([figure(table, measure) for table, measure in zip(picked, measures, strict=True)], axis=1)
