"""The progress of an exploration in notebooks and scripts."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from tradespace.commands.console import wide_console
from tradespace.commands.progress_display import Display
from tradespace.encoding import visible

SECONDS_BETWEEN_DRAWINGS = 0.25
WIDTH_OF_A_CELL = 100


def progress_display(*, quiet: bool = False) -> Display:
    """A display for where this runs: the output of a cell that is drawn in place, a panel on a terminal, plain lines
    elsewhere, or nothing where it is to be `quiet`."""
    if quiet:
        return QuietDisplay(Console(quiet=True, force_terminal=False))
    if not Console().is_jupyter:
        return Display(wide_console())
    lines = Console(highlight=False, force_jupyter=False, force_terminal=False, width=WIDTH_OF_A_CELL)
    return Display(lines, NotebookPanel())


class QuietDisplay(Display):
    """Shows nothing. What is amiss is a warning of Python's, which scripts can filter."""

    def warn(self, messages: Sequence[str]) -> None:
        for message in messages:
            warnings.warn(message, stacklevel=2)


class NotebookPanel:
    """One output of a cell that is drawn again in its place, four times a second at most: it neither grows nor floods
    the browser. In the end it shows how far the search came."""

    def __init__(self) -> None:
        self.title, self.drawn = "", 0.0
        self.told: Sequence[str] = ()
        self.output: Any = None

    def start(self) -> None:
        """Begin an output."""
        from IPython import display

        show: Any = display.display
        self.output = show(_plain([]), raw=True, display_id=True)

    def show(self, title: str, lines: Sequence[str], doing: str) -> None:
        """Draw what goes on: a new phase at once, anything else unless something was drawn just now."""
        self.told = lines or self.told
        if title != self.title or time.monotonic() - self.drawn >= SECONDS_BETWEEN_DRAWINGS:
            self.title, self.drawn = title, time.monotonic()
            self.output.update(_plain([f"{title} …", *lines, doing]), raw=True)

    def stop(self) -> None:
        """Draw the end."""
        self.output.update(_plain(self.told), raw=True)


def _plain(lines: Sequence[str]) -> dict[str, str]:
    """Lines as an output of plain text, in which nothing from elsewhere is obeyed."""
    return {"text/plain": "\n".join(visible(line) for line in lines if line)}
