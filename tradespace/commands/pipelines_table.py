"""Tables of pipelines on a console."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape
from tradespace.reports.table import PipelinesTable


def print_pipelines(console: Console, table: PipelinesTable) -> None:
    """The figures as a table, and below it the pipelines, which are too long for a column, each once."""
    columns = [place for place, name in enumerate(table.columns) if name != "pipeline"]
    shown = Table(*(escape(table.columns[place]) for place in columns))
    for row in table.rows:
        shown.add_row(*(escape(row.cells[place].text) for place in columns))
    console.print(shown)
    for line in dict.fromkeys(f"{row.cells[0].text:>5} {row.pipeline}" for row in table.rows):
        console.print(escape(line), soft_wrap=True)
