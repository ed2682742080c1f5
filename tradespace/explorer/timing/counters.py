"""What this machine counts of quantities other than seconds, such as joules, while something runs."""

from __future__ import annotations

from collections.abc import Mapping

from tradespace.evals.figures import METERS


def read_counters() -> dict[str, float]:
    """How much was counted so far, by quantity; what this machine does not count is left out."""
    counts = ((meter.quantity, meter.count()) for meter in METERS)
    return {quantity: count for quantity, count in counts if count is not None}


def counted_since(before: Mapping[str, float]) -> dict[str, float]:
    """How much was counted since counters were read, by quantity."""
    return {quantity: count - before[quantity] for quantity, count in read_counters().items() if quantity in before}
