"""What a load showed: how much was answered, how fast, how surely, and whether the generator kept its own times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradespace.evals.batch_means import serial_quantile, serial_share
from tradespace.evals.statistics import Estimate, quantile_of
from tradespace.serving.load_generator.record import LoadRecord, RequestRecord

PROBABILITIES = (0.5, 0.9, 0.95, 0.99)
TOLERATED_LAG = 0.05
"""As a share of the median latency: a generator that is later, in its 99th percentile, is told of."""


@dataclass(frozen=True, slots=True)
class GeneratorLag:
    """How late the generator itself sent, in seconds."""

    p50: float
    p99: float
    longest: float


@dataclass(frozen=True)
class LoadSummary:
    """Of the requests that count.

    Attributes:
        sent: how many there are.
        failures: how many failed, by status.
        offered, achieved: requests that were to be sent, and that were answered, a second; None of fewer than two.
        latency: by probability, its quantile in seconds; infinite where failures make it so.
        attainment: share within the SLA; None where there is none.
        queued, served: seconds by the server's own account, in the mean; None where it gave none.
        lag: None where nothing counts.
    """

    sent: int
    failures: Mapping[str, int]
    offered: float | None
    achieved: float | None
    latency: Mapping[float, Estimate]
    attainment: Estimate | None
    queued: float | None
    served: float | None
    lag: GeneratorLag | None

    @property
    def answered(self) -> int:
        """How many were answered."""
        return self.sent - sum(self.failures.values())

    @property
    def is_late(self) -> bool:
        """Whether the generator was so late that its own lag shows in the figures."""
        median = self.latency[0.5].value
        return self.lag is not None and median is not None and self.lag.p99 > TOLERATED_LAG * median


def summarize_load(record: LoadRecord, sla: float | None = None) -> LoadSummary:
    """Sum up a load.

    Args:
        record: what became of its requests.
        sla: seconds within which a request is to be answered.
    """
    counted, latency = record.counted, record.latency
    return LoadSummary(
        len(counted),
        dict(Counter(request.status for request in counted if not request.answered).most_common()),
        _rate([request.scheduled for request in counted]),
        _achieved(counted),
        {probability: serial_quantile(latency, probability) for probability in PROBABILITIES},
        None if sla is None else serial_share(latency, sla),
        _mean([request.queued for request in counted if request.queued is not None]),
        _mean([request.served for request in counted if request.served is not None]),
        _lag(record) if counted else None,
    )


def _rate(moments: Sequence[float]) -> float | None:
    """Events a second, from the first to the last of them."""
    span = max(moments, default=0.0) - min(moments, default=0.0)
    return (len(moments) - 1) / span if span > 0 else None


def _achieved(counted: Sequence[RequestRecord]) -> float | None:
    return _rate([request.finished for request in counted if request.answered])


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


def _lag(record: LoadRecord) -> GeneratorLag:
    lag = record.lag
    return GeneratorLag(float(quantile_of(lag, 0.5)), float(quantile_of(lag, 0.99)), float(lag.max()))
