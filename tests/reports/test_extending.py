"""The section of the report that docs/extending.md adds, added as the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.reports.conftest import Make
from tradespace.reports import page, render_report
from tradespace.reports.making import made_sections
from tradespace.reports.section import Findings, SectionMaker, findings_of
from tradespace.reports.sections import SECTIONS
from tradespace.testing.section_contract import SectionContract

TEXT = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
(FILE,) = re.findall(r"```python\n(# tradespace/reports/.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def maker() -> SectionMaker:
    """The maker of the page."""
    scope: dict[str, Any] = {"__name__": "frontier_parts"}
    exec(compile(FILE, "frontier_parts.py", "exec"), scope)
    return scope["frontier_parts_section"]  # type: ignore[no-any-return]


class TestFrontierParts(SectionContract):
    """It keeps the contract, as the page promises."""

    @pytest.fixture
    def findings(self, make_results: Make) -> Findings:
        """A study with a frontier."""
        return findings_of(make_results())


def test_the_section_says_what_the_frontier_is_made_of(make_results: Make, maker: SectionMaker) -> None:
    """Shares of the non-dominated pipelines, counted here from their notation."""
    findings = findings_of(make_results())
    notations = [point.evaluation.pipeline for point in findings.conclusion.frontier]
    (section,) = made_sections(findings, [maker])
    shares = {row.cells[0].text: row.cells[1].text for row in section.tables[0].rows}  # type: ignore[union-attr]
    assert len(shares) > 2
    for name, share in shares.items():
        assert share == f"{sum(f'{name}(' in notation for notation in notations) / len(notations):.0%}"


def test_the_section_stands_in_the_page(
    make_results: Make, maker: SectionMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the line of `SECTIONS`, the report has the section."""
    monkeypatch.setattr(page, "made_sections", lambda findings: made_sections(findings, (*SECTIONS, maker)))
    html = render_report(make_results())
    assert "What is the frontier made of?" in html and 'id="frontier_parts"' in html
