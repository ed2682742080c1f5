"""Where figures come from, and how to come to them again."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.conftest import Make
from tradespace.reports.section import findings_of
from tradespace.reports.sections.provenance import provenance_section


def test_it_says_how_to_reproduce_the_figures(make_results: Make) -> None:
    """By the command, the version and the YAML, which can be copied."""
    section = provenance_section(findings_of(make_results()))
    assert "`tradespace explore space.yaml` with Tradespace 0.1.0" in section.sentences[0]
    (listing,) = section.listings
    assert listing.text == "name: generated\n"
    facts = {row.cells[0].text: row.cells[1].text for row in section.tables[0].rows}
    assert facts["Calls"] == "88,231 asked for, 10,412 made, 77,819 shared" and facts["Seed"] == "7"


def test_a_table_that_was_measured_elsewhere_is_named(make_results: Make) -> None:
    """No call was made, and no host timed anything."""
    results = make_results()
    section = provenance_section(
        findings_of(replace(results, space_yaml="", provenance=replace(results.provenance, table="grid.csv")))
    )
    facts = {row.cells[0].text for row in section.tables[0].rows}
    assert "grid.csv" in section.sentences[0] and not section.listings
    assert "Table" in facts and not facts & {"Calls", "Host", "Time"}
