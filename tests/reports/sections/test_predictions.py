"""What was predicted beside what was measured."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from tests.reports.conftest import Make
from tradespace.reports.section import findings_of
from tradespace.reports.sections.predictions import predictions_section


def test_predictions_stand_beside_measurements(make_results: Make) -> None:
    """Each finalist that ran end to end shows predicted and measured latency, for the mean and four quantiles."""
    findings = findings_of(make_results())
    section, first = predictions_section(findings), findings.conclusion.finalists[0]
    assert section is not None
    (table,) = section.tables
    assert table.columns[2:] == ("mean latency", "p50 latency", "p90 latency", "p95 latency", "p99 latency")
    predicted, measured = first.predicted["latency_p50"] * 1000, first.measured["latency_p50"] * 1000
    assert table.rows[0].cells[3].text == f"{predicted:.3g} → {measured:.3g} ms"
    assert predictions_section(findings_of(make_results(confirm=False))) is None


def test_the_answer_says_how_far_they_were_off(make_results: Make) -> None:
    """By the latency that is judged, over the finalists."""
    findings = findings_of(make_results())
    errors = [
        abs(each.predicted["latency_p95"] / each.measured["latency_p95"] - 1) for each in findings.conclusion.finalists
    ]
    section = predictions_section(findings)
    assert section and section.sentences == (
        f"Predictions of the 95th-percentile latency of {len(errors)} finalists were off by {median(errors):.0%} in "
        f"the median, and by {max(errors):.0%} at most.",
    )


def test_a_finalist_that_failed_too_often_has_no_error(make_results: Make) -> None:
    """An infinite latency is in the table, and in no sentence."""
    results = make_results()
    failed = tuple(replace(each, end_to_end=(None,) * len(each.end_to_end)) for each in results.confirmed)
    section = predictions_section(findings_of(replace(results, confirmed=failed)))
    assert section and section.sentences == () and "∞" in section.tables[0].rows[0].cells[3].text
