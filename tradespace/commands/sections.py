"""Sections of the report on a console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console

from tradespace.commands.console import escape
from tradespace.commands.section_tables import print_table
from tradespace.reports.section import FailedSection, Section, SectionTable

FIRST = "pipelines"
WITH_TABLES = (FIRST, "groups", "load")
"""Sections whose tables and small print are shown, by the beginning of their name; of the others, the answer is."""
TOLD_ELSEWHERE = ("split", "provenance")
"""What the answer says already, or `status` does."""


def print_sections(console: Console, sections: Sequence[Section | FailedSection], *, everything: bool = False) -> None:
    """Print the pipelines that are worth a look, or all, then what the other sections answer."""
    shown = [section for section in sections if section.name not in TOLD_ELSEWHERE]
    for section in sorted(shown, key=lambda section: section.name != FIRST):
        if isinstance(section, FailedSection):
            title, reason = escape(section.title), escape(section.reason)
            console.print(f"[yellow]{title}: this could not be made:[/yellow] {reason}", soft_wrap=True)
        elif section.name.partition("-")[0] in WITH_TABLES:
            print_whole(console, section if everything else _worth_a_look(section))
        elif section.sentences:
            answer = escape(" ".join(section.sentences))
            console.print(f"[bold]{escape(section.title)}[/bold] {answer}", soft_wrap=True)


def print_whole(console: Console, section: Section) -> None:
    """Its sentences, its tables, and its small print."""
    console.print(f"[bold]{escape(section.title)}[/bold]", soft_wrap=True)
    for sentence in section.sentences:
        console.print(escape(sentence), soft_wrap=True)
    for table in section.tables:
        print_table(console, table)
    for note in section.notes:
        console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)


def _worth_a_look(section: Section) -> Section:
    """The section without dominated pipelines in its tables."""
    return replace(section, tables=tuple(map(_undominated, section.tables)))


def _undominated(table: SectionTable) -> SectionTable:
    return replace(table, rows=tuple(row for row in table.rows if row.standing != "dominated"))
