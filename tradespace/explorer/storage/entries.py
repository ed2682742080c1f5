"""What is stored in a ledger, outcomes and timings, and what is counted of them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple
from zlib import crc32

FIRST_TOKEN = "first_token"
"""The condition of a timing that holds the seconds to the first piece of a text that was streamed."""


class Entry(NamedTuple):
    """An outcome as it is stored: under its key, with the name of the component that gave it ("" where that is not
    known) and a checksum over key and value, without which a damaged disk would change answers unnoticed.
    """

    key: bytes
    value: bytes
    component: str
    checksum: int

    @property
    def sound(self) -> bool:
        """Whether key and value are those that were stored."""
        return checksum_of(self.key, self.value) == self.checksum


def checksum_of(key: bytes, value: bytes) -> int:
    """A checksum over an outcome and its key."""
    return crc32(value, crc32(key))


@dataclass(frozen=True, slots=True)
class Timing:
    """One sample: how many seconds a piece of work took for a question.

    `work` is the content address of what was timed: the calls of a stage, or a whole pipeline end to end.
    """

    host: str
    work: str
    question: str
    seconds: float
    conditions: Mapping[str, float | int | str]


def first_token_of(timings: Iterable[Timing]) -> float | None:
    """Seconds to the first piece of text, in the median of the timings that know them; None where none does."""
    known = [float(timing.conditions[FIRST_TOKEN]) for timing in timings if FIRST_TOKEN in timing.conditions]
    return median(known) if known else None


class Sample(NamedTuple):
    """A timing as it is stored: its conditions as JSON, and when it was recorded, in seconds since 1970. Samples that
    are equal in all of it are one.
    """

    host: str
    work: str
    question: str
    seconds: float
    conditions: str
    at: float

    @property
    def timing(self) -> Timing:
        """The timing that was recorded."""
        return Timing(self.host, self.work, self.question, self.seconds, json.loads(self.conditions))


def sample_of(timing: Timing) -> Sample:
    """A timing that is recorded now."""
    conditions = json.dumps(dict(timing.conditions))
    return Sample(timing.host, timing.work, timing.question, timing.seconds, conditions, time.time())


@dataclass(frozen=True, slots=True)
class Share:
    """What one component's outcomes, or one host's timings, take of a ledger. `size` is in bytes, of outcomes only."""

    name: str
    count: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """What a ledger holds: outcomes by component and timings by host, the largest first.

    Attributes:
        stored_bytes: what all of it takes where it is kept, with what is journalled.
    """

    outcomes: tuple[Share, ...]
    timings: tuple[Share, ...]
    stored_bytes: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was added, removed or saved."""

    outcomes: int = 0
    timings: int = 0
    evaluations: int = 0


def largest_first(shares: Iterable[Share]) -> tuple[Share, ...]:
    """Shares by their bytes, those of equal size by their number."""
    return tuple(sorted(shares, key=lambda share: (-share.size, -share.count, share.name)))
