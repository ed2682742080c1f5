"""A figure of merit that joins needs no line in conclusions and reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tradespace.evals.figures import FIGURES, Figure, Kind, Mean, Unit, Wording
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Results
from tradespace.reports.page import render_report
from tradespace.reports.table import pipelines_table
from tradespace.search_space.goals import Goals, Objective

GRAMS = Figure(
    name="grams_per_question",
    what="what a question weighs",
    kind=Kind.COST,
    maximize=False,
    unit=Unit("grams", "g", lambda grams: f"{grams:.1f} g"),
    values=lambda tables: tables.metered("grams"),
    summary=Mean(),
    wording=Wording("weight of a question", "weight", "how many grams", "carry more"),
)


def test_a_figure_that_joins_is_judged_and_shown(
    make_results: Callable[..., Results], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its values, direction, unit and words are its own: tables, frontiers and the report know nothing of it."""
    monkeypatch.setitem(FIGURES, GRAMS.name, GRAMS)
    results = make_results()
    weighed = [
        tuple(
            replace(evaluation, metered={**evaluation.metered, "grams": (12.5 + place,) * 120})
            for place, evaluation in enumerate(evaluations)
        )
        for evaluations in (results.explored, results.confirmed)
    ]
    objectives = (*results.goals.objectives, Objective(GRAMS.name, GRAMS.maximize))
    heavy = replace(results, explored=weighed[0], confirmed=weighed[1], goals=Goals(objectives, results.goals.sla))
    table = pipelines_table(conclude(heavy), {one.pipeline: place for place, one in enumerate(heavy.explored)})
    column = table.columns.index("weight")
    assert table.rows[0].cells[column].text.endswith(" g")
    page = render_report(heavy)
    assert "What can be had for how many grams?" in page
    assert "weight of a question (g)" in page
    assert Goals(objectives).maximize[-1] is False
