"""The queue of a group of stages: first come first served, and handed out in batches.

A free replica takes up to `batch` of what waits: at once where there are as many, else when the first has waited for
`wait` seconds. The simulation (`tradespace.explorer.load`) keeps to the same rule.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from itertools import islice
from typing import Generic, Protocol, TypeVar


class Queueing(Protocol):
    """What waits: told apart by identity, with the kind of those that it may be in a batch with."""

    @property
    def kind(self) -> Hashable:
        """Only what is of one kind is taken together, such as requests of one pipeline."""


T = TypeVar("T", bound=Queueing)


class BatchQueue(Generic[T]):
    """What waits for a replica, in the order of its entry.

    Attributes:
        batch: how many a replica takes together, at most; may change at any time.
        wait: seconds that a free replica waits for a batch to fill, from the entry of its first; may change, too.
    """

    def __init__(self, batch: int = 1, wait: float = 0.0) -> None:
        self.batch = batch
        self.wait = wait
        self._entered: OrderedDict[T, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entered)

    def enter(self, item: T, now: float) -> None:
        """Queue up."""
        self._entered[item] = now

    def enter_first(self, item: T, now: float) -> None:
        """Queue up before all others, and for no longer than it takes until a replica is free."""
        self._entered[item] = now - self.wait
        self._entered.move_to_end(item, last=False)

    def leave(self, item: T) -> None:
        """Wait no longer; nothing happens to what does not wait."""
        self._entered.pop(item, None)

    @property
    def due(self) -> float | None:
        """When a free replica takes the first, with a full batch or not; None where nothing waits."""
        return next(iter(self._entered.values())) + self.wait if self._entered else None

    def take(self, now: float) -> list[T]:
        """The first, and those of its kind behind it; nothing where they are too few and it is not due."""
        due = self.due
        if due is None:
            return []
        kind = next(iter(self._entered)).kind
        batch = list(islice((item for item in self._entered if item.kind == kind), self.batch))
        if len(batch) < self.batch and now < due:
            return []
        for item in batch:
            del self._entered[item]
        return batch
