"""Grids that were measured elsewhere, concluded as explorations are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.data.tables import RecordedGrid
from tradespace.errors import InputError
from tradespace.explorer.analysis import Analysis
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.figures import figures
from tradespace.explorer.recorded_evaluator import RecordedEvaluator
from tradespace.explorer.results import QuestionSet, Results
from tradespace.reports.making import made_sections
from tradespace.reports.page import render_report
from tradespace.reports.recommendation import Verdict, recommendation
from tradespace.reports.section import FailedSection, findings_of
from tradespace.search_space.goals import Goals, Objective, ServiceLevel
from tradespace.search_space.recorded import recorded_objectives, recorded_pipelines


def recorded(pipelines: int = 8, questions: int = 40, seed: int = 0) -> RecordedGrid:
    """Pipelines that are the better, slower and dearer the higher their `k`."""
    generator = np.random.default_rng(seed)
    ability = np.linspace(0.3, 0.9, pipelines)[:, None]
    seconds = np.linspace(0.01, 0.2, pipelines)[:, None] * generator.uniform(0.8, 1.2, (pipelines, questions))
    return RecordedGrid(
        "grid.csv",
        tuple({"model": "a", "k": k} for k in range(pipelines)),
        tuple(map(str, range(questions))),
        {"right": (generator.random((pipelines, questions)) < ability).astype(float)},
        seconds,
        np.broadcast_to(np.linspace(0.001, 0.01, pipelines)[:, None], (pipelines, questions)).copy(),
    )


GRID = recorded()
ALL = Goals(recorded_objectives(GRID))
SCORED = replace(GRID, seconds=None, usd=None)
"""The same, with neither seconds nor dollars."""


def of_pipelines(results: Results) -> list[str]:
    return [evaluation.pipeline for evaluation in results.explored]


def test_figures_are_those_of_the_table() -> None:
    """Means of scores, quantiles of seconds, dollars for a thousand: computed here from the table itself."""
    results = Analysis(ALL, confirm=0).results(GRID)
    measures = ["right", "latency_p50", "usd_per_1k"]
    assert GRID.seconds is not None
    assert GRID.usd is not None
    expected = [GRID.scores["right"].mean(axis=1), np.sort(GRID.seconds)[:, 19], 1000 * GRID.usd.mean(axis=1)]
    np.testing.assert_allclose(figures(results.explored, measures), np.stack(expected, axis=1))


def test_no_question_both_chooses_and_judges() -> None:
    """All pipelines are explored on some questions, the finalists judged on the others."""
    results = Analysis(ALL, confirm=15).results(GRID)
    conclusion = conclude(results)
    assert of_pipelines(results) == [f"recorded(model='a', k={k})" for k in range(8)]
    assert {len(evaluation.scores["right"]) for evaluation in results.explored} == {25}
    assert {len(evaluation.scores["right"]) for evaluation in results.confirmed} == {15}
    assert conclusion.basis is QuestionSet.CONFIRM
    assert recommendation(conclusion).verdict is Verdict.CONFIRMED


def test_the_seed_decides_which_questions_judge() -> None:
    """Another gives another choice of them; the same gives the same."""
    scores = [
        [evaluation.scores for evaluation in Analysis(ALL, confirm=20, seed=seed).results(GRID).explored]
        for seed in (1, 1, 2)
    ]
    assert scores[0] == scores[1] != scores[2]


def test_without_questions_held_out_nothing_is_confirmed() -> None:
    """The answer says that its figures are biased."""
    conclusion = conclude(Analysis(ALL, confirm=0).results(GRID))
    assert conclusion.basis is QuestionSet.EXPLORE
    assert conclusion.recommended
    assert recommendation(conclusion).verdict is Verdict.UNCONFIRMED


@pytest.mark.parametrize("confirm", [0, 20])
def test_a_table_without_latency_is_concluded_by_its_scores(confirm: int) -> None:
    """Whether or not questions are held out."""
    goals = Goals(recorded_objectives(SCORED))
    conclusion = conclude(Analysis(goals, confirm).results(SCORED))
    assert goals.objectives == (Objective("right", maximize=True),)
    assert conclusion.recommended
    assert recommendation(conclusion).headline.endswith("its latency is unknown.")


def test_some_are_judged_beside_the_only_one_of_the_frontier() -> None:
    """So that ties can be found where there is one objective."""
    goals = Goals((Objective("right", maximize=True),))
    results = Analysis(goals, confirm=20).results(SCORED)
    assert len([point for point in conclude(results).points if point.on_frontier]) == 1
    assert len(results.confirmed) >= 6


def test_an_sla_is_kept() -> None:
    """By seconds as they were measured."""
    goals = replace(ALL, sla=ServiceLevel("latency_p95", 0.1, (("generate",),)))
    conclusion = conclude(Analysis(goals, confirm=20).results(GRID))
    assert conclusion.recommended
    assert conclusion.recommended.estimates["latency_p95"].value < 0.1
    assert conclusion.recommended.measured
    assert not conclusion.recommended.predicted


def test_missing_values_are_neither_zero_nor_dropped() -> None:
    """A score is left out and counted; seconds that are missing are infinite; a pipeline without any has no latency."""
    assert GRID.seconds is not None
    scores, seconds = GRID.scores["right"].copy(), GRID.seconds.copy()
    scores[3, :5] = seconds[3, 0] = math.nan
    seconds[4] = math.nan
    grid = replace(GRID, scores={"right": scores}, seconds=seconds)
    points = conclude(Analysis(ALL, confirm=0).results(grid)).points
    assert [point.missing for point in points] == [0, 0, 0, 5, 0, 0, 0, 0]
    assert points[3].figures["right"] == scores[3, 5:].mean()
    table = figures([point.evaluation for point in points], ["latency_p99"])[:, 0]
    assert table[3] == math.inf
    assert math.isnan(table[4])


def test_pipelines_are_looked_up_by_their_settings() -> None:
    """In any order, on any choice of the questions."""
    wanted = [recorded_pipelines(GRID)[place] for place in (5, 2)]
    questions = GRID.dataset.questions[7:9]
    evaluations = RecordedEvaluator(GRID, QuestionSet.EXPLORE, questions).evaluate(wanted)
    assert [evaluation.scores["right"] for evaluation in evaluations] == [
        tuple(GRID.scores["right"][place, 7:9].tolist()) for place in (5, 2)
    ]


def test_some_questions_must_be_left_to_choose_by() -> None:
    """Holding out all of them leaves nothing."""
    with pytest.raises(InputError, match=r"some of the 40 questions must be left"):
        Analysis(ALL, confirm=40).results(GRID)


def test_the_report_claims_no_work_of_its_own() -> None:
    """Nothing was called, timed or predicted here; the page says which table its figures come from."""
    page = render_report(Analysis(ALL, confirm=20).results(GRID))
    assert ">Table</td>" in page and ">grid.csv</td>" in page
    for words in (
        "predicted from stages",
        "Did the predictions hold",
        "Where do the milliseconds go",
        ">Calls</td>",
    ):
        assert words not in page


VALUES = st.floats(0, 1) | st.sampled_from([0.0, 1.0, math.nan])


@st.composite
def grids(draw: st.DrawFn) -> RecordedGrid:
    """Small grids with anything missing: scores, seconds, dollars, of single questions or whole pipelines."""
    pipelines, questions = draw(st.integers(2, 5)), draw(st.integers(1, 12))

    def table() -> np.ndarray:
        rows = st.lists(VALUES, min_size=questions, max_size=questions) | st.just([math.nan] * questions)
        return np.array(draw(st.lists(rows, min_size=pipelines, max_size=pipelines)))

    return RecordedGrid(
        "grid.csv",
        tuple({"k": k} for k in range(pipelines)),
        tuple(map(str, range(questions))),
        {"right": table(), "sound": table()},
        table() if draw(st.booleans()) else None,
        table() if draw(st.booleans()) else None,
    )


@settings(max_examples=40)
@given(grids(), st.integers(0, 11), st.sampled_from([None, 0.3]))
def test_any_grid_is_concluded(grid: RecordedGrid, confirm: int, bound: float | None) -> None:
    """However much of it is missing: there is an answer or a reason, and a report."""
    sla = None if bound is None or grid.seconds is None else ServiceLevel("latency_p95", bound, (("generate",),))
    goals = Goals(recorded_objectives(grid), sla)
    results = Analysis(goals, min(confirm, len(grid.questions) - 1)).results(grid)
    answer = recommendation(conclude(results))
    assert answer.headline
    assert (answer.verdict in (Verdict.CONFIRMED, Verdict.UNCONFIRMED)) <= (answer.pipeline is not None)
    assert f"<title>{grid.name}" in render_report(results)
    assert not any(isinstance(section, FailedSection) for section in made_sections(findings_of(results)))
