"""When requests arrive: drawn as a load says, or as a trace recorded it."""

from __future__ import annotations

from math import ceil

import numpy as np

from tradespace.data.traffic import ArrivalTrace
from tradespace.explorer.arrays import Floats
from tradespace.search_space.deployment import Load

LEAST_BURSTINESS = 1e-3
"""Less is none: the gaps are equal."""
MARGIN = 3.0
"""Standard deviations by which more arrivals are drawn than a stretch has in the mean."""


def first_arrivals(load: Load, requests: int, seed: int, trace: ArrivalTrace | None = None) -> Floats:
    """When the first so many requests of a load arrive.

    Arrivals are drawn as a renewal process with gamma-distributed gaps: a Poisson process where the burstiness is 1.
    It is observed from a moment at which it has long been running, so that no stretch is denser than another. A trace
    is taken from its start, and begins again where it ends; nothing of it is drawn.

    Args:
        load: with a rate, a trace, or both: the trace is then stretched until it has that rate.
        requests: how many.
        seed: where drawing starts; the same arrives from the same seed.
        trace: the one that the load names.

    Returns:
        seconds from the start, ascending, of shape (requests,).

    Raises:
        ValueError: the load names a trace, and none is given; or it has no rate.
    """
    if load.trace:
        return _recorded(load, ceil(requests / len(_given(load, trace))), trace)[:requests]
    return _drawn(load, requests, np.random.default_rng(seed))


def arrivals_within(load: Load, seconds: float, seed: int, trace: ArrivalTrace | None = None) -> Floats:
    """When the requests of a load arrive before so many seconds have passed; else as `first_arrivals`.

    Returns:
        seconds from the start, ascending and less than `seconds`, of shape (requests,).

    Raises:
        ValueError: as `first_arrivals`.
    """
    if load.trace:
        arrivals = _recorded(load, ceil(seconds / _period(load, _given(load, trace))), trace)
    else:
        arrivals = _drawn_until(load, seconds, np.random.default_rng(seed))
    return arrivals[: np.searchsorted(arrivals, seconds)]


def _given(load: Load, trace: ArrivalTrace | None) -> ArrivalTrace:
    if trace is None:
        raise ValueError(f"the load names the trace {load.trace!r}, which must be given too")
    return trace


def _period(load: Load, trace: ArrivalTrace) -> float:
    """Seconds that a trace takes at the rate of a load."""
    return trace.seconds if load.rate is None else len(trace) / load.rate


def _recorded(load: Load, times: int, trace: ArrivalTrace | None) -> Floats:
    """A trace so many times in a row, at the rate of the load."""
    once = _given(load, trace)
    period = _period(load, once)
    starts = np.arange(times, dtype=np.float64)[:, None] * period
    return (starts + once.arrivals * (period / once.seconds)).ravel()


def _drawn(load: Load, requests: int, generator: np.random.Generator) -> Floats:
    if load.rate is None:
        raise ValueError("a load needs a rate above 0 where it names no trace")
    gaps = _gaps(load.burstiness, requests, generator)
    gaps[:1] = _rest_of_a_gap(load.burstiness, generator)
    return np.cumsum(gaps) / load.rate


def _drawn_until(load: Load, seconds: float, generator: np.random.Generator) -> Floats:
    """Arrivals that reach beyond the end."""
    expected = seconds * (load.rate or 0.0)
    arrivals = _drawn(load, ceil(expected + MARGIN * (1 + load.burstiness) * expected**0.5) + 1, generator)
    while arrivals[-1] < seconds:
        further = np.cumsum(_gaps(load.burstiness, len(arrivals), generator)) / (load.rate or 1.0)
        arrivals = np.concatenate([arrivals, arrivals[-1] + further])
    return arrivals


def _gaps(burstiness: float, number: int, generator: np.random.Generator) -> Floats:
    """Gaps between arrivals, of mean 1."""
    if burstiness < LEAST_BURSTINESS:
        return np.ones(number)
    shape = burstiness**-2
    return generator.gamma(shape, 1 / shape, number)


def _rest_of_a_gap(burstiness: float, generator: np.random.Generator) -> float:
    """What is left of the gap that a moment falls into: the more likely one, the longer it is, and anywhere in it.

    Gaps weighed by their length are gamma-distributed again, of a shape greater by one (Cox, Renewal Theory, 1962).
    """
    gap = 1.0
    if burstiness >= LEAST_BURSTINESS:
        shape = burstiness**-2
        gap = generator.gamma(shape + 1, 1 / shape)
    return float(generator.random() * gap)
