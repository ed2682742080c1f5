"""Figures of deployed pipelines: of simulated requests, and the best that they could be."""

from __future__ import annotations

import math

import pytest

from tradespace.explorer.load.demand import by_stages, deploy
from tradespace.explorer.load.deployed_figures import best_figures, simulated_figures
from tradespace.explorer.load.replicates import as_measured
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Evaluation
from tradespace.search_space.deployment import Deployment, Load, StageGroup, TailPolicy
from tradespace.testing.timed_evaluations import CPU, exponential_seconds, one_queue, timed_evaluation

SLOW_HALF = (0.01, 0.01, 1.0, 1.0)
MEASURES = ("answer_f1", "latency_p95", "usd_per_hour", "usd_per_1k", "joules_per_question")


def accuracy(evaluation: Evaluation, tail: TailPolicy, *others: Evaluation) -> float:
    """Of requests that come one by one."""
    group = StageGroup(("generate",), host="cpu", tail=tail)
    deployed = deploy(evaluation, Deployment((group,), (CPU,)), others=by_stages(others))
    run = as_measured(deployed, Traffic(Load(rate=1.0)), 800).at(0.02)
    return simulated_figures(run, ["answer_f1"])[0]


def test_requests_that_time_out_are_wrong() -> None:
    """Half of the questions take too long: what they would have scored is lost."""
    evaluation = timed_evaluation({"generate": SLOW_HALF}, scores=(1.0, 1.0, 1.0, 0.0))
    assert accuracy(evaluation, TailPolicy()) == 0.75
    assert accuracy(evaluation, TailPolicy(timeout=0.1)) == pytest.approx(0.5, abs=0.06)


def test_what_a_fallback_answers_scores_what_the_fallback_scored() -> None:
    """On the same question, in the same place of the pipeline."""
    evaluation = timed_evaluation({"generate": SLOW_HALF}, scores=(1.0, 1.0, 1.0, 1.0))
    other = timed_evaluation({"generate": (0.001,) * 4}, scores=(0.0, 0.0, 0.5, 0.5), stages={"generate": "quick()"})
    tail = TailPolicy(timeout=0.1, fallback="quick()")
    assert accuracy(evaluation, tail, other) == pytest.approx(0.75, abs=0.03)


def test_questions_without_a_score_stay_out_of_the_mean() -> None:
    """A measure that does not apply to a question says nothing of it."""
    evaluation = timed_evaluation({"generate": SLOW_HALF}, scores=(1.0, None, None, 1.0))
    assert accuracy(evaluation, TailPolicy(timeout=0.1)) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize("settings", [{}, {"replicas": 2}, {"batch": 4, "wait": 0.01}])
def test_no_simulation_is_better_than_the_best_that_figures_could_be(settings: dict[str, float]) -> None:
    """Bounds hold for whatever queues do; what is not known is NaN in both."""
    deployed = one_queue(exponential_seconds(0.1), **settings)
    best = best_figures(deployed, 7.0, MEASURES)
    found = simulated_figures(as_measured(deployed, Traffic(Load(rate=7.0)), 3000).at(7.0), MEASURES)
    assert best[0] == found[0]
    assert best[1] < found[1]
    assert best[2:4] == pytest.approx(found[2:4])
    assert math.isnan(best[4]) and math.isnan(found[4])
