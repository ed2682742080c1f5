"""What a running system recorded, as plain values: spans with attributes by one vocabulary, whatever wrote them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tradespace.errors import Fault

MOST_PLACES_NAMED = 10
"""Broken values of which the place is told."""


@dataclass(frozen=True, slots=True)
class RecordedSpan:
    """One operation of a request.

    Attributes:
        trace: what the spans of one request have in common.
        span, parent: its own id, and that of the span it is a part of; empty where there is none.
        start: seconds since 1970.
        seconds: that it took; None where that is not known.
        failed: whether it ended with an error.
        attributes: by OpenInference's names, nested ones joined by dots.
    """

    trace: str
    span: str
    parent: str
    start: float
    seconds: float | None
    failed: bool
    attributes: Mapping[str, Any]


@dataclass
class ReadingAccount:
    """What became of the values in files of traces.

    Attributes:
        formats: how many values of each format were read.
        skipped: how many were left out, by reason.
        faults: where the first of them stand.
    """

    formats: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def skip(self, reason: str, where: str) -> None:
        """Note that something was left out."""
        self.skipped[reason] += 1
        if len(self.faults) < MOST_PLACES_NAMED:
            self.faults.append(Fault(reason, where))


class TraceReader(Protocol):
    """Reads one format of traces.

    Attributes:
        name: what the format is called.
        layout: what it looks like, for whoever has another one.
    """

    @property
    def name(self) -> str: ...

    @property
    def layout(self) -> str: ...

    def detects(self, value: Any) -> bool:
        """Whether a JSON value is of this format."""

    def spans(self, value: Any, where: str, account: ReadingAccount) -> Iterator[RecordedSpan]:
        """The spans of a value that it detects. What is broken is left out, and noted: nothing is raised for it."""
