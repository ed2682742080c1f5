"""Where output goes."""

from __future__ import annotations

from rich import markup
from rich.console import Console

from tradespace.encoding import visible

WIDTH_OF_A_FILE = 160
SHOWN_PASSAGES = 5
"""Of an answer, best first."""


def wide_console() -> Console:
    """A console that is as wide as the terminal, and wide enough for tables where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_OF_A_FILE)


def print_labelled(console: Console, label: str, text: str) -> None:
    """Text from elsewhere behind a label of at most ten characters, its lines below each other; none if empty."""
    if text:
        lines = escape(text).replace("\n", f"\n{' ' * 12}")
        console.print(f"  {label:<10}{lines}", soft_wrap=True)


def escape(text: str) -> str:
    """Text from elsewhere as a console prints it, with neither Rich's markup nor control characters obeyed."""
    return markup.escape(visible(text))
