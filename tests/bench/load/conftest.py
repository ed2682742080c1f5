"""Made-up runs whose errors are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.load.records import QUANTILES, Case, Measured, Parts, Predicted, Range, Run

BOUNDS = (0.1, 0.2, 0.4)


def measured(latency: Sequence[float]) -> Measured:
    """A run of these latencies, of one group."""
    mean = float(np.mean(latency))
    parts = Parts(queued=0.4 * mean, served=0.5 * mean, other=0.1 * mean, work={"generate": 0.5 * mean})
    return Measured(latency=tuple(latency), parts=parts)


def predicted(latency: Sequence[float], factor: float = 1.0, width: float = 0.1) -> Predicted:
    """What is off by a factor, with intervals so wide on both sides."""
    scaled = np.array(latency) * factor
    quantiles = {name: float(np.quantile(scaled, q, method="higher")) for name, q in QUANTILES.items()}
    return Predicted(
        quantiles={name: around(value, width) for name, value in quantiles.items()},
        attainments={bound: around(float(np.mean(scaled <= bound)), width) for bound in BOUNDS},
        parts=measured(scaled.tolist()).parts,
    )


def around(value: float, width: float) -> Range:
    """A figure with its interval."""
    return Range(low=value * (1 - width), value=value, high=value * (1 + width))


def run(
    case: Case, latency: Sequence[float], *, rate: float = 5.0, seed: int = 0, factor: float = 1.0, served: bool = False
) -> Run:
    """One run that was predicted too high by a factor."""
    foretold = predicted(latency, factor)
    return Run(
        case=case,
        seed=seed,
        rate=rate,
        seconds=60,
        served=served,
        predicted=foretold,
        replayed=foretold,
        measured=measured(latency),
    )
