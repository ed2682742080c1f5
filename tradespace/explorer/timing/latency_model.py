"""The latency of a component's calls on one host, fitted to those that were timed: for those that were not.

A **language model** that reads and writes tokens:

    seconds = start + read * tokens_in + (write + share * (batch - 1)) * tokens_out

`start + read * tokens_in` is the time to the first token, and what a token takes grows with the calls that are answered
together. That is how prefill and decoding scale (Pope et al. 2023, "Efficiently Scaling Transformer Inference").

A **network** that makes passes side by side, each on a core of its own:

    seconds = start + sum over the passes of the busiest core (pass + token * tokens + pair * tokens²)
                    + company * tokens of the other cores

Matrix products take time by the token and attention by the pair of tokens; cores that work at once share their memory.

**Whatever says nothing of its work**: `seconds = start + call * calls + character * characters`.

All costs are at least 0, and relative errors are minimised, so that short calls count as much as long ones.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.components.passes import Passes
from tradespace.explorer.arrays import Floats
from tradespace.explorer.timing.call_sizes import CallSize, Size, TextSize
from tradespace.plurals import count

FOLDS = 5
ENOUGH = 8
"""Timed calls from which a model is fitted."""
SCHEDULES = 20
"""How often at most passes are given to cores anew by what the last fit says that they take."""


@dataclass(frozen=True, slots=True)
class LatencyModel:
    """A fitted model, and how far it was off on calls that it had not seen.

    Attributes:
        costs: seconds, in the order of the formulas above: each multiplies one feature of a call.
        ratios: measured over predicted seconds of each call that it was fitted to, cross-validated.
        median_error, p95_error: absolute errors as shares of the measured seconds, cross-validated.
    """

    costs: tuple[float, ...]
    ratios: tuple[float, ...]
    median_error: float
    p95_error: float

    @property
    def calls(self) -> int:
        """How many calls it was fitted to."""
        return len(self.ratios)

    def seconds(self, size: Size) -> float:
        """Predict a call; where too few were timed to fit a model, their median."""
        if len(self.costs) == 1:
            return self.costs[0]
        return float(np.dot(_features(size, self.costs), self.costs))


def fit(sizes: Sequence[Size], seconds: Sequence[float]) -> LatencyModel:
    """Fit a model to timed calls of one component.

    Raises:
        ValueError: there are fewer than `ENOUGH`, or one that took no time.
    """
    if len(sizes) != len(seconds) or len(sizes) < ENOUGH or min(seconds) <= 0:
        raise ValueError(
            f"a latency model needs at least {ENOUGH} timed calls that took time; given: {count(len(sizes), 'call')} "
            f"and {count(len(seconds), 'time')}, the shortest {min(seconds, default=0.0)} s"
        )
    measured = np.array(seconds, dtype=np.float64)
    costs = _costs(sizes, measured)
    return _with_errors(tuple(costs.tolist()), _left_out(sizes, measured), measured)


def constant(seconds: Sequence[float]) -> LatencyModel:
    """Where too few calls were timed to fit a model: their median, with how far it is off of them."""
    measured = np.array(seconds, dtype=np.float64)
    middle = float(np.median(measured))
    return _with_errors((middle,), np.full(len(measured), middle), measured)


def busiest_core(tokens: Sequence[int], cores: int, costs: Sequence[float] = ()) -> list[int]:
    """The passes of the core that finishes last, where each pass goes to the core that is free first, in their order.

    Args:
        tokens: of each pass.
        cores: how many passes run side by side.
        costs: of a network; without them a pass takes as long as it has tokens.
    """
    _, each, token, pair, _ = costs or (0.0, 0.0, 1.0, 0.0, 0.0)
    free: list[tuple[float, int]] = [(0.0, core) for core in range(max(1, min(cores, len(tokens))))]
    done: list[list[int]] = [[] for _ in free]
    for length in tokens:
        since, core = free[0]
        heapq.heapreplace(free, (since + each + token * length + pair * length**2, core))
        done[core].append(length)
    return done[max(free)[1]]


def _features(size: Size, costs: Sequence[float]) -> tuple[float, ...]:
    match size:
        case CallSize(tokens_in, tokens_out, batch):
            return (1.0, tokens_in, tokens_out, (batch - 1) * tokens_out)
        case TextSize(calls, characters):
            return (1.0, calls, characters)
        case Passes(tokens, cores):
            own = busiest_core(tokens, cores, costs)
            squares = sum(length**2 for length in own)
            return (1.0, len(own), sum(own), squares, sum(tokens) - sum(own))


def _costs(sizes: Sequence[Size], seconds: Floats) -> Floats:
    """Costs of the features; which core does what depends on them in turn."""
    table = _table(sizes, ())
    for _ in range(SCHEDULES):
        costs = _least_squares(table, seconds)
        scheduled = _table(sizes, costs.tolist())
        if np.array_equal(scheduled, table):
            break
        table = scheduled
    return costs


def _table(sizes: Sequence[Size], costs: Sequence[float]) -> Floats:
    return np.array([_features(size, costs) for size in sizes], dtype=np.float64)


def _least_squares(features: Floats, seconds: Floats) -> Floats:
    """Non-negative least squares of relative errors (Lawson and Hanson 1974, chapter 23), in comparable units."""
    from scipy.optimize import nnls

    weighted = features / seconds[:, None]
    scale = np.abs(weighted).max(axis=0)
    scale[scale == 0] = 1.0
    solution, _ = nnls(weighted / scale, np.ones(len(seconds)))
    return np.asarray(solution / scale, dtype=np.float64)


def _left_out(sizes: Sequence[Size], seconds: Floats) -> Floats:
    """Each call predicted by a model fitted to the other folds."""
    fold = np.random.default_rng(0).permutation(len(seconds)) % FOLDS
    predicted = np.empty(len(seconds))
    for left_out in range(FOLDS):
        held = fold == left_out
        costs = _costs([size for size, out in zip(sizes, held, strict=True) if not out], seconds[~held])
        for place in np.flatnonzero(held).tolist():
            predicted[place] = np.dot(_features(sizes[place], costs.tolist()), costs)
    return predicted


def _with_errors(costs: tuple[float, ...], predicted: Floats, measured: Floats) -> LatencyModel:
    errors = np.abs(predicted / measured - 1)
    ratios = np.divide(measured, predicted, out=np.ones(len(measured)), where=predicted > 0)
    p95 = float(np.quantile(errors, 0.95, method="inverted_cdf"))
    return LatencyModel(costs, tuple(ratios.tolist()), float(np.median(errors)), p95)
