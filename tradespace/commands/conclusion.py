"""What commands say of a conclusion, and how they then end."""

from __future__ import annotations

from rich.console import Console

from tradespace.commands.console import escape
from tradespace.commands.entry import Exit
from tradespace.errors import InputError
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.results import Results
from tradespace.reports.recommendation import Verdict, recommendation
from tradespace.reports.splits import split_sentence
from tradespace.search_space.goals import ServiceLevel, seconds

EXITS = {
    Verdict.CONFIRMED: Exit.DONE,
    Verdict.UNCONFIRMED: Exit.DONE,
    Verdict.FRONTIER: Exit.DONE,
    Verdict.MISSED: Exit.SLA_NOT_MET,
    Verdict.NOTHING: Exit.FAILED,
}


def print_conclusion(console: Console, conclusion: Conclusion) -> Exit:
    """Print the answer in sentences; say how a command that asked for it ends."""
    recommended = recommendation(conclusion)
    console.print(f"[bold]{escape(recommended.headline)}[/bold]", soft_wrap=True)
    if recommended.pipeline:
        console.print(f"  {escape(recommended.pipeline)}", soft_wrap=True)
    if split := split_sentence(conclusion):
        console.print(escape(split), soft_wrap=True)
    for note in recommended.notes:
        console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
    return EXITS[recommended.verdict]


def other_sla(results: Results, text: str | None) -> ServiceLevel | None:
    """The study's SLA with another bound; one on the 95th percentile where the study has none.

    Raises:
        InputError: the text is no duration.
    """
    if text is None:
        return results.goals.sla
    try:
        bound = seconds(text)
    except ValueError as error:
        raise InputError(f"--sla {error}") from None
    sla = results.goals.sla or ServiceLevel("latency_p95", bound)
    return ServiceLevel(sla.measure, bound, sla.split)
