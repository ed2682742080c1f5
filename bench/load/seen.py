"""What was seen of a load, in words."""

from __future__ import annotations

from collections import Counter

import numpy as np

from tradespace.serving.load_generator.record import LoadRecord

TOLD = ("200", "503", "504")
"""How the statuses begin that tell a client what became of its request: answered, refused, or too late."""


def is_told(status: str) -> bool:
    """Whether a status tells a client what became of its request."""
    return status.startswith(TOLD)


def told_answers(record: LoadRecord) -> str:
    """How many were answered, of how many."""
    return f"{sum(request.answered for request in record.requests):,} of {record.scheduled:,}"


def all_answered(record: LoadRecord) -> bool:
    """Whether every request was sent and answered."""
    return len(record.requests) == record.scheduled and all(request.answered for request in record.requests)


def all_told(record: LoadRecord) -> bool:
    """Whether every request was sent, and its client told what became of it."""
    return len(record.requests) == record.scheduled and all(is_told(request.status) for request in record.requests)


def p99(record: LoadRecord, start: float, end: float) -> float:
    """The p99 of the latency of what was to be sent in this time, in seconds."""
    latency = [request.latency for request in record.requests if start <= request.scheduled < end]
    return float(np.quantile(latency, 0.99, method="higher"))


def told_statuses(record: LoadRecord) -> str:
    """How often there was each status."""
    return counted(Counter(request.status for request in record.requests))


def counted(statuses: Counter[str]) -> str:
    """How often there was each, the most frequent first.

    >>> counted(Counter(["200", "503 overloaded", "200"]))
    '2 × 200, 1 × 503 overloaded'
    """
    return ", ".join(f"{count:,} × {status}" for status, count in statuses.most_common())
