"""What `tradespace data generate` says of what it did: what became of all questions, and why there are not more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape
from tradespace.explorer.generating.fates import FATE_ADVICE, Fate
from tradespace.explorer.generating.generation import GeneratedQuestions
from tradespace.explorer.generating.output import QuestionOutput
from tradespace.explorer.running.budget import Budget
from tradespace.plurals import agreeing
from tradespace.reports.words import dollars

MOST_ADVICE = 2
"""Reasons that are told, the most frequent first."""


def print_generated(
    console: Console, generated: GeneratedQuestions, wanted: int, output: QuestionOutput, budget: Budget
) -> None:
    """Print what became of the questions, what that took, and what to do next."""
    if generated.tried:
        console.print(fates_table(generated))
    kept = len(generated.questions)
    where = f"in {output.file}" if kept else f"so that {output.file} is not written"
    paid = f" for {dollars(budget.usd)}" if budget.usd else ""
    console.print(
        escape(
            f"{agreeing(kept, 'question was', 'questions were')} kept of {generated.tried:,} tried, {where}. "
            f"{agreeing(budget.made, 'call was', 'calls were')} made{paid}; what came back is kept in {output.folder}."
        ),
        soft_wrap=True,
    )
    if kept < wanted:
        for sentence in why_so_few(generated, wanted):
            console.print(f"[yellow]{escape(sentence)}[/yellow]", soft_wrap=True)
    if kept:
        console.print("Read them, and delete or mend what nobody would ask. They stay marked as generated.")


def fates_table(generated: GeneratedQuestions) -> Table:
    """A row for each type of question, and a column for each fate that any of them came to."""
    fates = [fate for fate in Fate if any(counts.get(fate) for counts in generated.fates.values())]
    table = Table("type", *fates)
    for column in table.columns[1:]:
        column.justify = "right"
    for question_type, counts in generated.fates.items():
        table.add_row(question_type, *(f"{counts.get(fate, 0):,}" for fate in fates))
    return table


def why_so_few(generated: GeneratedQuestions, wanted: int) -> Iterator[str]:
    """Why there are fewer questions than wanted, and what to do about it; the most frequent reasons."""
    yield f"Only {len(generated.questions):,} of the {wanted:,} that were wanted: {generated.stopped}."
    lost = sum((Counter(counts) for counts in generated.fates.values()), Counter[Fate]())
    reasons = [(fate, number) for fate, number in lost.most_common() if fate is not Fate.KEPT]
    for fate, number in reasons[:MOST_ADVICE]:
        told = generated.failure if fate is Fate.FAILED else FATE_ADVICE[fate]
        yield f"{number:,} times {fate} ({told})."
