"""What one setting may be: one of some values, or a number between two bounds."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Chosen:
    """One of some distinct values; a fixed setting has one value."""

    values: tuple[Any, ...]

    @property
    def size(self) -> int:
        """How many values there are."""
        return len(self.values)

    def members(self) -> Iterator[Any]:
        """Every value, as listed."""
        return iter(self.values)

    def draw(self, generator: random.Random) -> Any:
        """One value, each as likely as any other."""
        return generator.choice(self.values)

    def __contains__(self, value: object) -> bool:
        return any(same_value(value, own) for own in self.values)


@dataclass(frozen=True)
class Drawn:
    """A number from `low` to `high`, both included, in steps of `step`; without a step every float between them.

    `log` draws each order of magnitude equally often. Whole numbers always have a step.
    """

    low: float
    high: float
    step: float | None = None
    log: bool = False

    @property
    def whole(self) -> bool:
        """Whether all values are integers."""
        return isinstance(self.low, int) and isinstance(self.step, int)

    @cached_property
    def size(self) -> int | None:
        """How many values there are, None without a step (unless both bounds are the same)."""
        if self.step is None:
            return 1 if self.low == self.high else None
        return int((_exact(self.high) - _exact(self.low)) // _exact(self.step)) + 1

    @property
    def last(self) -> float:
        """The highest value that the steps reach."""
        return self.high if self.size is None else self.value(self.size - 1)

    def value(self, place: int) -> float:
        """The value after `place` steps, free of the rounding that adding floats would bring."""
        if self.step is None or place == 0:
            return self.low
        exact = _exact(self.low) + place * _exact(self.step)
        return int(exact) if self.whole else float(exact)

    def nearest(self, number: float) -> float:
        """The value nearest to a number."""
        if self.step is None or self.size is None:
            return min(max(number, self.low), self.high)
        return self.value(min(max(round((number - self.low) / self.step), 0), self.size - 1))

    def members(self) -> Iterator[float]:
        """Every value, ascending.

        Raises:
            ValueError: there are infinitely many.
        """
        if self.size is None:
            raise ValueError(f"the numbers from {self.low} to {self.high} without a step cannot be listed")
        return map(self.value, range(self.size))

    def draw(self, generator: random.Random) -> float:
        """One value: uniform, or uniform in the logarithm."""
        if self.log:
            number = math.exp(generator.uniform(math.log(self.low), math.log(self.high)))
            return self.nearest(number)
        if self.size is not None:
            return self.value(generator.randrange(self.size))
        return self.nearest(generator.uniform(self.low, self.high))

    def __contains__(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return self.low <= value <= self.high and self.nearest(value) == value


Domain = Chosen | Drawn


def same_value(left: Any, right: Any) -> bool:
    """Equality that tells True from 1, which Python does not."""
    return isinstance(left, bool) is isinstance(right, bool) and bool(left == right)


def _exact(number: float) -> Decimal:
    return Decimal(str(number))
