"""Tables of sections on a console."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape
from tradespace.reports.section import SectionTable

NUMBER_COLUMN, NOTATION_COLUMN = "#", "pipeline"


def print_table(console: Console, table: SectionTable) -> None:
    """The texts as a table. Pipelines that have a number are too long for a column: they stand below, each once."""
    is_numbered = NUMBER_COLUMN in table.columns
    columns = [place for place, name in enumerate(table.columns) if not (is_numbered and name == NOTATION_COLUMN)]
    shown = Table(*(escape(table.columns[place]) for place in columns))
    for row in table.rows:
        shown.add_row(*(escape(row.cells[place].text) for place in columns))
    console.print(shown)
    if is_numbered:
        place = table.columns.index(NUMBER_COLUMN)
        for line in dict.fromkeys(f"{row.cells[place].text:>5} {row.pipeline}" for row in table.rows if row.pipeline):
            console.print(escape(line), soft_wrap=True)
    if table.left_out:
        console.print(f"[dim]{table.left_out:,} more: `report` lists them.[/dim]")
