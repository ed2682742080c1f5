"""What a search may know of a grid beforehand, and what looking it up is charged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.explorer.test_analysis import ALL, GRID, SCORED
from tradespace.explorer.grid_candidates import grid_candidates
from tradespace.explorer.recorded_evaluator import RecordedEvaluator
from tradespace.explorer.results import QuestionSet
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.search_space.goals import Goals
from tradespace.search_space.recorded import recorded_objectives, recorded_pipelines
from tradespace.search_space.sections import BudgetLimits

PIPELINES = recorded_pipelines(GRID)
QUESTIONS = GRID.dataset.questions[10:30]


def evaluator(calls: int | None = None) -> RecordedEvaluator:
    return RecordedEvaluator(GRID, QuestionSet.EXPLORE, QUESTIONS, Budget(BudgetLimits(calls=calls)))


def test_costs_are_foretold_as_they_were_measured() -> None:
    """Over the questions of the split: a quantile of seconds, and dollars."""
    source = grid_candidates(evaluator(), ALL)
    costs, spread = source.costs(PIPELINES)
    assert source.cost_names == ("latency_p95", "usd_per_1k")
    assert GRID.seconds is not None
    assert GRID.usd is not None
    np.testing.assert_allclose(costs[:, 0], np.sort(GRID.seconds[:, 10:30])[:, 18])
    np.testing.assert_allclose(costs[:, 1], 1000 * GRID.usd[:, 0])
    assert not spread.any()


def test_scores_are_revealed_cell_by_cell() -> None:
    """No score is known beforehand; each pair of pipeline and question is a call of its own."""
    source = grid_candidates(evaluator(), ALL)
    cells = source.appraise(PIPELINES[2:4]).cells
    assert np.isnan(cells.scores).all()
    assert len(set(cells.calls.tolist())) == 40
    revealed = source.reveal([(PIPELINES[2], 0), (PIPELINES[5], 19)])
    np.testing.assert_array_equal(revealed.scores[:, 0], [GRID.scores["right"][2, 10], GRID.scores["right"][5, 29]])


def test_a_call_costs_its_dollars_or_else_its_seconds() -> None:
    """Or 1, where neither is known; a price that is missing is that of a typical call."""
    assert GRID.usd is not None
    assert GRID.seconds is not None
    usd = GRID.usd.copy()
    usd[0, 10] = np.nan
    priced = grid_candidates(replace(evaluator(), grid=replace(GRID, usd=usd)), ALL)
    assert priced.unit == "usd"
    assert priced.prices[0] == pytest.approx(np.nanmean(usd[:, 10:30]))
    assert priced.prices[1:20].tolist() == usd[0, 11:30].tolist()
    timed = replace(GRID, usd=None)
    source = grid_candidates(replace(evaluator(), grid=timed), Goals(recorded_objectives(timed)))
    assert (source.unit, source.prices.tolist()) == ("s", GRID.seconds[:, 10:30].ravel().tolist())
    plain = grid_candidates(replace(evaluator(), grid=SCORED), Goals(recorded_objectives(SCORED)))
    assert set(plain.prices.tolist()) == {1.0}


def test_each_pair_is_charged_once() -> None:
    """Whether it was looked up alone or with all questions of its pipeline."""
    looked_up = evaluator()
    looked_up.make_calls(PIPELINES[:2], range(5, 10))
    assert looked_up.budget.made == 10
    looked_up.evaluate(PIPELINES[1:3])
    assert looked_up.budget.made == 10 + 40 - 5
    looked_up.evaluate(PIPELINES[1:3])
    assert (looked_up.budget.made, looked_up.budget.asked) == (45, 90)


def test_a_budget_of_calls_is_kept() -> None:
    """What would exceed it is not looked up, and not charged."""
    looked_up = evaluator(calls=30)
    looked_up.evaluate(PIPELINES[:1])
    with pytest.raises(BudgetSpent, match="30 calls"):
        looked_up.evaluate(PIPELINES[1:2])
    assert looked_up.budget.made == 20
