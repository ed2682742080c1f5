"""Reports say which figures were counted, and which rest on what a user states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Evaluation, Results
from tradespace.reports.metering import metering_sentences
from tradespace.reports.page import render_report
from tradespace.reports.table import pipelines_table


def metered(make_results: Callable[..., Results], *modelled: str) -> Results:
    results = make_results(confirm=False)

    def known(evaluation: Evaluation) -> Evaluation:
        return replace(evaluation, metered={"joules": (2.5,) * 80}, modelled=modelled)

    return replace(results, explored=tuple(map(known, results.explored)))


def joules(results: Results) -> set[str]:
    """What the column of energies holds."""
    table = pipelines_table(conclude(results), {one.pipeline: place for place, one in enumerate(results.explored)})
    return {row.cells[table.columns.index("J / question")].text for row in table.rows}


def test_what_is_modelled_is_marked_and_said(make_results: Callable[..., Results]) -> None:
    """In every cell, and in a sentence that says what it rests on."""
    results = metered(make_results, "joules")
    assert joules(results) == {"≈ 2.50 J"}
    said = "Energy per question is modelled for 45 evaluations, all or in part: seconds times the watts"
    assert metering_sentences(results)[0].startswith(said)
    assert said in render_report(results)


def test_what_is_counted_is_said_to_be(make_results: Callable[..., Results]) -> None:
    """Without a mark."""
    results = metered(make_results)
    assert joules(results) == {"2.50 J"}
    assert metering_sentences(results) == (
        "Energy per question is counted by the counters of this machine's processors and cards (RAPL, NVML) for "
        "45 evaluations.",
    )


def test_nothing_is_said_of_what_is_not_known(make_results: Callable[..., Results]) -> None:
    """Most studies know no energy."""
    assert metering_sentences(make_results()) == ()
