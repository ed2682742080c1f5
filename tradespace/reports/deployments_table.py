"""Deployments as a table: the recommended one, then those that no other beats under the load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tradespace.evals.figures import Kind, figure_of
from tradespace.evals.figures.units import MISSING
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.deployed_choice import LoadConclusion
from tradespace.explorer.conclusions.deployed_points import DeployedPoint, compared_by, judged_by
from tradespace.explorer.load.prediction import UNCERTAIN_ABOVE, predict_load
from tradespace.reports.load_words import deployment_words
from tradespace.reports.table import Cell, SectionRow, SectionTable
from tradespace.reports.words import column_name, interval, percent, quantity
from tradespace.search_space.goals import Goals

SCARCE_REQUESTS, SCARCE_REPLICATES = 500, 8
"""Of the intervals in the table."""


def listed_deployments(concluded: LoadConclusion, goals: Goals) -> list[DeployedPoint]:
    """The recommended one, then the others on the frontier, best first."""
    first, chosen = compared_by(goals)[0], concluded.chosen

    def order(point: DeployedPoint) -> float:
        value = point.figures[first.measure] or 0.0
        return -value if first.maximize else value

    frontier = sorted(concluded.explored.frontier, key=order)
    if chosen is None:
        return frontier
    return [chosen.point, *(point for point in frontier if not _same(point, chosen.point))]


def _same(one: DeployedPoint, other: DeployedPoint) -> bool:
    return (one.pipeline, one.deployment) == (other.pipeline, other.deployment)


def deployments_table(
    points: Sequence[DeployedPoint], concluded: LoadConclusion, goals: Goals, numbers: Mapping[str, int]
) -> SectionTable:
    """Tabulate deployments with the measures that any of them has a figure for; near saturation as intervals."""
    names = [name for name in judged_by(goals) if any(point.figures[name] is not None for point in points)]
    figures = (f"{column_name(name)}{_under(name)}" for name in names)
    columns = ("#", "pipeline", "standing", "from", "deployment", *figures, "busiest", "alike")
    caption = "The recommended deployment, and those that no other beats under this load"
    rows = tuple(_row(point, names, numbers, concluded, goals) for point in points)
    return SectionTable(caption, columns, rows)


def _under(measure: str) -> str:
    return " under load" if figure_of(measure).kind is Kind.LATENCY else ""


def _row(
    point: DeployedPoint, names: Sequence[str], numbers: Mapping[str, int], concluded: LoadConclusion, goals: Goals
) -> SectionRow:
    intervals: Mapping[str, Estimate] = {}
    if point.busiest > UNCERTAIN_ABOVE:
        scarce = predict_load(point.deployed, concluded.traffic, requests=SCARCE_REQUESTS, count=SCARCE_REPLICATES)
        intervals = scarce.latencies
    number, questions = numbers[point.pipeline], point.deployed.evaluation.question_set
    standing = "recommended" if concluded.chosen and point is concluded.chosen.point else "frontier"
    return SectionRow(
        (
            Cell(f"#{number}", number),
            Cell(point.pipeline, point.pipeline),
            Cell(standing, standing),
            Cell(questions, questions),
            Cell(deployment_words(point.deployment)),
            *(_figure(point, name, intervals) for name in names),
            Cell(percent(point.busiest), point.busiest),
            Cell(str(point.alike), point.alike) if standing == "frontier" else Cell(MISSING),
        ),
        point.pipeline,
        standing if point.keeps_bounds else "",
    )


def _figure(point: DeployedPoint, measure: str, intervals: Mapping[str, Estimate]) -> Cell:
    value = point.figures[measure]
    if measure in intervals:
        return Cell(interval(intervals[measure], measure), value)
    return Cell(quantity(value, measure), value)
