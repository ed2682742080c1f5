"""The figures that pipelines are compared by, with intervals: means of scores, quantiles of latencies, dollars."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from tradespace.evals.figures import Summary
from tradespace.evals.statistics import CONFIDENCE, Estimate, Table, resample_counts
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort, cohorts
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Goals, Objective

BOOTSTRAP_REPLICATES = 200
SMALLEST_SPREAD = 1e-300


def figures(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> Floats:
    """Return each evaluation's figure for each measure, of shape (evaluations, measures); NaN where missing.

    Each is computed on the questions of its own split.
    """
    table = np.full((len(evaluations), len(measures)), math.nan)
    for places, cohort in cohorts(evaluations):
        for column, measure in enumerate(measures):
            table[places, column] = cohort.summary(measure).of(cohort.values(measure))
    return table


def worths(evaluations: Sequence[Evaluation], goals: Goals) -> Floats:
    """Return what pipelines are ranked by, of which more is better: the utility, or without one the first objective;
    NaN or infinite where it is not known."""
    names = goals.utility.measures if goals.utility else (goals.primary.measure,)
    return worth_of(dict(zip(names, figures(evaluations, names).T, strict=True)), goals)


def worth_of(columns: Mapping[str, Floats], goals: Goals) -> Floats:
    """The same, from the pipelines' figures by measure."""
    if goals.utility:
        return goals.utility.of({name: columns[name] for name in goals.utility.measures})
    return columns[goals.primary.measure] * (1 if goals.primary.maximize else -1)


def estimates(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> list[dict[str, Estimate]]:
    """Return each evaluation's figures with their intervals, by measure; a measure with no value at all is left out.

    Each is computed on the questions of its own split.
    """
    return _by_measure(evaluations, measures, lambda summary, table: summary.estimates(table))


def joint_estimates(evaluations: Sequence[Evaluation], measures: Sequence[str]) -> list[dict[str, Estimate]]:
    """Return figures as `estimates` does, where the intervals of one measure hold at once for all pipelines of a
    split."""
    return _by_measure(evaluations, measures, lambda summary, table: summary.together(table))


def _by_measure(
    evaluations: Sequence[Evaluation], measures: Sequence[str], summed: Callable[[Summary, Table], list[Estimate]]
) -> list[dict[str, Estimate]]:
    by_measure: list[dict[str, Estimate]] = [{} for _ in evaluations]
    for places, cohort in cohorts(evaluations):
        for measure in measures:
            of_cohort = summed(cohort.summary(measure), cohort.values(measure).tolist())
            for place, estimate in zip(places, of_cohort, strict=True):
                if estimate.value is not None:
                    by_measure[place][measure] = estimate
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
    if not others:
        return []
    cohort = Cohort((evaluation, *others))
    losses = cohort.values(objective.measure) * (-1 if objective.maximize else 1)
    return cohort.summary(objective.measure).differences(losses[1:].tolist(), losses[0].tolist())


def lead(evaluation: Evaluation, other: Evaluation, goals: Goals) -> Estimate:
    """Return by how much more `evaluation` is worth than `other`, as `leads` does."""
    return leads(evaluation, [other], goals)[0]


def leads(evaluation: Evaluation, others: Sequence[Evaluation], goals: Goals) -> list[Estimate]:
    """Return by how much more `evaluation` is worth than each of the others, paired over questions, with intervals that
    all hold at once: in utility, or without one in the first objective.

    A utility may weigh means with quantiles, so its intervals come from `replicates`. All are as many of their standard
    errors wide as the largest error of a replicate is in 95 % of these.
    """
    if goals.utility is None or not others:
        return advantages(evaluation, others, goals.primary)
    cohort, names = Cohort((evaluation, *others)), goals.utility.measures
    worth = worths(cohort.evaluations, goals)
    drawn = np.array([goals.utility.of(dict(zip(names, table.T, strict=True))) for table in replicates(cohort, names)])
    values, ahead = worth[0] - worth[1:], drawn[:, :1] - drawn[:, 1:]
    spread = np.maximum(ahead.std(axis=0), SMALLEST_SPREAD)
    half = spread * np.quantile(np.abs((ahead - values) / spread).max(axis=1), CONFIDENCE)
    known = cohort.values(names[0])
    gaps = (np.isnan(known[:1]) | np.isnan(known[1:])).sum(axis=1)
    return [
        Estimate(value, value - reach, value + reach, known.shape[1] - missing, missing)
        for value, reach, missing in zip(values.tolist(), half.tolist(), gaps.tolist(), strict=True)
    ]


def replicates(cohort: Cohort, measures: Sequence[str]) -> Iterator[Floats]:
    """Yield the figures of all pipelines on resamples of the questions, of shape (evaluations, measures) each.

    A resample is shared by all pipelines, so that luck with easy questions moves them together. Scores cover all
    questions and other values those that have them; where these differ in number they are resampled apart.
    """
    tables = [cohort.values(measure) for measure in measures]
    summaries = [cohort.summary(measure) for measure in measures]
    counts = {width: resample_counts(width).astype(np.intp) for width in {table.shape[1] for table in tables}}
    for resample in range(BOOTSTRAP_REPLICATES):
        drawn = {width: np.repeat(np.arange(width), count[resample]) for width, count in counts.items()}
        picked = [table[:, drawn[table.shape[1]]] for table in tables]
        yield np.stack([summary.of(table) for table, summary in zip(picked, summaries, strict=True)], axis=1)
