"""Figures of groups of questions on a console."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape
from tradespace.reports.by_group import GroupTable


def print_groups(console: Console, tables: Sequence[GroupTable]) -> None:
    """A table for each column that tells groups of questions apart, each with its notes."""
    if tables:
        console.print(escape(f"By group, of {tables[0].pipeline}:"), soft_wrap=True)
    for table in tables:
        shown = Table(*map(escape, table.head))
        for row in table.rows:
            shown.add_row(*map(escape, row))
        console.print(shown)
        for note in table.notes:
            console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
