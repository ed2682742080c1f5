"""Units of figures: how a value is written for a reader, and drawn on an axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

MISSING = "–"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that values are written in.

    Attributes:
        name: what values are kept in, such as `seconds`.
        symbol: what stands at the axis of a plot, such as `ms`; empty for plain numbers.
        text: writes a finite value.
        infinite: what an infinite value is written as.
        scale: how many of `symbol` one of `name` is: 1000 where seconds are drawn in ms.
    """

    name: str
    symbol: str
    text: Callable[[float], str]
    infinite: str = MISSING
    scale: float = 1.0

    def write(self, value: float | None) -> str:
        """Write a value, a dash where it is missing."""
        if value is None or math.isnan(value):
            return MISSING
        return self.text(value) if math.isfinite(value) else self.infinite


def three_digits(value: float) -> str:
    """Three significant digits, never in exponents, never beyond the ten-thousandth."""
    if value == 0:
        return "0"
    exponent = int(f"{value:.2e}".partition("e")[2])
    places = min(4, max(0, 2 - exponent))
    return f"{value:,.{places}f}"


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 10 else f"{three_digits(seconds * 1000)} ms"


NUMBER = Unit("", "", lambda value: f"{value:.3f}")
SECONDS = Unit("seconds", "ms", _duration, infinite="∞", scale=1000.0)
"""Written as milliseconds with three significant digits, or as seconds from ten seconds on; a failure takes forever."""
DOLLARS = Unit("dollars", "$", lambda dollars: f"${three_digits(dollars)}")
