"""Bounds on figures: what a pipeline must reach at least, or may take at most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.evals.figures import Kind, figure_of
from tradespace.evals.group_names import GroupName


@dataclass(frozen=True, slots=True)
class Bound:
    """A floor or a ceiling on one figure.

    Attributes:
        measure: the figure.
        limit: in the figure's own unit; latencies are in seconds.
        floor: whether the figure must be at least the limit; at most, where it is not.
        column: where each group of questions must keep it, the column that tells groups apart; else empty.
        groups: which groups these are; empty until the questions are known.

    >>> str(Bound("latency_p50", 0.05, floor=False)), Bound("answer_f1", 0.6, floor=True).kept_by(0.7)
    ('latency_p50 <= 50 ms', True)
    >>> [str(part) for part in Bound("answer_f1", 0.5, floor=True, column="language", groups=("de", "fi")).parts]
    ['answer_f1[language=de] >= 0.5', 'answer_f1[language=fi] >= 0.5']
    """

    measure: str
    limit: float
    floor: bool
    column: str = ""
    groups: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Bound, ...]:
        """The bounds on single figures that it stands for: itself, or one for each group."""
        if not self.column:
            return (self,)
        names = (str(GroupName(self.measure, self.column, group)) for group in self.groups)
        return tuple(Bound(name, self.limit, self.floor) for name in names)

    @property
    def bounded(self) -> tuple[str, str]:
        """What it is a bound on, of which there is one at most: the figure, and the column of groups."""
        return self.measure, self.column

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
        each = f" for each {self.column}" if self.column else ""
        return f"{self.measure} {'>=' if self.floor else '<='} {self.amount}{each}"


def total_missed(bounds: Sequence[Bound], values: Sequence[float]) -> float:
    """By how much figures miss their bounds, added up as shares of the limits: 0 where all are kept, infinite where a
    figure is not known."""
    shares = [bound.share_missed(value) for bound, value in zip(bounds, values, strict=True)]
    return sum(math.inf if math.isnan(share) else max(0.0, share) for share in shares)
