"""`tradespace report --compare` and `show --compare`: what changed between two studies, from their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tradespace.commands.console import escape, wide_console
from tradespace.commands.formats import ReportFormat, TableFormat, print_answer_as, require_terminal, write_named
from tradespace.commands.preferences import Preferences
from tradespace.commands.report import ReportWishes, place_in_study
from tradespace.commands.sections import print_whole
from tradespace.commands.show import ShowWishes
from tradespace.errors import InputError
from tradespace.explorer.conclusions.comparing import StudyComparison, compare_studies
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.change_columns import change_columns
from tradespace.reports.comparison import comparison_screen, comparison_sections, comparison_title
from tradespace.reports.comparison_page import render_comparison
from tradespace.reports.markdown import markdown_report
from tradespace.reports.plain_text import csv_text
from tradespace.reports.section import SectionTable
from tradespace.reports.written_report import WrittenReport, report_json, written_report

PRINTED_ROWS = 30
"""Of a table, on a terminal; the report lists the others."""


def print_comparison(before: Path, after: Path, wishes: ShowWishes, preferences: Preferences) -> None:
    """Print what changed between two studies.

    Raises:
        InputError: a preference is none, nothing was timed on that host, or the file cannot be written.
    """
    compared = _compared(before, after, wishes.host, preferences)
    if wishes.format is not TableFormat.TABLE:
        table, content = change_columns(compared), _content(compared)
        print_answer_as(wishes.format, lambda: content, lambda: table.named_rows, wishes.output)
        return
    require_terminal(wishes.output)
    console, first = wide_console(), comparison_screen(compared)
    console.print(escape(comparison_title(compared)), soft_wrap=True)
    console.print(f"[bold]{escape(first.headline)}[/bold]", soft_wrap=True)
    for sentence in (*first.notices, *first.ties):
        console.print(escape(sentence), soft_wrap=True)
    for section in comparison_sections(compared):
        print_whole(console, replace(section, tables=() if section.folded else tuple(map(_cut, section.tables))))


def _cut(table: SectionTable) -> SectionTable:
    """The first rows, with how many that leaves out."""
    rows = table.rows[:PRINTED_ROWS]
    return replace(table, rows=rows, left_out=table.left_out + len(table.rows) - len(rows))


def write_comparison_of(before: Path, after: Path, wishes: ReportWishes, preferences: Preferences) -> Path:
    """Write what changed between two studies, and return the path.

    Raises:
        InputError: a preference is none, nothing was timed on that host, pictures are asked for, or the file cannot be
            written.
    """
    if wishes.format is ReportFormat.PNG:
        raise InputError("a comparison has no pictures: choose --format html, md, json or csv")
    output = wishes.output or place_in_study(StudyFolder(after), f"comparison.{wishes.format}")
    compared = _compared(before, after, wishes.host, preferences)
    return write_named(TEXTS_OF_COMPARISONS[wishes.format](compared), output)


def _compared(before: Path, after: Path, host: str | None, preferences: Preferences) -> StudyComparison:
    """Both studies by the same preferences; the host is that of the one after."""
    old, new = StudyFolder(before).results(), StudyFolder(after).results(host)
    return compare_studies(preferences.applied(old), preferences.applied(new))


def _content(compared: StudyComparison) -> dict[str, Any]:
    """What JSON holds on a terminal."""
    first = comparison_screen(compared)
    chosen = (compared.recommendation.before, compared.recommendation.after)
    return {
        "title": comparison_title(compared),
        "headline": first.headline,
        "recommended": [each.evaluation.pipeline if each else None for each in chosen],
        "questions": compared.questions,
        "changes": change_columns(compared).records,
    }


def _written(compared: StudyComparison) -> WrittenReport:
    first = comparison_screen(compared)
    return written_report(
        comparison_title(compared), first, comparison_sections(compared), change_columns(compared).records
    )


TEXTS_OF_COMPARISONS: Mapping[ReportFormat, Callable[[StudyComparison], str]] = {
    ReportFormat.HTML: render_comparison,
    ReportFormat.MD: lambda compared: markdown_report(_written(compared)),
    ReportFormat.JSON: lambda compared: report_json(_written(compared)) + "\n",
    ReportFormat.CSV: lambda compared: csv_text(change_columns(compared).named_rows),
}
