"""What became of the requests of a load, as plain values and as a table."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from tradespace.explorer.arrays import Floats

ANSWERED = "200"
UNFINISHED = "unfinished"
"""Status of a request that was under way when the load was interrupted."""


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request. All times are seconds from the start of the load.

    Attributes:
        scheduled: when it was to be sent.
        sent: when the generator began to send it.
        finished: when its reply was whole, or it failed.
        status: of HTTP, with the server's word for a problem where it has one, such as `503 queue_full`; or why there
            is none, such as `timed out`.
        question: id of its question.
        queued, served: seconds that it waited and was worked on, by the server's own account; None where it says
            nothing.
    """

    scheduled: float
    sent: float
    finished: float
    status: str
    question: str
    queued: float | None = None
    served: float | None = None

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.status == ANSWERED

    @property
    def latency(self) -> float:
        """Seconds from when it was to be sent until its answer was there, so that no delay of the generator hides a
        wait; infinite where there is no answer."""
        return self.finished - self.scheduled if self.answered else math.inf

    @property
    def lag(self) -> float:
        """Seconds that the generator sent it late."""
        return self.sent - self.scheduled


@dataclass(frozen=True)
class LoadRecord:
    """The requests of a load, in the order of their schedule.

    Attributes:
        url: where they were sent.
        requests: those that were sent.
        scheduled: how many were to be sent; more than were where the load was interrupted, or the server was gone.
        warm_up: seconds from the start whose requests do not count.
    """

    url: str
    requests: tuple[RequestRecord, ...]
    scheduled: int
    warm_up: float = 0.0

    @property
    def counted(self) -> tuple[RequestRecord, ...]:
        """Those that were scheduled after the warm-up and have come to an end, good or bad."""
        return tuple(
            request for request in self.requests if request.scheduled >= self.warm_up and request.status != UNFINISHED
        )

    @property
    def latency(self) -> Floats:
        """Of the counted requests, in seconds; infinite where there is no answer."""
        return np.array([request.latency for request in self.counted])

    @property
    def lag(self) -> Floats:
        """How late the counted requests were sent, in seconds."""
        return np.array([request.lag for request in self.counted])

    def write(self, file: Path) -> None:
        """Write all requests as CSV: the fields of `RequestRecord`, the latency, and whether they count.

        Raises:
            OSError: it cannot be written.
        """
        with file.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows(self._rows())

    def _rows(self) -> Iterator[list[object]]:
        yield [*(field.name for field in fields(RequestRecord)), "latency", "warm_up"]
        for request in self.requests:
            cells = [
                f"{cell:.6f}" if isinstance(cell, float) else cell for cell in (*astuple(request), request.latency)
            ]
            yield [*cells, int(request.scheduled < self.warm_up)]
