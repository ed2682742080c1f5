"""How far a judge agrees with people: Cohen's kappa, sensitivity and specificity, each with its interval.

People and judge say of an answer yes (right, supported, relevant) or no. Answers may count for different numbers of
others, as those are labelled more often that decide something; then an interval is that of as many answers as say as
much (Kish 1965, "Survey Sampling": the square of the sum of the weights over the sum of their squares).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradespace.evals.statistics import CONFIDENCE, Array, Estimate, wilson_interval
from tradespace.evals.verdicts import BoundVerdict

YES_FROM = 0.5
"""The score from which on a judge says yes: that of half of its judgements."""
SMOOTHING = 0.5
"""Answers that are added to each of the four combinations for the interval of kappa, so that there is one where judge
and people never differed."""

_Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    """How far a judge agrees with people.

    Attributes:
        agreed: the share of answers of which both say the same.
        kappa: how much of what chance leaves to agree on they agree on; without a value where one of them always says
            the same.
        sensitivity: of the answers that people say yes to, the share to which the judge says yes too.
        specificity: the same of no.
    """

    agreed: Estimate
    kappa: Estimate
    sensitivity: Estimate
    specificity: Estimate

    @property
    def answers(self) -> int:
        """How many answers both judged."""
        return self.agreed.n


def agreement(judged: ArrayLike, said: ArrayLike, weights: ArrayLike | None = None) -> JudgeAgreement:
    """Compare a judge with people.

    Args:
        judged: the judge's score of each answer, from 0 to 1; NaN where it said nothing that could be read.
        said: what people said of it, from 0 (all say no) to 1; of those on which as many say yes as no, nothing is
            said.
        weights: for how many answers each counts.

    >>> found = agreement([1, 1, 0, 0, 1, 0], [1, 1, 0, 1, 1, 0])
    >>> found.answers, round(found.kappa.value, 2), found.sensitivity.value, found.specificity.value
    (6, 0.67, 0.75, 1.0)
    """
    scores, labels = np.asarray(judged, dtype=np.float64), np.asarray(said, dtype=np.float64)
    counts = np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=np.float64)
    usable = ~np.isnan(scores) & ~np.isnan(labels) & (labels != YES_FROM)
    judge, people, counts = scores[usable] >= YES_FROM, labels[usable] > YES_FROM, counts[usable]
    missing = int((~usable).sum())
    return JudgeAgreement(
        agreed=_share(judge == people, counts, missing),
        kappa=_kappa(judge, people, counts, missing),
        sensitivity=_share(judge[people], counts[people], missing),
        specificity=_share(~judge[~people], counts[~people], missing),
    )


def share_verdict(share: Estimate, least: float) -> BoundVerdict:
    """Whether a judge's sensitivity or specificity reaches what is demanded: missed where it is lower, and kept where
    its interval is not."""
    if share.value is None or share.low is None:
        return BoundVerdict.KEPT if least <= 0 else BoundVerdict.UNDECIDED
    if share.value < least:
        return BoundVerdict.MISSED
    return BoundVerdict.KEPT if share.low >= least else BoundVerdict.UNDECIDED


def labels_for_share(share: Estimate, least: float, frequency: float) -> int | None:
    """How many more labels it takes until a sensitivity or specificity is known to reach what is demanded, if it stays
    what it is.

    Args:
        share: what it is, of the answers that people say yes (or no) to.
        least: what is demanded.
        frequency: how many of all answers people say that of.

    Returns:
        0 where it is known; None where more labels won't show it, as it is not higher than what is demanded.

    >>> labels_for_share(Estimate(0.95, 0.76, 0.99, 20, 0), 0.8, 0.5)
    16
    """
    if share.value is None or share.low is None:
        return None
    if share.low >= least:
        return 0
    if not frequency or share.value <= least:
        return None
    size = float(share.n)
    while wilson_interval(share.value, size)[0] < least:
        size += 1
    return max(1, math.ceil((size - share.n) / frequency))


def _share(flags: _Flags, counts: Array, missing: int) -> Estimate:
    if not len(flags):
        return Estimate(None, None, None, 0, missing)
    value = float((flags * counts).sum() / counts.sum())
    return Estimate(value, *wilson_interval(value, _as_many(counts)), len(flags), missing)


def _as_many(counts: Array) -> float:
    """How many answers that count alike say as much."""
    return float(counts.sum() ** 2 / (counts**2).sum())


def _kappa(judge: _Flags, people: _Flags, counts: Array, missing: int) -> Estimate:
    """With the interval of Fleiss, Cohen and Everitt 1969, "Large sample standard errors of kappa and weighted
    kappa"."""
    if not len(judge):
        return Estimate(None, None, None, 0, missing)
    table = np.array([[counts[(judge == one) & (people == other)].sum() for other in (0, 1)] for one in (0, 1)])
    size = _as_many(counts)
    value = _kappa_of(table / table.sum())[0]
    if math.isnan(value):
        return Estimate(None, None, None, len(judge), missing)
    smoothed = table / table.sum() * size + SMOOTHING
    middle, error = _kappa_of(smoothed / smoothed.sum())
    half = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * error / math.sqrt(smoothed.sum())
    low, high = max(-1.0, middle - half), min(1.0, middle + half)
    return Estimate(value, min(value, low), max(value, high), len(judge), missing)


def _kappa_of(shares: Array) -> tuple[float, float]:
    """Kappa of the shares of the four combinations, and its standard error if there is one answer; NaN where chance
    leaves nothing to agree on."""
    judge, people = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = float(np.trace(shares)), float(judge @ people)
    if expected >= 1:
        return math.nan, math.nan
    sums = people[:, None] + judge[None, :]
    same = sum(shares[one, one] * (1 - expected - sums[one, one] * (1 - observed)) ** 2 for one in (0, 1))
    different = (1 - observed) ** 2 * sum(shares[one, 1 - one] * sums[one, 1 - one] ** 2 for one in (0, 1))
    variance = same + different - (observed * expected - 2 * expected + observed) ** 2
    return (observed - expected) / (1 - expected), math.sqrt(max(0.0, variance)) / (1 - expected) ** 2
