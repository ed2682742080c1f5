"""`tradespace data inspect`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape, wide_console
from tradespace.data.inspect import Inspection, Sample, inspect
from tradespace.data.lengths import Lengths
from tradespace.errors import DataError, Fault, InputError
from tradespace.explorer.advice import advise

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
    _print_advice(console, found)
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
    table.add_row("  with answers", f"{found.with_answers:,}", *_words(found.answers.words))
    table.add_row("  with gold documents", f"{found.with_gold:,}")
    return table


def _print_advice(console: Console, found: Inspection) -> None:
    """What the data are fit for, as `init` chooses by it."""
    if found.answers.standing is not None:
        console.print(f"{found.answers.standing:.0%} of the answers stand in their documents, word for word.")
    try:
        choice = advise(found.dataset, found.answers)
    except InputError as error:
        if found.questions:
            console.print(f"[yellow]{escape(str(error))}[/yellow]", soft_wrap=True)
        return
    console.print(
        f"init would choose: objective {choice.objective}, {choice.explore} questions to explore and "
        f"{choice.confirm} to confirm, because:",
        soft_wrap=True,
    )
    for reason in choice.reasons:
        console.print(f"  {escape(reason)}", soft_wrap=True)


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
