"""What commands say of a conclusion, and how they then end."""

from __future__ import annotations

from rich.console import Console

from tradespace.commands.console import escape
from tradespace.commands.entry import Exit
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.reports.observed import observed_sentences
from tradespace.reports.recommendation import Verdict, recommendation
from tradespace.reports.splits import split_sentence

EXITS = {
    Verdict.CONFIRMED: Exit.DONE,
    Verdict.UNCONFIRMED: Exit.DONE,
    Verdict.FRONTIER: Exit.DONE,
    Verdict.MISSED: Exit.BOUNDS_NOT_KEPT,
    Verdict.NOTHING: Exit.FAILED,
}


def print_conclusion(console: Console, conclusion: Conclusion) -> Exit:
    """Print the answer in sentences; say how a command that asked for it ends."""
    recommended = recommendation(conclusion)
    console.print(f"[bold]{escape(recommended.headline)}[/bold]", soft_wrap=True)
    if recommended.pipeline:
        console.print(f"  {escape(recommended.pipeline)}", soft_wrap=True)
    for sentence in observed_sentences(conclusion):
        console.print(escape(sentence), soft_wrap=True)
    if split := split_sentence(conclusion):
        console.print(escape(split), soft_wrap=True)
    for note in recommended.notes:
        console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
    return verdict_exit(conclusion)


def verdict_exit(conclusion: Conclusion) -> Exit:
    """How a command ends that asked for this answer."""
    return EXITS[recommendation(conclusion).verdict]
