"""Reports as JSON: read back as they were written."""

from __future__ import annotations

import json

import pytest

from tests.reports.conftest import Make
from tradespace.errors import InputError
from tradespace.reports.columns import plain_pipelines
from tradespace.reports.first_screen import first_screen
from tradespace.reports.making import made_sections
from tradespace.reports.section import FailedSection, Findings, Section, SectionRow, SectionTable, findings_of
from tradespace.reports.table import Cell
from tradespace.reports.written_report import WrittenReport, read_report, report_json, written_report


@pytest.fixture
def findings(make_results: Make) -> Findings:
    return findings_of(make_results())


def written(findings: Findings, *more: Section | FailedSection) -> WrittenReport:
    pipelines = plain_pipelines(findings.conclusion, findings.numbers).records
    return written_report("generated", first_screen(findings), (*made_sections(findings), *more), pipelines)


def test_a_report_is_read_back_as_it_was_written(findings: Findings) -> None:
    """All of it but the drawings: sections, tables behind figures, and every pipeline."""
    report = written(findings, FailedSection("broken", "Broken", "ValueError: no"))
    assert read_report(report_json(report)) == report


def test_its_keys_are_a_contract(findings: Findings) -> None:
    """As docs/answers.md lists them."""
    content = json.loads(report_json(written(findings)))
    assert list(content) == ["format", "title", "first", "sections", "rows"]
    assert list(content["sections"][0]) == [
        *("name", "title", "sentences", "figures", "tables", "notes", "listings", "folded", "failed"),
    ]
    table = content["sections"][0]["figures"][0]["data"]
    assert list(table) == ["caption", "columns", "rows", "left_out"]
    assert list(table["rows"][0]) == ["cells", "pipeline", "standing"]
    assert list(table["rows"][0]["cells"][0]) == ["text", "order"]
    assert len(content["rows"]) == len(findings.conclusion.points)


def test_what_is_infinite_is_null(findings: Findings) -> None:
    """A cell keeps its text; it has no value to sort by."""
    table = SectionTable("", ("latency",), (SectionRow((Cell("∞", float("inf")),)),))
    report = written(findings, Section("slow", "Slow", tables=(table,)))
    assert "Infinity" not in report_json(report)
    assert read_report(report_json(report)).sections[-1].tables[0].rows[0].cells == (Cell("∞", None),)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', '{"format": 1}', "no JSON"])
def test_other_files_are_told(text: str) -> None:
    """They are no report, or one of another format."""
    with pytest.raises(InputError, match="a report must be"):
        read_report(text)
