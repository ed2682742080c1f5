"""Whether a bound is kept: decided, or not to be decided with so few questions.

"The p95 is within 100 ms" says that at most 5 % of all questions take longer. Seeing 4 of 100 that do decides nothing.
"""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from tradespace.evals.confidence_sequences import evidence_above
from tradespace.evals.statistics import SCORES, Array


class BoundVerdict(StrEnum):
    """What is known of a bound."""

    KEPT = "kept"
    MISSED = "missed"
    UNDECIDED = "undecided"


def share_verdicts(seconds: ArrayLike, bound: float, probability: float, error: float) -> list[BoundVerdict]:
    """Say of each row whether at least this share of all questions is within a bound.

    Args:
        seconds: of the questions asked, of shape (rows, questions); NaN where one is not known.
        bound: what a question may take.
        probability: the share that must be within it: 0.95 for a p95.
        error: the chance that any verdict of all rows is wrong, even if rows were picked on these questions, and
            whatever made one stop asking: evidence is in e-values, each divided by the number of rows.

    >>> rows = [[0.05] * 150, [0.05] * 144 + [0.2] * 6, [0.05] * 120 + [0.2] * 30]
    >>> [str(verdict) for verdict in share_verdicts(rows, 0.1, 0.95, 0.05)]
    ['kept', 'undecided', 'missed']
    """
    table = np.asarray(seconds, dtype=np.float64)
    below, above = share_evidence((table > bound).sum(axis=1), (~np.isnan(table)).sum(axis=1), 1 - probability)
    needed = len(table) / error
    return [
        BoundVerdict.KEPT if kept >= needed else BoundVerdict.MISSED if missed >= needed else BoundVerdict.UNDECIDED
        for kept, missed in zip(below.tolist(), above.tolist(), strict=True)
    ]


def score_verdicts(scores: ArrayLike, limit: float, error: float, *, floor: bool = True) -> list[BoundVerdict]:
    """Say of each row whether the mean score of all questions is at least a limit; at most, where it is no floor.

    Args:
        scores: of the questions asked, from 0 to 1, of shape (rows, questions); NaN where there is none.
        limit: what the mean must reach.
        error: the chance that any verdict of all rows is wrong, however few questions there are, even if rows were
            picked on them, and whatever made one stop asking: evidence is in e-values (`evidence_above`), each divided
            by the number of rows.
        floor: whether more is better.

    >>> rows = [[1, 1, 1, 1, 1, 1, 0] * 10, [1, 1, 0, 1, 0, 1, 0] * 10, [0, 0, 0, 0, 0, 1, 0] * 10]
    >>> [str(verdict) for verdict in score_verdicts(rows, 0.5, 0.05)]
    ['kept', 'undecided', 'missed']
    """
    table = np.asarray(scores, dtype=np.float64)
    gains, least = (table, limit) if floor else (1 - table, 1 - limit)
    needed = len(table) / error
    return [_score_verdict(row[~np.isnan(row)][None], least, needed) for row in gains]


def _score_verdict(scores: Array, limit: float, needed: float) -> BoundVerdict:
    """Whether evidence for a higher, or a lower mean is strong enough."""
    if evidence_above(scores, math.inf, limit, SCORES)[0] >= needed:
        return BoundVerdict.KEPT
    missed = evidence_above(1 - scores, math.inf, 1 - limit, SCORES)[0] >= needed
    return BoundVerdict.MISSED if missed else BoundVerdict.UNDECIDED


def share_evidence(over: ArrayLike, asked: ArrayLike, share: float) -> tuple[Array, Array]:
    """How strongly so many questions of those asked speak for a true share below this one, and for one above it.

    Both are e-values: for a share that is not below (above), one reaches 1 / error with a chance of at most `error`,
    whenever one stops asking. They are what betting on each next question would have won, the bets spread over all
    shares on one side by a beta distribution around this one. Howard, Ramdas, McAuliffe and Sekhon 2021,
    "Time-uniform, nonparametric, nonasymptotic confidence sequences", section 3.2.
    """
    from scipy.special import betainc, betaincc, betaln

    high, low = np.asarray(over), np.asarray(asked) - np.asarray(over)
    a, b = 0.5, 0.5 * (1 - share) / share
    ratio = betaln(a + high, b + low) - betaln(a, b) - high * np.log(share) - low * np.log1p(-share)
    with np.errstate(over="ignore", divide="ignore"):
        below, above = (
            np.exp(ratio + np.log(side(a + high, b + low, share)) - np.log(side(a, b, share)))
            for side in (betainc, betaincc)
        )
    return below, above
