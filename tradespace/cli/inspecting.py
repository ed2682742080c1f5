"""`tradespace data inspect`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from rich.console import Console
from rich.table import Table

from tradespace.cli.console import escape, wide_console
from tradespace.data.inspect import Inspection, Lengths, Sample, inspect
from tradespace.errors import DataError, Fault

LISTED = 20
SHOWN_CHARACTERS = 200


def print_inspection(path: str) -> None:
    """Say what was read from a path or a bundled dataset, and what is wrong with it.

    Raises:
        DataError: something is wrong that must be put right before the data can be used.
    """
    console = wide_console()
    found = inspect(path)
    console.print(escape(f"{found.name} ({found.format})"), soft_wrap=True)
    console.print(_counts(found))
    for sample in found.samples:
        _print_sample(console, sample)
    if found.faults:
        _print_faults(console, found.faults)
    elif not found.fatal:
        console.print("Nothing is wrong.")
    if found.fatal:
        raise DataError(_capped(found.fatal))


def _counts(found: Inspection) -> Table:
    table = Table("", "number", "words: fewest", "quarter", "half", "three quarters", "95 %", "most")
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("documents", f"{found.documents:,}", *_words(found.document_words))
    table.add_row("questions", f"{found.questions:,}", *_words(found.question_words))
    table.add_row("  with answers", f"{found.with_answers:,}")
    table.add_row("  with gold documents", f"{found.with_gold:,}")
    return table


def _words(lengths: Lengths) -> list[str]:
    return [f"{value:,}" for value in astuple(lengths)]


def _print_sample(console: Console, sample: Sample) -> None:
    answers = " | ".join(sample.question.answers) or "(no answers)"
    console.print(f"[bold]{escape(sample.question.text)}[/bold] → {escape(answers)}", soft_wrap=True)
    if sample.document:
        text = sample.document.text[:SHOWN_CHARACTERS].replace("\n", " ")
        console.print(f"[dim]{escape(sample.document.id)}: {escape(text)} …[/dim]", soft_wrap=True)


def _print_faults(console: Console, faults: Sequence[Fault]) -> None:
    console.print(f"[yellow]{len(faults):,} things to look at:[/yellow]")
    for fault in _capped(faults):
        console.print(f"  {escape(str(fault))}", soft_wrap=True)


def _capped(faults: Sequence[Fault]) -> list[Fault]:
    more = len(faults) - LISTED
    return [*faults[:LISTED], *([Fault(f"and {more:,} more")] if more > 0 else [])]
