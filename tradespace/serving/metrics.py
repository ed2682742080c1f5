"""What the server did, as Prometheus reads it."""

from __future__ import annotations

from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest

RequestOutcome = Literal["answered", "failed", "timed_out", "refused"]

_SECONDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


class ServerMetrics:
    """Counters, gauges and histograms of one server; groups of stages are labelled by their name.

    Attributes:
        content_type: of `page`.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "tradespace_requests", "Requests that ended, by outcome.", ["outcome"], registry=self._registry
        )
        self.answers = Counter(
            "tradespace_answers", "Answers, by the pipeline that gave them.", ["pipeline"], registry=self._registry
        )
        self.latency = Histogram(
            "tradespace_request_seconds",
            "From a request's arrival to its answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.in_flight = self._gauge("tradespace_requests_in_flight", "Requests that were accepted and not answered.")
        self.queued = self._gauge("tradespace_queue_length", "Requests that wait for a replica.", "group")
        self.replicas = self._gauge("tradespace_replicas", "Replicas that are open.", "group")
        self.busy = Counter(
            "tradespace_replica_busy_seconds", "Seconds of work, over all replicas.", ["group"], registry=self._registry
        )
        self.restarts = Counter(
            "tradespace_replica_restarts",
            "Replicas started again after they ended.",
            ["group"],
            registry=self._registry,
        )
        self.batches = Histogram(
            "tradespace_batch_size",
            "Requests that were answered together.",
            ["group"],
            buckets=_SIZES,
            registry=self._registry,
        )

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self._registry)

    def ended(self, outcome: RequestOutcome, seconds: float) -> None:
        """Count a request; only answers have a latency."""
        self.requests.labels(outcome).inc()
        if outcome == "answered":
            self.latency.observe(seconds)

    def totals(self) -> dict[str, int]:
        """Requests that ended, by outcome."""
        samples = [sample for family in self.requests.collect() for sample in family.samples]
        return {each.labels["outcome"]: int(each.value) for each in samples if each.name.endswith("_total")}

    def page(self) -> bytes:
        """All of them, in the OpenMetrics text format."""
        return bytes(generate_latest(self._registry))  # type: ignore[no-untyped-call]
