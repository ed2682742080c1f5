"""A section for each load."""

from __future__ import annotations

from tests.reports.conftest import Make
from tests.reports.test_under_load import info
from tradespace.reports.section import findings_of
from tradespace.reports.sections.under_load import under_load_section
from tradespace.reports.under_load import Extent


def test_each_load_has_a_section_of_its_own(make_results: Make) -> None:
    """Its headline first, then its notes; the frontier is a table, and the curve a figure with its points."""
    loads = [info(2.0), info(9.0)]
    sections = under_load_section(findings_of(make_results(), loads))
    assert [section.name for section in sections] == ["load-0", "load-1"]
    for section, load in zip(sections, loads, strict=True):
        assert section.title == f"Under load: {load.load}"
        assert section.sentences == (load.headline, *load.notes)
        assert [row.pipeline for row in section.tables[0].rows] == [row.pipeline for row in load.frontier.rows]
        assert [row.cells[0].order for row in section.figures[0].data.rows] == [point.rate for point in load.curve]


def test_what_a_brief_account_leaves_out_is_counted(make_results: Make) -> None:
    """A terminal shows a few deployments, and no curve."""
    load = info(2.0, extent=Extent.BRIEF)
    (section,) = under_load_section(findings_of(make_results(), [load]))
    assert section.figures == () and section.tables[0].left_out == load.left_out


def test_without_loads_there_is_none(make_results: Make) -> None:
    """As in most studies."""
    assert under_load_section(findings_of(make_results())) == ()
