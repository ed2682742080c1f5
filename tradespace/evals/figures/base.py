"""The figure of merit: what a pipeline is judged by, and all that must be known to judge by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from tradespace.evals.figures.summaries import Summary
from tradespace.evals.figures.units import Unit
from tradespace.evals.statistics import Array

AnyRates = TypeVar("AnyRates", bound="Rates")


class Kind(StrEnum):
    """What a figure is about: how good a pipeline is, how fast, or what else it takes."""

    SCORE = "score"
    LATENCY = "latency"
    COST = "cost"


class Tables(Protocol):
    """What is known of pipelines that were asked the same questions: tables of shape (pipelines, questions), with NaN
    where a value is missing."""

    def measured_seconds(self) -> Array:
        """Seconds from end to end; infinite where a question failed."""

    def scores(self, measure: str) -> Array:
        """Scores are per question; 0 where one failed."""

    def metered(self, quantity: str) -> Array:
        """What each question took of a quantity, such as `usd`."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What sentences and tables call a figure.

    Attributes:
        name: as in `95th-percentile latency`.
        column: the same where room is short.
        asked: what a plot against it asks, as in `how many milliseconds`.
        price: what is done to get more of something else, as in `wait longer`.
    """

    name: str
    column: str
    asked: str
    price: str


class Rates(BaseModel):
    """What a quantity is estimated from where this machine does not measure it: a section of a search-space file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Meter(Generic[AnyRates]):
    """How a quantity that calls do not record becomes known: the machine measures it, or it is estimated from seconds.

    Attributes:
        quantity: what evaluations call it, such as `joules`.
        count: how much of it this machine has counted so far; None where it counts none, or lets none be read.
        counted_by: what counts it, in words.
        section: the section of a search-space file that holds the rates.
        rates: the settings of that section.
        example: of that section.
        reckon: what something took that lasted so many seconds.
        reckoned_from: what that rests on, in words.
    """

    quantity: str
    count: Callable[[], float | None]
    counted_by: str
    section: str
    rates: type[AnyRates]
    example: str
    reckon: Callable[[float, AnyRates], float]
    reckoned_from: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of merit.

    Attributes:
        name: how YAML, tables and reports call it; unique.
        what: what it measures, for documentation.
        kind: what it is about.
        maximize: whether more is better.
        unit: how it is written.
        values: what it summarises, a value for each question.
        summary: how these become one figure, with an interval.
        wording: how sentences call it.
        needs: the section of a search-space file without which it is known for no pipeline, and an example of it.
        meter: how what it summarises becomes known, where no call tells.
        of_deployments: whether only a deployment has it, and no pipeline by itself.

    >>> from tradespace.evals.figures import figure_of
    >>> latency = figure_of("latency_p95")
    >>> latency.wording.name, latency.maximize, latency.unit.write(0.0834)
    ('95th-percentile latency', False, '83.4 ms')
    """

    name: str
    what: str
    kind: Kind
    maximize: bool
    unit: Unit
    values: Callable[[Tables], Array]
    summary: Summary
    wording: Wording
    needs: tuple[str, str] | None = None
    meter: Meter[Any] | None = None
    of_deployments: bool = False
