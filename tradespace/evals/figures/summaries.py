"""How the values of single questions become one figure: their mean, as it is or corrected, or a quantile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from numpy.typing import ArrayLike

from tradespace.evals.prediction_powered import LabelDesign, corrected_differences, corrected_means
from tradespace.evals.simultaneous import (
    paired_differences,
    ratio_differences,
    simultaneous_means,
    simultaneous_quantiles,
)
from tradespace.evals.statistics import (
    Array,
    Estimate,
    Range,
    Table,
    Values,
    array_of,
    mean_of,
    means,
    quantile_of,
    quantiles,
    questions_to_bound,
)
from tradespace.evals.verdicts import BoundVerdict, share_verdicts


class Summary(Protocol):
    """Summarises questions. A missing value (NaN, or None in a table) is left out; an infinite one is not."""

    @property
    def questions_to_bound(self) -> int:
        """How many questions its interval needs at least, to have an upper end."""

    @property
    def paired(self) -> bool:
        """Whether two rows may be compared question by question, on those that both have."""

    def of(self, values: ArrayLike) -> Array:
        """Summarise the last axis; NaN where nothing is known."""

    def estimates(self, table: Table) -> list[Estimate]:
        """The same for each row, with its interval."""

    def together(self, table: Table) -> list[Estimate]:
        """The same, with intervals that all hold at once."""

    def differences(self, table: Table, reference: Values) -> list[Estimate]:
        """By how much the values of each row exceed a reference's on the same questions, in the mean, with intervals
        that all hold at once."""

    def verdicts(self, table: Table, bound: float, error: float) -> list[BoundVerdict]:
        """Whether the figure of each row is within a bound on all questions, asked or not; `error` is the chance that
        any of these verdicts is wrong."""


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean; `within` is the range in which every value lies, where there is one."""

    within: Range | None = None
    questions_to_bound: int = 0
    paired: bool = True

    def of(self, values: ArrayLike) -> Array:
        return mean_of(values)

    def estimates(self, table: Table) -> list[Estimate]:
        return means(table, within=self.within)

    def together(self, table: Table) -> list[Estimate]:
        return simultaneous_means(table, self.within)

    def differences(self, table: Table, reference: Values) -> list[Estimate]:
        return paired_differences(table, reference, self.range_of_differences)

    @property
    def range_of_differences(self) -> Range | None:
        """Where the difference of two values lies; None where that is not known."""
        width = self.within[1] - self.within[0] if self.within else None
        return None if width is None else (-width, width)

    def verdicts(self, table: Table, bound: float, error: float) -> list[BoundVerdict]:
        return [_verdict(each, bound) for each in simultaneous_means(table, self.within, 1 - error)]


@dataclass(frozen=True, slots=True)
class OwnMean(Mean):
    """The mean over questions that each row has for itself, such as those that a pipeline answers.

    It is a ratio of two sums that both vary with the questions. So rows are compared as ratios, not on those questions
    that both have, which are not the ones that either is judged by.
    """

    paired: bool = False

    def differences(self, table: Table, reference: Values) -> list[Estimate]:
        return ratio_differences(table, reference, self.range_of_differences)


@dataclass(frozen=True, slots=True)
class CorrectedMean:
    """The mean of rectified scores: of what a judge said, corrected by what people said of some of it.

    Attributes:
        design: which questions people labelled.
    """

    design: LabelDesign
    questions_to_bound: int = 0
    paired: bool = True

    def of(self, values: ArrayLike) -> Array:
        return mean_of(values)

    def estimates(self, table: Table) -> list[Estimate]:
        return [corrected_means([row], self.design)[0] for row in table]

    def together(self, table: Table) -> list[Estimate]:
        return corrected_means(table, self.design)

    def differences(self, table: Table, reference: Values) -> list[Estimate]:
        return corrected_differences(table, reference, self.design)

    def verdicts(self, table: Table, bound: float, error: float) -> list[BoundVerdict]:
        return [_verdict(each, bound) for each in corrected_means(table, self.design, 1 - error)]


@dataclass(frozen=True, slots=True)
class Quantile:
    """The smallest value that at least a share of the questions does not exceed."""

    share: float
    paired: bool = True

    @property
    def questions_to_bound(self) -> int:
        return questions_to_bound(self.share)

    def of(self, values: ArrayLike) -> Array:
        return quantile_of(values, self.share)

    def estimates(self, table: Table) -> list[Estimate]:
        return quantiles(table, self.share)

    def together(self, table: Table) -> list[Estimate]:
        return simultaneous_quantiles(table, self.share)

    def differences(self, table: Table, reference: Values) -> list[Estimate]:
        return paired_differences(table, reference, within=None)

    def verdicts(self, table: Table, bound: float, error: float) -> list[BoundVerdict]:
        return share_verdicts(array_of(table), bound, self.share, error)


def _verdict(estimate: Estimate, bound: float) -> BoundVerdict:
    if estimate.high is not None and estimate.high <= bound:
        return BoundVerdict.KEPT
    return BoundVerdict.MISSED if estimate.low is not None and estimate.low > bound else BoundVerdict.UNDECIDED
