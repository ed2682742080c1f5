"""What is to be seen of an exploration under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """A report as it is sent, with its number among those of this run, from 1, and the time of day when it was made."""

    html: bytes = b""
    number: int = 0
    time: str = ""


@dataclass
class LiveBoard:
    """What the exploration writes up, and any thread may read.

    Attributes:
        name: of the study.
        path: of the report that the exploration will leave behind.
        phase: what it is at.
        doing: the same in detail, while it says so.
        lines: how far it has come, in words.
        warnings: all so far.
        problem: why the report could not be made anew; empty where it could.
        report: the newest.
        stopping: whether it was asked to stop.
        ended: whether it is over, and the report the last.
    """

    name: str
    path: str
    phase: str = ""
    doing: str = ""
    lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    problem: str = ""
    report: RenderedReport = RenderedReport()
    stopping: bool = False
    ended: bool = False

    def publish(self, html: bytes) -> None:
        """Put a newer report in the place of the last."""
        self.report = RenderedReport(html, self.report.number + 1, f"{datetime.now():%H:%M:%S}")

    def shown(self) -> dict[str, Any]:
        """What the page shows beside the report."""
        report = self.report
        return {
            "name": self.name,
            "path": self.path,
            "phase": self.phase,
            "doing": self.doing,
            "lines": self.lines,
            "warnings": self.warnings,
            "problem": self.problem,
            "report": report.number,
            "time": report.time,
            "stopping": self.stopping,
            "ended": self.ended,
        }
