"""The table that a terminal and the page show."""

from collections.abc import Callable
from dataclasses import replace

from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Results
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.table import pipelines_table

Make = Callable[..., Results]


def test_all_pipelines_are_listed_recommended_first(make_results: Make) -> None:
    """Every pipeline has a row; the recommended leads, then the finalists, then the frontier, then the rest."""
    results: Results = make_results()
    conclusion = conclude(results)
    table = pipelines_table(conclusion, pipeline_numbers(results))
    assert len(table.rows) == 45
    assert all(len(row.cells) == len(table.columns) for row in table.rows)
    finalists = [evaluation.pipeline for evaluation in results.confirmed]
    assert table.rows[0].standing == "recommended"
    assert {row.pipeline for row in table.rows[: len(finalists)]} == set(finalists)
    assert [row.standing for row in table.rows[len(finalists) :]] == sorted(
        (row.standing for row in table.rows[len(finalists) :]), reverse=True
    )


def test_a_disguise_of_the_recommended_is_no_tie(make_results: Make) -> None:
    """It answers alike, which its standing says."""
    results = make_results(sla=None)
    twins = [replace(one, scores=results.confirmed[0].scores, answers="same") for one in results.confirmed[:2]]
    conclusion = conclude(replace(results, confirmed=tuple(twins)))
    table = pipelines_table(conclusion, pipeline_numbers(results))
    assert [row.standing for row in table.rows[:2]] == ["recommended", "answers alike"]


def test_frontier_only(make_results: Make) -> None:
    """The short table holds the frontier and the finalists."""
    results: Results = make_results()
    conclusion = conclude(results)
    table = pipelines_table(conclusion, pipeline_numbers(results), frontier_only=True)
    wanted = {point.evaluation.pipeline for point in conclusion.frontier}
    assert {row.pipeline for row in table.rows} == wanted | {evaluation.pipeline for evaluation in results.confirmed}


def test_figures_say_where_they_come_from(make_results: Make) -> None:
    """Confirmed figures are marked as measured, the others as predicted."""
    results: Results = make_results()
    table = pipelines_table(conclude(results), pipeline_numbers(results))
    source = {row.pipeline: row.cells[table.columns.index("from")].text for row in table.rows}
    finalists = {evaluation.pipeline for evaluation in results.confirmed}
    assert source == {name: "confirm, measured" if name in finalists else "explore, predicted" for name in source}


def test_latencies_that_nobody_knows_sort_last_and_say_so(make_results: Make) -> None:
    """A pipeline that was never timed keeps its row; it is not infinitely slow, and has no value to sort by."""
    results: Results = make_results(confirm=False)
    blank = replace(results.explored[0], seconds={})
    known = replace(results, explored=(blank, *results.explored[1:]))
    table = pipelines_table(conclude(known), pipeline_numbers(known))
    row = next(row for row in table.rows if row.pipeline == blank.pipeline)
    cell = row.cells[table.columns.index("p95 latency")]
    assert (cell.text, cell.order) == ("not known", None)


def test_failures_are_counted_in_the_table(make_results: Make) -> None:
    """Failed questions of a pipeline are counted in its row."""
    results: Results = make_results(confirm=False)
    failed = replace(results.explored[0], failures={1: "timed out", 2: "timed out"})
    known = replace(results, explored=(failed, *results.explored[1:]))
    table = pipelines_table(conclude(known), pipeline_numbers(known))
    row = next(row for row in table.rows if row.pipeline == failed.pipeline)
    assert row.cells[table.columns.index("failed")].text == "2"
