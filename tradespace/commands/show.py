"""`tradespace show`: prints the results from the records of a study; runs nothing."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.commands.conclusion import print_conclusion
from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.preferences import Preferences
from tradespace.commands.spending import cut_short, phases, spending
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.storage.study import Study
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.latency import timing_info, timing_sentences
from tradespace.reports.metering import metering_sentences
from tradespace.reports.replies import reply_sentences
from tradespace.reports.searched import search_sentences
from tradespace.reports.table import PipelinesTable, pipelines_table


def print_frontier(folder: Path, host: str | None, preferences: Preferences) -> Exit:
    """Print the answer and the frontier, timed on `host`, by other preferences where there are any; say how the command
    ends.

    Raises:
        InputError: a preference is none, or nothing was timed on that host.
    """
    console = wide_console()
    results = preferences.applied(Study(folder).results(host))
    conclusion = conclude(results)
    ended = print_conclusion(console, conclusion)
    print_pipelines(console, pipelines_table(conclusion, pipeline_numbers(results), frontier_only=True))
    where = results.provenance
    timing = (*timing_sentences(timing_info(results)), *metering_sentences(results))
    notes = (
        cut_short(where),
        *search_sentences(where.search),
        *reply_sentences(results),
        *timing,
        spending(where),
        phases(where),
    )
    for note in notes:
        if note:
            console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
    return ended


def print_pipelines(console: Console, table: PipelinesTable) -> None:
    """The figures as a table, and below it the pipelines, which are too long for a column."""
    columns = [place for place, name in enumerate(table.columns) if name != "pipeline"]
    shown = Table(*(escape(table.columns[place]) for place in columns))
    for row in table.rows:
        shown.add_row(*(escape(row.cells[place].text) for place in columns))
    console.print(shown)
    for row in table.rows:
        console.print(escape(f"{row.cells[0].text:>5} {row.pipeline}"), soft_wrap=True)
