"""What can be had for how much, in words and as data."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.conftest import Make
from tradespace.reports.info import frontier_info
from tradespace.reports.section import findings_of
from tradespace.reports.sections.frontier import frontier_section
from tradespace.reports.words import duration
from tradespace.search_space.goals import Goals, Objective


def test_the_answer_tells_from_where_to_where_the_frontier_goes(make_results: Make) -> None:
    """By its ends, and what more accuracy takes."""
    findings = findings_of(make_results())
    (section,) = frontier_section(findings)
    (low, worst), (high, best) = (frontier_info(findings.conclusion, "latency_p95").steps[place] for place in (0, -1))
    assert section.sentences == (
        "On the explore questions the frontier of answer F1 and 95th-percentile latency goes from "
        f"{worst:.3f} at {duration(low)} to {best:.3f} at {duration(high)}.",
        "A pipeline on the frontier is beaten by no other: whoever wants more answer F1 must wait longer.",
    )


def test_each_cost_has_a_section(make_results: Make) -> None:
    """With a name and a title of its own."""
    results = make_results()
    goals = Goals((*results.goals.objectives, Objective("usd_per_1k", False)), results.goals.sla)
    sections = frontier_section(findings_of(replace(results, goals=goals)))
    assert [(each.name, each.title) for each in sections] == [
        ("frontier", "What can be had for how many milliseconds?"),
        ("frontier-usd_per_1k", "What can be had for how many dollars?"),
    ]


def test_the_data_of_the_figure_are_the_finalists_and_the_frontier(make_results: Make) -> None:
    """With intervals; how many dominated pipelines stand elsewhere is counted."""
    findings = findings_of(make_results())
    data = frontier_section(findings)[0].figures[0].data
    finalists, frontier = findings.conclusion.finalists, findings.conclusion.frontier
    assert len(data.rows) == len(finalists) + len(frontier)
    assert data.left_out == 45 - len(frontier)
    assert all("–" in cell.text for row in data.rows for cell in row.cells[3:5])


def test_two_latencies_are_told_apart_by_their_titles(make_results: Make) -> None:
    """Where both are kept small, each title says which."""
    results = make_results()
    goals = Goals((*results.goals.objectives, Objective("latency_mean", False)), results.goals.sla)
    assert [each.title for each in frontier_section(findings_of(results.under(goals)))] == [
        "What can be had for how many milliseconds of 95th-percentile latency?",
        "What can be had for how many milliseconds of mean latency?",
    ]
