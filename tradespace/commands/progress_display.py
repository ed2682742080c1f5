"""The display of a running exploration: a live panel on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from tradespace.commands.console import escape
from tradespace.encoding import visible
from tradespace.explorer.progress import Status
from tradespace.plurals import count
from tradespace.reports.bounds import bounds_in_words
from tradespace.reports.words import measure_name, quantity, space_size

SECONDS_BETWEEN_LINES = 10.0


class Panel(Protocol):
    """What is drawn in place while an exploration runs."""

    def start(self) -> None:
        """Begin to draw."""

    def show(self, title: str, lines: Sequence[str], doing: str) -> None:
        """Draw a phase, how far it has come, and what is being done."""

    def stop(self) -> None:
        """End, and leave what was drawn last."""


class TerminalPanel:
    """Lines of a terminal that are overwritten."""

    def __init__(self, console: Console) -> None:
        self.live = Live(console=console, refresh_per_second=4)

    def start(self) -> None:
        """Take the terminal."""
        self.live.start()

    def show(self, title: str, lines: Sequence[str], doing: str) -> None:
        """Draw all lines again."""
        heading = Spinner("dots", Text(f"{title} …", style="bold"))
        self.live.update(Group(heading, *(Text(visible(line)) for line in lines), Text(visible(doing), style="dim")))

    def stop(self) -> None:
        """Give the terminal back."""
        self.live.stop()


class Display:
    """Shows what was tried, the best so far under the SLA, and the time left: on a panel, that of the terminal where
    there is one, or else in plain lines."""

    def __init__(self, console: Console, panel: Panel | None = None) -> None:
        self.console = console
        self.panel = panel or (TerminalPanel(console) if console.is_terminal else None)
        self.title = ""
        self.printed = self.silent_since = 0.0
        self.lines: list[str] = []
        self.warned: set[str] = set()

    def __enter__(self) -> Self:
        if self.panel:
            self.panel.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.panel:
            self.panel.stop()

    def phase(self, title: str) -> None:
        """A new phase begins."""
        self.title, self.lines, self.silent_since = title, [], time.monotonic()
        if self.panel:
            self._show()
        else:
            self.console.print(f"{escape(title)} …")

    def working(self, doing: str) -> None:
        """What is being done: a line that comes and goes, or on paper where nothing else was said for a while."""
        if self.panel:
            self._show(doing)
        elif time.monotonic() - self.silent_since > SECONDS_BETWEEN_LINES:
            self.silent_since = time.monotonic()
            self.console.print(f"  {escape(doing)}", soft_wrap=True)

    def _show(self, doing: str = "") -> None:
        if self.panel:
            self.panel.show(self.title, self.lines, doing)

    def searching(self, status: Status) -> None:
        """Another batch was evaluated."""
        self.lines = status_lines(status)
        if self.panel:
            self._show()
        elif time.monotonic() - self.printed > SECONDS_BETWEEN_LINES:
            self.printed = self.silent_since = time.monotonic()
            self.console.print(escape("; ".join(self.lines)), soft_wrap=True)

    def warn(self, messages: Sequence[str]) -> None:
        """Something is amiss: each message once."""
        for message in messages:
            if message not in self.warned:
                self.warned.add(message)
                self.console.print(f"[yellow]warning:[/yellow] {escape(message)}", soft_wrap=True)


def status_lines(status: Status) -> list[str]:
    """A status in words, a line each."""
    left = "" if status.seconds_left is None else f", {max(0.0, status.seconds_left):.0f} s left"
    possible = space_size(status.possible, exact=status.exact)
    shared = f"{count(status.calls_made, 'call')} made for {status.calls_asked:,} asked"
    lines = [f"{count(status.tried, 'pipeline')} tried, of {possible}{left}", shared]
    if status.best is None:
        lines.append(_no_best(status))
    else:
        figures = ", ".join(
            f"{measure_name(name)} {quantity(value, name)}" for name, value in status.best_figures.items()
        )
        lines.append(f"best so far: {figures} with {status.best.pipeline}")
    if status.failures:
        lines.append(f"{count(status.failures, 'question')} failed; the report says why")
    return lines


def _no_best(status: Status) -> str:
    if not status.tried:
        return "none was asked all questions so far"
    if status.goals.bounds and not status.kept:
        return f"none of them keeps {bounds_in_words(status.goals)} so far"
    return "none of them has a figure for every objective so far"
