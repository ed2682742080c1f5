"""A language model's latency on one host, fitted to calls that were timed: for calls that were not.

    seconds = start + read * tokens_in + (write + share * (batch - 1)) * tokens_out

`start + read * tokens_in` is the time to the first token, and what a token takes grows with the calls that are answered
together. That is how prefill and decoding scale (Pope et al. 2023, "Efficiently Scaling Transformer Inference"). All
four are at least 0, and relative errors are minimised, so that short calls count as much as long ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]
FOLDS = 5
ENOUGH = 8
"""Timed calls from which a model is fitted: two for each of its parameters."""


@dataclass(frozen=True, slots=True)
class CallSize:
    """What a call asks of a model: tokens read, tokens written, and how many calls are answered together."""

    tokens_in: int
    tokens_out: int
    batch: int = 1


@dataclass(frozen=True, slots=True)
class LatencyModel:
    """A fitted model, and how far it was off on calls that it had not seen.

    Attributes:
        start: seconds before anything is read.
        read: seconds for each token of the prompt.
        write: seconds for each token of the completion, alone.
        share: seconds that each other call of the batch adds to a token.
        calls: that it was fitted to.
        median_error, p95_error: absolute errors as shares of the measured seconds, cross-validated.
    """

    start: float
    read: float
    write: float
    share: float
    calls: int
    median_error: float
    p95_error: float

    def seconds(self, load: CallSize) -> float:
        """Predict a call."""
        return float(_features([load])[0] @ np.array([self.start, self.read, self.write, self.share]))


def fit(loads: Sequence[CallSize], seconds: Sequence[float]) -> LatencyModel:
    """Fit a model to timed calls.

    Raises:
        ValueError: there are fewer than `ENOUGH`, or one that took no time.
    """
    if len(loads) != len(seconds) or len(loads) < ENOUGH or min(seconds) <= 0:
        raise ValueError(
            f"a latency model needs at least {ENOUGH} timed calls that took time; given: {len(loads)} calls "
            f"and {len(seconds)} times, the shortest {min(seconds, default=0.0)} s"
        )
    features, measured = _features(loads), np.array(seconds, dtype=np.float64)
    start, read, write, share = _parameters(features, measured).tolist()
    errors = _errors(features, measured)
    p95 = float(np.quantile(errors, 0.95, method="inverted_cdf"))
    return LatencyModel(start, read, write, share, len(loads), float(np.median(errors)), p95)


def constant(seconds: Sequence[float]) -> LatencyModel:
    """Where too few calls were timed to fit a model: their median, with how far it is off of them."""
    middle = float(np.median(seconds))
    errors = np.abs(middle / np.array(seconds) - 1)
    p95 = float(np.quantile(errors, 0.95, method="inverted_cdf"))
    return LatencyModel(middle, 0.0, 0.0, 0.0, len(seconds), float(np.median(errors)), p95)


def _features(loads: Sequence[CallSize]) -> Float64Array:
    rows = [(1, load.tokens_in, load.tokens_out, (load.batch - 1) * load.tokens_out) for load in loads]
    return np.array(rows, dtype=np.float64)


def _parameters(features: Float64Array, seconds: Float64Array) -> Float64Array:
    """Non-negative least squares of relative errors (Lawson and Hanson 1974, chapter 23), in comparable units."""
    from scipy.optimize import nnls

    weighted = features / seconds[:, None]
    scale = np.abs(weighted).max(axis=0)
    scale[scale == 0] = 1.0
    solution, _ = nnls(weighted / scale, np.ones(len(seconds)))
    return np.asarray(solution / scale, dtype=np.float64)


def _errors(features: Float64Array, seconds: Float64Array) -> Float64Array:
    """Absolute relative errors, each call predicted by a model fitted to the other folds."""
    fold = np.random.default_rng(0).permutation(len(seconds)) % FOLDS
    predicted = np.empty(len(seconds))
    for left_out in range(FOLDS):
        held = fold == left_out
        predicted[held] = features[held] @ _parameters(features[~held], seconds[~held])
    return np.asarray(np.abs(predicted / seconds - 1))
