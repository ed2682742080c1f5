"""The pipelines as a plain table of texts, for a terminal, a page or a file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from tradespace.evals.figures import Kind, figure_of
from tradespace.evals.figures.units import MISSING, NUMBER
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.results import Evaluation
from tradespace.reports.words import column_name, duration, figure_with_interval, quantity
from tradespace.search_space.utility import Utility

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and the value that it sorts by; a missing value sorts last."""

    text: str
    order: float | str | None = None


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A row of texts; the pipeline that it is about, where it is about one, so that a click can select it; and how that
    stands: recommended, frontier, dominated …"""

    cells: tuple[Cell, ...]
    pipeline: str | None = None
    standing: str = ""


@dataclass(frozen=True, slots=True)
class SectionTable:
    """Texts in named columns, below a caption that says what they are; `left_out` rows are not shown."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[SectionRow, ...]
    left_out: int = 0


def pipelines_table(conclusion: Conclusion, numbers: Mapping[str, int], frontier_only: bool = False) -> SectionTable:
    """Tabulate pipelines in the order of `ordered_points`, with their confirmed figures where there are any, else with
    those on explore questions.

    Args:
        conclusion: what to tabulate.
        numbers: the number that a pipeline goes by, see `pipeline_numbers`.
        frontier_only: leave out what is neither on the frontier nor a finalist.
    """
    measures = shown_measures(conclusion)
    worth = ("utility",) if conclusion.goals.utility else ()
    head = ("#", "pipeline", "standing", "from", *(column_name(measure) for measure in measures), *worth)
    rows = tuple(
        _row(point, finalist, conclusion, measures, numbers)
        for point, finalist in ordered_points(conclusion, frontier_only)
    )
    return SectionTable("Pipelines with their figures", (*head, "on frontier", "failed", "unscored"), rows)


def ordered_points(conclusion: Conclusion, frontier_only: bool = False) -> list[tuple[Point, Finalist | None]]:
    """The pipelines in the order of tables: the recommended one, finalists, the frontier, the rest, each by what they
    are worth; with each the finalist that it is, if it is one."""
    finalists = {finalist.evaluation.pipeline: finalist for finalist in conclusion.finalists}
    pairs = [(point, finalists.get(point.evaluation.pipeline)) for point in conclusion.points]
    shown = [(point, finalist) for point, finalist in pairs if not frontier_only or point.on_frontier or finalist]
    return sorted(shown, key=lambda pair: _order(pair[0], pair[1], conclusion))


def pipeline_cells(pipeline: str, numbers: Mapping[str, int]) -> tuple[Cell, Cell]:
    """The first two cells of every row that is about one pipeline: its number, and its notation."""
    return (Cell(f"#{numbers[pipeline]}", numbers[pipeline]), Cell(pipeline, pipeline))


def duration_cell(seconds: float | None) -> Cell:
    """Seconds as a reader knows them; what is missing, or infinite as a failure is, sorts last."""
    return Cell(duration(seconds), finite(seconds))


def shown_measures(conclusion: Conclusion) -> list[str]:
    """The measures that any pipeline has a figure for, but those of single groups that only have a bound."""
    goals = conclusion.goals
    bounded = goals.of_groups.difference(goals.measures)
    names = dict.fromkeys(name for point in conclusion.points for name in point.figures if name not in bounded)
    return [name for name in names if any(point.figures[name] is not None for point in conclusion.points)]


def _order(point: Point, finalist: Finalist | None, conclusion: Conclusion) -> tuple[float, ...]:
    primary, value = conclusion.primary, point.figures[conclusion.primary.measure]
    worth = value if primary.maximize or value is None else -value
    if conclusion.goals.utility:
        worth = utility_of(point, finalist, conclusion.goals.utility)
    gain = math.inf if worth is None else -worth
    chosen = finalist is not None and finalist is conclusion.recommended
    return (not chosen, finalist is None, not point.on_frontier, gain)


def _row(
    point: Point,
    finalist: Finalist | None,
    conclusion: Conclusion,
    measures: list[str],
    numbers: Mapping[str, int],
) -> SectionRow:
    pipeline = point.evaluation.pipeline
    estimates = finalist.estimates if finalist else point.estimates
    standing = standing_of(point, finalist, conclusion)
    evaluation = finalist.evaluation if finalist else point.evaluation
    source = (
        evaluation.question_set
        if never_timed(evaluation)
        else f"{evaluation.question_set}, {latency_basis(evaluation)}"
    )
    failed = len(finalist.evaluation.failures) if finalist else point.failures
    return SectionRow(
        (
            *pipeline_cells(pipeline, numbers),
            Cell(standing, standing),
            Cell(source, source),
            *(
                Cell(NOT_KNOWN)
                if figure_of(measure).kind is Kind.LATENCY and never_timed(evaluation)
                else _figure(point, finalist, estimates, measure, conclusion)
                for measure in measures
            ),
            *_worth(point, finalist, conclusion),
            Cell(MISSING if point.membership is None else f"{point.membership:.0%}", point.membership),
            Cell(str(failed), failed),
            Cell(str(point.missing), point.missing),
        ),
        pipeline,
        standing,
    )


def _figure(
    point: Point, finalist: Finalist | None, estimates: Mapping[str, Estimate], measure: str, conclusion: Conclusion
) -> Cell:
    estimate = estimates.get(measure)
    about = _about(finalist.evaluation if finalist else point.evaluation, measure, conclusion)
    if estimate:
        return Cell(about + figure_with_interval(estimates, measure), finite(estimate.value))
    value = None if finalist else point.figures[measure]
    return Cell(quantity(value, measure) if value is None else about + quantity(value, measure), value)


def _worth(point: Point, finalist: Finalist | None, conclusion: Conclusion) -> tuple[Cell, ...]:
    """The utility, where the goals have one."""
    if conclusion.goals.utility is None:
        return ()
    utility = utility_of(point, finalist, conclusion.goals.utility)
    return (Cell(NUMBER.write(utility), utility),)


def utility_of(point: Point, finalist: Finalist | None, utility: Utility) -> float | None:
    """What a pipeline is worth, by its confirmed figures where there are any; None where that is not known."""
    confirmed = {name: estimate.value for name, estimate in finalist.estimates.items()} if finalist else {}
    known = {name: value for name, value in (confirmed or point.figures).items() if value is not None}
    return finite(float(utility.of(known))) if known.keys() >= set(utility.measures) else None


def _about(evaluation: Evaluation, measure: str, conclusion: Conclusion) -> str:
    """A mark before figures that are estimated from what a user states, or that a model judged and nobody corrected."""
    if measure not in evaluation.designs and any(each.measure == measure for each in conclusion.judges):
        return "raw "
    meter = figure_of(measure).meter
    return "≈ " if meter and meter.quantity in evaluation.modelled else ""


def finite(value: float | None) -> float | None:
    """A number; None where it is none, or infinite."""
    return value if value is not None and math.isfinite(value) else None


def standing_of(point: Point, finalist: Finalist | None, conclusion: Conclusion) -> str:
    """How a pipeline stands: recommended, finalist, frontier, dominated …"""
    if finalist is None:
        return "frontier" if point.on_frontier else "dominated"
    chosen = conclusion.recommended
    if finalist is chosen:
        return "recommended"
    if finalist.missed:
        return "misses the SLA" if conclusion.sla and conclusion.sla.bound in finalist.missed else "misses a limit"
    if chosen and finalist.evaluation.pipeline in chosen.alike:
        return "answers alike"
    if finalist is conclusion.best:
        return "highest utility" if conclusion.goals.utility else "most accurate"
    return "tied" if finalist.tied else "finalist"


def never_timed(evaluation: Evaluation) -> bool:
    """Whether nothing failed and yet no question has its seconds, as with recorded calls that hold none."""
    rows = [*evaluation.seconds.values(), evaluation.end_to_end]
    return not evaluation.failures and all(seconds is None for row in rows for seconds in row)


def latency_basis(evaluation: Evaluation) -> str:
    """What a latency rests on: runs from end to end, stages timed alone, or a latency model for some of their calls."""
    if 0 < max(map(len, evaluation.seconds.values()), default=1) <= len(evaluation.end_to_end):
        return "measured"
    return "modelled" if evaluation.conditions.predicted else "predicted"
