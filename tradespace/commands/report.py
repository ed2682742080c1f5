"""`tradespace report`: writes the report from the records of a study; runs nothing."""

from __future__ import annotations

from pathlib import Path

from tradespace.commands.conclusion import other_sla
from tradespace.errors import InputError
from tradespace.explorer.storage.study import Study


def write_report_of(folder: Path, sla: str | None, host: str | None, output: Path | None) -> Path:
    """Write the report again and return its path.

    Raises:
        InputError: it is to stand in the study, which cannot be written.
    """
    from tradespace.reports import write_report

    study = Study(folder)
    if output is None and study.exists and not study.writable:
        raise InputError(f"{folder} cannot be written: say where the report goes with --output FILE")
    results = study.results(host)
    return write_report(results, output or study.report_path, other_sla(results, sla))
