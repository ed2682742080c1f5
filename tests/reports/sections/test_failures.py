"""What failed or is missing, in words."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.conftest import Make
from tradespace.reports.section import findings_of
from tradespace.reports.sections.failures import failures_section


def test_failures_of_one_cause_are_a_row(make_results: Make) -> None:
    """With an example, and how many messages differ from it in numbers alone."""
    results = make_results()
    failures = {place: f"timed out after {place} s" for place in (3, 4, 5)}
    failed = tuple(replace(each, failures=failures) for each in results.explored[:2])
    section = failures_section(findings_of(replace(results, explored=(*failed, *results.explored[2:]))))
    assert section.sentences[0] == "6 questions of pipelines failed: wrong and infinitely slow in every figure."
    (row,) = section.tables[0].rows
    assert [cell.text for cell in row.cells] == [
        "timed out after 3 s (and 2 that differ in numbers alone)",
        "6",
        "explore",
        "2",
        "#1",
    ]
    assert row.pipeline == results.explored[0].pipeline


def test_that_nothing_failed_is_said(make_results: Make) -> None:
    """As that no score is missing."""
    section = failures_section(findings_of(make_results()))
    assert (section.sentences, section.tables) == (("No question failed.", "No score is missing."), ())
