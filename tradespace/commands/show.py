"""`tradespace show`: prints the results from the records of a study; runs nothing."""

from __future__ import annotations

from pathlib import Path

from tradespace.commands.conclusion import print_conclusion
from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.group_tables import print_groups
from tradespace.commands.pipelines_table import print_pipelines
from tradespace.commands.preferences import Preferences
from tradespace.commands.spending import cut_short, phases, spending
from tradespace.commands.under_load import deployed_by_preferences, loads_of, print_under_load
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.files import with_observed
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.by_group import group_tables
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.judging import judging_sentences
from tradespace.reports.latency import timing_info, timing_sentences
from tradespace.reports.metering import metering_sentences
from tradespace.reports.replies import reply_sentences
from tradespace.reports.searched import search_sentences
from tradespace.reports.table import pipelines_table
from tradespace.reports.under_load import Extent


def print_frontier(folder: Path, host: str | None, preferences: Preferences, observed: Path | None = None) -> Exit:
    """Print the answer and the frontier, timed on `host`, by other preferences where there are any, beside a system
    that was `observed` where one is named; say how the command ends.

    Raises:
        InputError: a preference is none, or nothing was timed on that host.
    """
    console = wide_console()
    study = StudyFolder(folder)
    measured = with_observed(study.results(host), observed)
    results = preferences.applied(measured, study.deployments())
    conclusion = conclude(results)
    ended = print_conclusion(console, conclusion)
    print_pipelines(console, pipelines_table(conclusion, pipeline_numbers(results), frontier_only=True))
    print_groups(console, group_tables(conclusion))
    loads = loads_of(results, deployed_by_preferences(study, measured, host, preferences), Extent.BRIEF)
    print_under_load(console, loads, frontier=True)
    where = results.provenance
    timing = (*timing_sentences(timing_info(results)), *metering_sentences(results))
    notes = (
        cut_short(where),
        *search_sentences(where.search),
        *reply_sentences(results),
        *judging_sentences(results),
        *timing,
        spending(where),
        phases(where),
    )
    for note in notes:
        if note:
            console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
    return ended
