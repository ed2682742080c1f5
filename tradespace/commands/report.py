"""`tradespace report`: writes the report from the records of a study; runs nothing."""

from __future__ import annotations

from pathlib import Path

from tradespace.commands.preferences import Preferences
from tradespace.commands.under_load import deployed_by_preferences, loads_of
from tradespace.errors import InputError
from tradespace.explorer.files import with_observed
from tradespace.explorer.storage.study import StudyFolder


def write_report_of(
    folder: Path, host: str | None, output: Path | None, preferences: Preferences, observed: Path | None = None
) -> Path:
    """Write the report again, by other preferences where there are any, beside a system that was `observed` where one
    is named, and return its path.

    Raises:
        InputError: a preference is none, or the report is to stand in the study, which cannot be written.
    """
    from tradespace.reports import write_report

    study = StudyFolder(folder)
    if output is None and study.exists and not study.writable:
        raise InputError(f"{folder} cannot be written: say where the report goes with --output FILE")
    measured = with_observed(study.results(host), observed)
    results = preferences.applied(measured, study.deployments())
    loads = loads_of(results, deployed_by_preferences(study, measured, host, preferences))
    return write_report(results, output or study.report_path, loads, study.folder)
