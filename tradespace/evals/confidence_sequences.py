"""Bounds on a mean that hold at every moment, however often one looks: what a race may drop pipelines by.

Questions are a finite set, asked in random order without replacement. A table has one row for each pair of pipelines
and one column for each question that both were asked, in that order: how much more the first scored than the second.
Differences lie in [-1, 1]; NaN, where either has no score, counts as no difference.

Who doubts a claimed mean bets on the next question, at odds that are fair if the claim is true. Then the money grows
beyond 1 / error with a chance of at most `error`, ever (Ville's inequality). A mean is refuted once it does, and
the bounds enclose what is not refuted.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from tradespace.evals.statistics import DIFFERENCES, Array, Range

STAKES = np.arange(1, 9) / 9
"""Shares of all that can be lost, bet side by side, as the best one depends on the unknown mean."""
HALVINGS = 20
LEAST = 1e-12
CHUNK = 1 << 17


def betting_bounds(
    values: ArrayLike, population: float, error: float = 0.05, within: Range = DIFFERENCES
) -> tuple[Array, Array]:
    """Lower and upper bound on the mean of each row over all questions, asked and not.

    Diversified Kelly betting: Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting",
    sections 5.6 and 6.

    Args:
        values: of the questions asked so far, in order, of shape (rows, questions).
        population: how many questions there are; infinite where they are drawn anew each time.
        error: the chance that any bound of a row is ever wrong, at whatever numbers of questions one looks. For several
            rows at once, divide it by their number.
        within: where every value lies.

    Returns:
        Of shape (rows,) each. A lower bound above 0 says that the first of a pair is better. With a chance of
        at most `error` they cross.

    Raises:
        ValueError: more questions were asked than there are, or a value lies outside.

    >>> low, high = betting_bounds([[0.0, 0.0, 1.0] * 10, [0.0, 0.0, 0.0, 1.0, -1.0] * 6], population=150)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.08, -0.29], [0.56, 0.32])
    """
    scaled = _scaled(values, population, within)
    low, high = _lower(scaled, population, error / 2), 1 - _lower(1 - scaled, population, error / 2)
    least, most = within
    return least + low * (most - least), least + high * (most - least)


def evidence_above(values: ArrayLike, population: float, claimed: float = 0.0, within: Range = DIFFERENCES) -> Array:
    """How strongly each row speaks for a mean above the claimed one: an e-value, of shape (rows,).

    At 1 / error or more, a mean of at most `claimed` is refuted, at whatever numbers of questions one looks. It costs a
    twentieth of the bounds. The e-value of the row that was picked as the strongest of n is divided by n.

    Args:
        values: of the questions asked so far, in order, of shape (rows, questions).
        population: how many questions there are.
        claimed: the mean that is doubted.
        within: where every value lies.
    """
    scaled = _scaled(values, population, within)
    least, most = within
    return _largest_wealth(scaled, population, np.full(len(scaled), (claimed - least) / (most - least)))


def bernstein_bounds(
    values: ArrayLike, population: float, error: float = 0.05, within: Range = DIFFERENCES
) -> tuple[Array, Array]:
    """The same bounds from a formula, the usual reference: up to two times as wide, as tests compare.

    Predictable plug-in empirical Bernstein: Waudby-Smith and Ramdas 2020, "Confidence sequences for sampling without
    replacement", theorem 3.2.
    """
    scaled = _scaled(values, population, within)
    asked = np.arange(scaled.shape[1])
    sums = np.cumsum(scaled, axis=1) - scaled
    guess = (0.5 + sums) / (asked + 1)
    squares = (scaled - guess) ** 2
    variance = (0.25 + np.cumsum(squares, axis=1) - squares) / (asked + 1)
    stakes = np.minimum(np.sqrt(2 * math.log(2 / error) / (variance * (asked + 1) * np.log(asked + 2))), 0.5)
    weight = np.cumsum(stakes * (1 + asked / (population - asked)), axis=1)
    middle = np.cumsum(stakes * (scaled + sums / (population - asked)), axis=1) / weight
    half = (math.log(2 / error) + np.cumsum(squares * (-np.log1p(-stakes) - stakes), axis=1)) / weight
    least, most = within
    low, high = (middle - half).max(axis=1, initial=0.0), (middle + half).min(axis=1, initial=1.0)
    return least + low * (most - least), least + high * (most - least)


def _scaled(values: ArrayLike, population: float, within: Range) -> Array:
    """The values mapped to [0, 1]."""
    table = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0)
    least, most = within
    if table.shape[1] > population:
        raise ValueError(f"of {population:g} questions at most as many can be asked; given: {table.shape[1]}")
    if table.size and not (least <= table.min() and table.max() <= most):
        raise ValueError(f"values must lie within {least:g} and {most:g}; given: {table.min():g} to {table.max():g}")
    return (table - least) / (most - least)


def _lower(scaled: Array, population: float, error: float) -> Array:
    """The largest means that are refuted, by halving: the wealth falls with the mean that is doubted."""
    low, high = _possible(scaled, population)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        refuted = _largest_wealth(scaled, population, middle) >= 1 / error
        low, high = np.where(refuted, middle, low), np.where(refuted, high, middle)
    return low


def _possible(scaled: Array, population: float) -> tuple[Array, Array]:
    """What the mean would be if all questions to come gave 0, or 1."""
    if math.isinf(population):
        return np.zeros(len(scaled)), np.ones(len(scaled))
    total = scaled.sum(axis=1)
    return total / population, (total + population - scaled.shape[1]) / population


def _largest_wealth(scaled: Array, population: float, means: Array) -> Array:
    """The most that betting on values above a mean has held so far, starting from 1, for each row and its mean."""
    rows = max(1, CHUNK // max(1, scaled.shape[1]))
    chunks = [slice(start, start + rows) for start in range(0, len(scaled), rows)]
    wealth = [_wealth(scaled[some], population, means[some]).max(axis=1, initial=1.0) for some in chunks]
    return np.concatenate([np.zeros(0), *wealth])


def _wealth(scaled: Array, population: float, means: Array) -> Array:
    """The wealth after each question, of shape (rows, questions): the mean over stakes that are never moved."""
    gains = scaled / _expected(scaled, population, means) - 1
    with np.errstate(over="ignore"):
        return np.asarray(np.mean([np.cumprod(1 + stake * gains, axis=1) for stake in STAKES], axis=0))


def _expected(scaled: Array, population: float, means: Array) -> Array:
    """What the next value is on average if a mean is true: what is left of the total over the questions left."""
    if math.isinf(population):
        return np.maximum(np.broadcast_to(means[:, None], scaled.shape), LEAST)
    before = np.cumsum(scaled, axis=1) - scaled
    return np.maximum((population * means[:, None] - before) / (population - np.arange(scaled.shape[1])), LEAST)
