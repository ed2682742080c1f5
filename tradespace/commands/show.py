"""`tradespace show`: prints the results from the records of a study; runs nothing."""

from __future__ import annotations

from pathlib import Path

from tradespace.commands.conclusion import print_conclusion
from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.preferences import Preferences
from tradespace.commands.sections import print_sections
from tradespace.commands.spending import cut_short, phases, spending
from tradespace.commands.under_load import deployed_by_preferences, loads_of
from tradespace.explorer.files import with_observed
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.making import made_sections
from tradespace.reports.section import findings_of
from tradespace.reports.sections.latencies import timing_notes
from tradespace.reports.under_load import Extent


def print_frontier(folder: Path, host: str | None, preferences: Preferences, observed: Path | None = None) -> Exit:
    """Print the answer, the frontier and what the sections of the report say, timed on `host`, by other preferences
    where there are any, beside a system that was `observed` where one is named; say how the command ends.

    Raises:
        InputError: a preference is none, or nothing was timed on that host.
    """
    console = wide_console()
    study = StudyFolder(folder)
    measured = with_observed(study.results(host), observed)
    results = preferences.applied(measured, study.deployments())
    loads = loads_of(results, deployed_by_preferences(study, measured, host, preferences), Extent.BRIEF)
    findings = findings_of(results, loads)
    ended = print_conclusion(console, findings.conclusion)
    print_sections(console, made_sections(findings))
    where = results.provenance
    for note in filter(None, (cut_short(where), *timing_notes(findings), spending(where), phases(where))):
        console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
    return ended
