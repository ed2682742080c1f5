"""How the values of single questions become one figure: their mean, or a quantile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from numpy.typing import ArrayLike

from tradespace.evals.statistics import (
    Array,
    Estimate,
    Range,
    Table,
    Values,
    mean_of,
    means,
    paired_difference,
    quantile_of,
    quantiles,
    questions_to_bound,
)


class Summary(Protocol):
    """Summarises questions. A missing value (NaN, or None in a table) is left out; an infinite one is not."""

    @property
    def questions_to_bound(self) -> int:
        """How many questions its interval needs at least, to have an upper end."""

    def of(self, values: ArrayLike) -> Array:
        """Summarise the last axis; NaN where nothing is known."""

    def estimates(self, table: Table) -> list[Estimate]:
        """The same for each row, with its interval."""

    def advantage(self, better: Values, worse: Values) -> Estimate:
        """By how much the values of one row exceed another's on the same questions, in the mean, with its interval."""


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean; `within` is the range in which every value lies, where there is one."""

    within: Range | None = None
    questions_to_bound: int = 0

    def of(self, values: ArrayLike) -> Array:
        return mean_of(values)

    def estimates(self, table: Table) -> list[Estimate]:
        return means(table, within=self.within)

    def advantage(self, better: Values, worse: Values) -> Estimate:
        differences = (
            None if self.within is None else (self.within[0] - self.within[1], self.within[1] - self.within[0])
        )
        return paired_difference(better, worse, within=differences)


@dataclass(frozen=True, slots=True)
class Quantile:
    """The smallest value that at least a share of the questions does not exceed."""

    share: float

    @property
    def questions_to_bound(self) -> int:
        return questions_to_bound(self.share)

    def of(self, values: ArrayLike) -> Array:
        return quantile_of(values, self.share)

    def estimates(self, table: Table) -> list[Estimate]:
        return quantiles(table, self.share)

    def advantage(self, better: Values, worse: Values) -> Estimate:
        return paired_difference(better, worse, within=None)
