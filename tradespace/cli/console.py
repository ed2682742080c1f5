"""Where output goes."""

from __future__ import annotations

from rich.console import Console

WIDTH_OF_A_FILE = 160


def wide_console() -> Console:
    """A console that is as wide as the terminal, and wide enough for tables where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_OF_A_FILE)
