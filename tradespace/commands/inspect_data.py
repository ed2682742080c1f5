"""`tradespace data inspect`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape, wide_console
from tradespace.commands.guesses import guesses
from tradespace.data import Source
from tradespace.data.guessed_source import guessed_source
from tradespace.data.inspect import Inspection, SampleQuestion, inspect, inspected
from tradespace.data.lengths import Lengths
from tradespace.errors import DataError, Fault, InputError
from tradespace.explorer.advice import advise
from tradespace.plurals import count

LISTED_FAULTS = 20
DOCUMENT_CHARACTERS = 200


def print_inspection(path: str) -> None:
    """Say what was read from a path or a bundled dataset, and what is wrong with it.

    Raises:
        DataError: something is wrong that must be put right before the data can be used.
    """
    console = wide_console()
    inspection, guessed = _inspection(path)
    console.print(escape(f"{inspection.name} ({inspection.format})"), soft_wrap=True)
    if guessed:
        console.print("Guessed; `tradespace init FILE --dataset PATH` writes it down:")
        console.print(escape("\n".join(guessed)), soft_wrap=True)
    console.print(_counts(inspection))
    _print_advice(console, inspection)
    for sample in inspection.samples:
        _print_sample(console, sample)
    if inspection.faults:
        _print_faults(console, inspection.faults)
    elif not inspection.fatal:
        console.print("Nothing is wrong.")
    if inspection.fatal:
        raise DataError(_capped(inspection.fatal))


def _inspection(path: str) -> tuple[Inspection, list[str]]:
    """What was read, and what was guessed of it: only what cannot be read otherwise."""
    try:
        found = guessed_source(Source(path))
    except DataError as problem:
        try:
            return inspect(path), []
        except DataError:
            raise problem from None
    return inspected(found.reading), guesses(Source(path), found.source)


def _counts(inspection: Inspection) -> Table:
    table = Table("", "number", "words: fewest", "quarter", "half", "three quarters", "95 %", "most")
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("documents", f"{inspection.documents:,}", *_words(inspection.document_words))
    table.add_row("questions", f"{inspection.questions:,}", *_words(inspection.question_words))
    table.add_row("  with answers", f"{inspection.with_answers:,}", *_words(inspection.answers.words))
    table.add_row("  with gold documents", f"{inspection.with_gold:,}")
    table.add_row("  with evidence", f"{inspection.with_evidence:,}")
    if inspection.generated:
        table.add_row("  generated", f"{inspection.generated:,}")
    return table


def _print_advice(console: Console, inspection: Inspection) -> None:
    """What the data are fit for, as `init` chooses by it."""
    if inspection.answers.standing is not None:
        console.print(f"{inspection.answers.standing:.0%} of the answers occur verbatim in their documents.")
    try:
        choice = advise(inspection.dataset, inspection.answers)
    except InputError as error:
        if inspection.questions:
            console.print(f"[yellow]{escape(str(error))}[/yellow]", soft_wrap=True)
        return
    console.print(
        f"init would choose: objective {choice.objective}, {count(choice.explore, 'question')} to explore and "
        f"{choice.confirm} to confirm, because:",
        soft_wrap=True,
    )
    for reason in choice.reasons:
        console.print(f"  {escape(reason)}", soft_wrap=True)


def _words(lengths: Lengths) -> list[str]:
    return [f"{value:,}" for value in astuple(lengths)]


def _print_sample(console: Console, sample: SampleQuestion) -> None:
    lacking = "(to be declined: nothing answers it)" if sample.question.answers else "(no answers)"
    answers = " | ".join(filter(None, sample.question.answers)) or lacking
    console.print(f"[bold]{escape(sample.question.text)}[/bold] → {escape(answers)}", soft_wrap=True)
    for piece in sample.question.evidence:
        evidence = " ".join(piece[0].text.split())[:DOCUMENT_CHARACTERS]
        console.print(f"[dim]evidence in {escape(piece[0].document_id)}: {escape(evidence)}[/dim]", soft_wrap=True)
    if sample.document and not sample.question.evidence:
        text = sample.document.text[:DOCUMENT_CHARACTERS].replace("\n", " ")
        console.print(f"[dim]{escape(sample.document.id)}: {escape(text)} …[/dim]", soft_wrap=True)


def _print_faults(console: Console, faults: Sequence[Fault]) -> None:
    console.print(f"[yellow]{len(faults):,} things to check:[/yellow]")
    for fault in _capped(faults):
        console.print(f"  {escape(str(fault))}", soft_wrap=True)


def _capped(faults: Sequence[Fault]) -> list[Fault]:
    more = len(faults) - LISTED_FAULTS
    return [*faults[:LISTED_FAULTS], *([Fault(f"and {more:,} more")] if more > 0 else [])]
