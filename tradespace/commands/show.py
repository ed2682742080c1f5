"""`tradespace show`: prints the results from the records of a study; runs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace.commands.conclusion import print_conclusion, verdict_exit
from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.formats import TableFormat, print_answer_as, require_terminal
from tradespace.commands.preferences import Preferences
from tradespace.commands.sections import print_sections
from tradespace.commands.spending import cut_short, phases, spending
from tradespace.commands.under_load import deployed_by_preferences, loads_of
from tradespace.explorer.files import with_observed
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.columns import plain_pipelines
from tradespace.reports.making import made_sections
from tradespace.reports.plain_goals import plain_goals
from tradespace.reports.recommendation import recommendation
from tradespace.reports.section import Findings, findings_of
from tradespace.reports.sections.latencies import timing_notes
from tradespace.reports.under_load import Extent


@dataclass(frozen=True, slots=True)
class ShowWishes:
    """What the command line says besides preferences.

    Attributes:
        host: whose timings count.
        observed: what was recorded of a running system.
        everything: all pipelines, not only the frontier and the finalists.
        output: the file that JSON or CSV is written to; standard output where it is None.
    """

    host: str | None = None
    observed: Path | None = None
    everything: bool = False
    format: TableFormat = TableFormat.TABLE
    output: Path | None = None


def print_frontier(folder: Path, preferences: Preferences, wishes: ShowWishes) -> Exit:
    """Print the answer, the frontier or all pipelines, and what the sections of the report say, by other preferences
    where there are any; say how the command ends.

    Raises:
        InputError: a preference is none, nothing was timed on that host, or the file cannot be written.
    """
    study = StudyFolder(folder)
    measured = with_observed(study.results(wishes.host), wishes.observed)
    results = preferences.applied(measured, study.deployments())
    loads = loads_of(results, deployed_by_preferences(study, measured, wishes.host, preferences), Extent.BRIEF)
    findings = findings_of(results, loads)
    if wishes.format is TableFormat.TABLE:
        require_terminal(wishes.output)
        _print_sections(findings, everything=wishes.everything)
    else:
        table = plain_pipelines(findings.conclusion, findings.numbers, frontier_only=not wishes.everything)
        content = {**_answer(findings), "pipelines": table.records}
        print_answer_as(wishes.format, lambda: content, lambda: table.named_rows, wishes.output)
    return verdict_exit(findings.conclusion)


def _answer(findings: Findings) -> dict[str, Any]:
    """What JSON holds besides the pipelines."""
    conclusion, recommended = findings.conclusion, recommendation(findings.conclusion)
    return {
        "study": findings.results.name,
        "verdict": recommended.verdict,
        "headline": recommended.headline,
        "recommended": conclusion.recommended.evaluation.pipeline if conclusion.recommended else None,
        "notes": recommended.notes,
        "goals": plain_goals(conclusion.goals),
        "under_load": [
            {"load": info.load, "headline": info.headline, "pipeline": info.pipeline, "notes": info.notes}
            for info in findings.loads
        ],
    }


def _print_sections(findings: Findings, *, everything: bool) -> None:
    console, where = wide_console(), findings.results.provenance
    print_conclusion(console, findings.conclusion)
    print_sections(console, made_sections(findings), everything=everything)
    for note in filter(None, (cut_short(where), *timing_notes(findings), spending(where), phases(where))):
        console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
