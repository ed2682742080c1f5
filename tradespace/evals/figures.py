"""Figures of a pipeline that are not the mean of a measure: latency and cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tradespace.errors import InputError, nearest
from tradespace.evals.statistics import Estimate, Table, means, quantiles

LATENCIES: Mapping[str, float | None] = {
    "latency_mean": None,
    "latency_p50": 0.50,
    "latency_p90": 0.90,
    "latency_p95": 0.95,
    "latency_p99": 0.99,
}
"""Latency figures, in seconds, by name: the quantile over questions, or None for the mean."""

USD_PER_1K = "usd_per_1k"
"""Dollars for a thousand questions."""

FIGURES = (*LATENCIES, USD_PER_1K)
"""All figures; each is better the smaller it is."""


def latencies(figure: str, seconds: Table, seed: int = 0) -> list[Estimate]:
    """The latency figure of each pipeline, from the seconds of each question.

    Raises:
        InputError: no latency figure has that name.
    """
    if figure not in LATENCIES:
        raise InputError(f"no latency figure is called {figure!r}; {nearest(figure, list(LATENCIES))}")
    probability = LATENCIES[figure]
    return means(seconds, seed) if probability is None else quantiles(seconds, probability)


def usd_per_1k(usd: Table, seed: int = 0) -> list[Estimate]:
    """Dollars for a thousand questions of each pipeline, from the dollars of each question."""
    return [_thousandfold(estimate) for estimate in means(usd, seed)]


def _thousandfold(estimate: Estimate) -> Estimate:
    def times(value: float | None) -> float | None:
        return None if value is None else 1000 * value

    return replace(estimate, value=times(estimate.value), low=times(estimate.low), high=times(estimate.high))
