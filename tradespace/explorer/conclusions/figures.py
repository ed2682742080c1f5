"""The figures that pipelines are compared by, with intervals: means of scores, quantiles of latencies, dollars."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from tradespace.evals.figures import figure_of
from tradespace.evals.statistics import Estimate, resample_counts
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort, cohorts
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Objective

BOOTSTRAP_REPLICATES = 200


def figures(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> Floats:
    """Return each evaluation's figure for each measure, of shape (evaluations, measures); NaN where missing.

    Each is computed on the questions of its own split.
    """
    table = np.full((len(evaluations), len(measures)), math.nan)
    for places, cohort in cohorts(evaluations):
        for column, measure in enumerate(measures):
            table[places, column] = figure_of(measure).summary.of(cohort.values(measure))
    return table


def estimates(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> list[dict[str, Estimate]]:
    """Return each evaluation's figures with their intervals, by measure; a measure with no value at all is left out.

    Each is computed on the questions of its own split.
    """
    by_measure: list[dict[str, Estimate]] = [{} for _ in evaluations]
    for places, cohort in cohorts(evaluations):
        for measure in measures:
            of_cohort = figure_of(measure).summary.estimates(cohort.values(measure).tolist())
            for place, estimate in zip(places, of_cohort, strict=True):
                if estimate.value is not None:
                    by_measure[place][measure] = estimate
    return by_measure


def joint_estimates(cohort: Cohort, measures: Sequence[str]) -> list[dict[str, Estimate]]:
    """Return figures as `estimates` does, where the intervals of one measure hold for all pipelines at once."""
    by_measure: list[dict[str, Estimate]] = [{} for _ in cohort.evaluations]
    for measure in measures:
        together = figure_of(measure).summary.together(cohort.values(measure).tolist())
        for known, estimate in zip(by_measure, together, strict=True):
            if estimate.value is not None:
                known[measure] = estimate
    return by_measure


def advantage(evaluation: Evaluation, other: Evaluation, objective: Objective) -> Estimate:
    """Return how much better `evaluation` is than `other`, paired over the questions of their common split.

    Raises:
        ValueError: the two are of different splits, so that no question is common.
    """
    return advantages(evaluation, [other], objective)[0]


def advantages(evaluation: Evaluation, others: Sequence[Evaluation], objective: Objective) -> list[Estimate]:
    """Return how much better `evaluation` is than each of the others, with intervals that all hold at once.

    Raises:
        ValueError: they are of different splits, so that no question is common.
    """
    losses = Cohort((evaluation, *others)).values(objective.measure) * (-1 if objective.maximize else 1)
    return figure_of(objective.measure).summary.differences(losses[1:].tolist(), losses[0].tolist())


def replicates(cohort: Cohort, measures: Sequence[str]) -> Iterator[Floats]:
    """Yield the figures of all pipelines on resamples of the questions, of shape (evaluations, measures) each.

    A resample is shared by all pipelines, so that luck with easy questions moves them together. Scores cover all
    questions and latencies the timed ones; where these differ in number they are resampled apart.
    """
    tables = [cohort.values(measure) for measure in measures]
    summaries = [figure_of(measure).summary for measure in measures]
    counts = {width: resample_counts(width).astype(np.intp) for width in {table.shape[1] for table in tables}}
    for resample in range(BOOTSTRAP_REPLICATES):
        drawn = {width: np.repeat(np.arange(width), count[resample]) for width, count in counts.items()}
        picked = [table[:, drawn[table.shape[1]]] for table in tables]
        yield np.stack([summary.of(table) for table, summary in zip(picked, summaries, strict=True)], axis=1)
