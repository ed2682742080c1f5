"""`tradespace report`: writes the report from the records of a study; runs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tradespace.commands.formats import ReportFormat, write_named
from tradespace.commands.preferences import Preferences
from tradespace.commands.under_load import deployed_by_preferences, loads_of
from tradespace.errors import InputError
from tradespace.explorer.files import with_observed
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports import render_report
from tradespace.reports.columns import plain_pipelines
from tradespace.reports.making import drawn_sections, made_first_screen, made_sections
from tradespace.reports.markdown import markdown_report
from tradespace.reports.plain_text import csv_text
from tradespace.reports.section import FailedSection, Findings, findings_of
from tradespace.reports.written_report import WrittenReport, report_json, written_report


@dataclass(frozen=True, slots=True)
class ReportWishes:
    """What the command line says besides preferences.

    Attributes:
        host: whose timings count.
        observed: what was recorded of a running system.
        output: a file, or a folder for pictures; in the study where it is None.
    """

    host: str | None = None
    observed: Path | None = None
    format: ReportFormat = ReportFormat.HTML
    output: Path | None = None


def write_report_of(folder: Path, wishes: ReportWishes, preferences: Preferences) -> Path:
    """Write the report again, by other preferences where there are any, and return its path.

    Raises:
        InputError: a preference is none, the report is to stand in the study, which cannot be written, or what draws
            pictures is missing.
    """
    study = StudyFolder(folder)
    output = wishes.output or place_in_study(study, f"report.{wishes.format}")
    measured = with_observed(study.results(wishes.host), wishes.observed)
    results = preferences.applied(measured, study.deployments())
    loads = loads_of(results, deployed_by_preferences(study, measured, wishes.host, preferences))
    findings = findings_of(results, loads)
    if wishes.format is ReportFormat.PNG:
        return _pictures(findings, output)
    return write_named(TEXTS[wishes.format](findings, folder), output)


def place_in_study(study: StudyFolder, name: str) -> Path:
    """Where a report goes that nobody named a place for.

    Raises:
        InputError: the study cannot be written.
    """
    if study.exists and not study.writable:
        raise InputError(f"{study.folder} cannot be written: say where the report goes with --output FILE")
    return study.folder / name


def _html(findings: Findings, folder: Path) -> str:
    return render_report(findings.results, findings.loads, folder)


def _markdown(findings: Findings, folder: Path) -> str:
    return markdown_report(_written(findings, folder))


def _json(findings: Findings, folder: Path) -> str:
    return report_json(_written(findings, folder)) + "\n"


def _csv(findings: Findings, folder: Path) -> str:
    return csv_text(plain_pipelines(findings.conclusion, findings.numbers).named_rows)


TEXTS: Mapping[ReportFormat, Callable[[Findings, Path], str]] = {
    ReportFormat.HTML: _html,
    ReportFormat.MD: _markdown,
    ReportFormat.JSON: _json,
    ReportFormat.CSV: _csv,
}


def _written(findings: Findings, folder: Path) -> WrittenReport:
    pipelines = plain_pipelines(findings.conclusion, findings.numbers).records
    first = made_first_screen(findings, folder)
    return written_report(findings.results.name, first, made_sections(findings), pipelines)


def _pictures(findings: Findings, folder: Path) -> Path:
    """All figures; those that could not be drawn are told once the others are written."""
    from tradespace.reports.figures.pictures import write_pictures

    sections, figures = drawn_sections(made_sections(findings))
    write_pictures(figures, folder)
    if failed := [section for section in sections if isinstance(section, FailedSection)]:
        reasons = "; ".join(f"{section.title}: {section.reason}" for section in failed)
        raise InputError(f"some figures could not be drawn, and the others are in {folder}. {reasons}")
    return folder
