"""What commands print of pipelines under load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console

from tradespace.commands.console import escape
from tradespace.commands.preferences import Preferences
from tradespace.explorer.load.station_profiles import NOT_PROFILED
from tradespace.explorer.load.study_deployments import StudyDeployments
from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.under_load import Extent, UnderLoadInfo, under_load_infos


def deployed_by_preferences(
    study: StudyFolder, results: Results, host: str | None, preferences: Preferences
) -> StudyDeployments | None:
    """The deployments of a study, judged by other preferences where there are any; None where it has none. Profiles are
    those of the host of the last exploration."""
    deployments = study.deployments()
    if deployments is None:
        return None
    if host not in (None, study.manifest().provenance.host):
        deployments = replace(deployments, profiles=NOT_PROFILED)
    return deployments.under(preferences.instead_of(deployments.space.goals, results))


def loads_of(
    results: Results, deployments: StudyDeployments | None, extent: Extent = Extent.FULL
) -> tuple[UnderLoadInfo, ...]:
    """What is said under each load; nothing where pipelines are not to be deployed, or none was evaluated."""
    return under_load_infos(results, deployments, extent) if deployments and results.explored else ()


def print_under_load(console: Console, loads: Sequence[UnderLoadInfo]) -> None:
    """Print the answer under each load."""
    for info in loads:
        console.print(f"[bold]{escape(info.headline)}[/bold]", soft_wrap=True)
        if info.pipeline:
            console.print(f"  {escape(info.pipeline)}", soft_wrap=True)
        for note in info.notes:
            console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
