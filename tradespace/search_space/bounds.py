"""Bounds on figures: what a pipeline must reach at least, or may take at most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.evals.figures import Kind, figure_of


@dataclass(frozen=True, slots=True)
class Bound:
    """A floor or a ceiling on one figure.

    Attributes:
        measure: the figure.
        limit: in the figure's own unit; latencies are in seconds.
        floor: whether the figure must be at least the limit; at most, where it is not.

    >>> str(Bound("latency_p50", 0.05, floor=False)), Bound("answer_f1", 0.6, floor=True).kept_by(0.7)
    ('latency_p50 <= 50 ms', True)
    """

    measure: str
    limit: float
    floor: bool

    def excess(self, value: float) -> float:
        """By how much a figure misses the bound, in the figure's unit: at most 0 where it keeps it."""
        return self.limit - value if self.floor else value - self.limit

    def share_missed(self, value: float) -> float:
        """The excess as a share of the limit, so that bounds in different units can be added up."""
        return self.excess(value) / (abs(self.limit) or 1.0)

    def kept_by(self, value: float | None) -> bool:
        """Whether a figure keeps the bound; one that is missing or NaN does not."""
        return value is not None and self.excess(value) <= 0

    @property
    def amount(self) -> str:
        """The limit as it is set: `0.6`, or `50 ms`."""
        is_latency = figure_of(self.measure).kind is Kind.LATENCY
        return f"{self.limit * 1000:.10g} ms" if is_latency else f"{self.limit:.10g}"

    def __str__(self) -> str:
        return f"{self.measure} {'>=' if self.floor else '<='} {self.amount}"


def total_missed(bounds: Sequence[Bound], values: Sequence[float]) -> float:
    """By how much figures miss their bounds, added up as shares of the limits: 0 where all are kept, infinite where a
    figure is not known."""
    shares = [bound.share_missed(value) for bound, value in zip(bounds, values, strict=True)]
    return sum(math.inf if math.isnan(share) else max(0.0, share) for share in shares)
