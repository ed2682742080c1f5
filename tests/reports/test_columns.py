"""The pipelines as plain figures: their columns are a contract for files and data frames."""

from __future__ import annotations

import math
from dataclasses import replace

from tests.reports.conftest import Make
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.reports.columns import PIPELINE_COLUMNS, ColumnKind, ColumnTable, figure_columns, plain_pipelines
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.table import pipelines_table
from tradespace.search_space.preferences import parse_utility

TYPES = {ColumnKind.TEXT: str, ColumnKind.COUNT: int, ColumnKind.NUMBER: float, ColumnKind.FLAG: bool}


def tabulated(make_results: Make) -> tuple[Conclusion, ColumnTable]:
    results = make_results()
    conclusion = conclude(results)
    return conclusion, plain_pipelines(conclusion, pipeline_numbers(results))


def test_the_columns_are_a_contract(make_results: Make) -> None:
    """Names and order: a script that reads a file of today reads one of tomorrow."""
    _, table = tabulated(make_results)
    fixed = "number pipeline standing on_frontier frontier_share question_set questions failed unscored latency_basis"
    assert [column.name for column in PIPELINE_COLUMNS] == fixed.split()
    figures = [name for name in ("answer_f1", "latency_p95", "usd_per_1k") for name in _four(name)]
    assert table.names == (*fixed.split(), *figures)
    assert len(set(table.names)) == len(table.names)


def _four(measure: str) -> list[str]:
    return [measure, f"{measure}_low", f"{measure}_high", f"{measure}_explored"]


def test_values_are_of_their_columns_kind(make_results: Make) -> None:
    """Numbers are numbers: what is missing is None, never a dash."""
    _, table = tabulated(make_results)
    for row in table.rows:
        for column, value in zip(table.columns, row, strict=True):
            assert value is None or type(value) is TYPES[column.kind] or column.kind is ColumnKind.NUMBER, column.name


def test_rows_stand_in_the_order_of_the_table_that_people_read(make_results: Make) -> None:
    """And are all there; the short one has the frontier and the finalists."""
    results = make_results()
    conclusion, numbers = conclude(results), pipeline_numbers(results)
    for short in (False, True):
        read = [row.pipeline for row in pipelines_table(conclusion, numbers, frontier_only=short).rows]
        plain = plain_pipelines(conclusion, numbers, frontier_only=short).records
        assert [row["pipeline"] for row in plain] == read
        assert [row["number"] for row in plain] == [numbers[pipeline] for pipeline in read]


def test_figures_are_confirmed_where_they_can_be_and_explored_beside(make_results: Make) -> None:
    """A confirmed figure has an interval; the explored one compares with every pipeline's."""
    conclusion, table = tabulated(make_results)
    finalists = {each.evaluation.pipeline: each for each in conclusion.finalists}
    points = {each.evaluation.pipeline: each for each in conclusion.points}
    for row in table.records:
        name = str(row["pipeline"])
        explored = points[name].figures["answer_f1"]
        assert row["answer_f1_explored"] == explored
        if name in finalists:
            estimate = finalists[name].estimates["answer_f1"]
            assert (row["question_set"], row["answer_f1"]) == ("confirm", estimate.value)
            assert (row["answer_f1_low"], row["answer_f1_high"]) == (estimate.low, estimate.high)
        else:
            assert (row["question_set"], row["answer_f1"]) == ("explore", explored)


def test_what_failures_make_infinite_is_none(make_results: Make) -> None:
    """CSV, JSON and data frames have no infinity that all read alike; `failed` says why."""
    results = make_results(confirm=False)
    seconds = {stage: (None, *row[1:]) for stage, row in results.explored[0].seconds.items()}
    slow = replace(results.explored[0], seconds=seconds, failures={0: "no answer"})
    results = replace(results, explored=tuple(slow for _ in range(1)))
    table = plain_pipelines(conclude(results), pipeline_numbers(results))
    (row,) = table.records
    assert (row["failed"], row["latency_p95_high"]) == (1, None)
    assert all(value is None or not isinstance(value, float) or math.isfinite(value) for value in row.values())


def test_a_utility_is_the_last_column(make_results: Make) -> None:
    """Where one is asked for."""
    results = make_results()
    utility = parse_utility("answer_f1 - latency_p95", results.goals.objectives)
    results = results.under(replace(results.goals, utility=utility))
    row = plain_pipelines(conclude(results), pipeline_numbers(results)).records[0]
    assert list(row)[-1] == "utility"
    assert row["utility"] == float(row["answer_f1"]) - float(row["latency_p95"])  # type: ignore[arg-type]


def test_columns_say_what_they_mean_and_in_which_unit() -> None:
    """For documentation: latencies are seconds, costs dollars."""
    assert all(column.meaning for column in PIPELINE_COLUMNS)
    assert {column.unit for column in figure_columns("latency_p95")} == {"seconds"}
    assert {column.unit for column in figure_columns("usd_per_1k")} == {"dollars"}
    assert {column.unit for column in figure_columns("answer_f1")} == {""}
