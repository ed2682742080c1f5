"""Pipelines in deployments under a load: the frontier, what is left out, and what is recommended."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradespace.explorer.conclusions.deployed_choice import conclude_load
from tradespace.explorer.conclusions.deployed_points import DeployedPoints, compared_by, judged_by
from tradespace.explorer.conclusions.deployments import (
    SCREENING_REQUESTS,
    Overload,
    deployed_pipelines,
    explore_deployments,
)
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.load.demand import deploy
from tradespace.explorer.load.deployed_figures import simulated_figures
from tradespace.explorer.load.replicates import as_measured
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.bounds import Bound
from tradespace.search_space.deployment import Load, StageGroup, TailPolicy
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals, Objective, ServiceLevel
from tradespace.testing.timed_evaluations import CPU, timed_evaluation

GOALS = Goals(
    (Objective("answer_f1", True), Objective("latency_p95", False), Objective("usd_per_hour", False)),
    ServiceLevel("latency_p95", 0.5),
)


def pipelines(count: int = 6, questions: int = 60) -> list[Evaluation]:
    """The slower, the more accurate, by and large; all on the same questions."""
    generator = np.random.default_rng(1)
    hard = generator.gamma(4, 0.25, questions)
    return [
        timed_evaluation(
            {"retrieve": (0.01 * hard).tolist(), "generate": (0.03 * (number + 1) * hard).tolist()},
            scores=(generator.random(questions) < 0.4 + 0.08 * number).astype(float).tolist(),
            stages={"retrieve": "bm25()", "generate": f"reader(layers={number})"},
        )
        for number in range(count)
    ]


def space(goals: Goals = GOALS, rate: float = 8.0, replicas: tuple[int, ...] = (1, 2, 3)) -> DeploymentSpace:
    """Replicas and batches of the last stage."""
    groups = tuple(StageGroup(("generate",), number, batch, host="cpu") for number in replicas for batch in (1, 4))
    return DeploymentSpace((Load(rate=rate),), (groups,), (CPU,), goals)


def traffic(deployments: DeploymentSpace) -> Traffic:
    """Of its only load."""
    return Traffic(deployments.loads[0])


def test_the_frontier_is_that_of_simulating_everything() -> None:
    """What is left out by bounds would not have been on it, but as a tie."""
    deployments, evaluations = space(), pipelines()
    found = explore_deployments(evaluations, deployments, traffic(deployments))
    names = [objective.measure for objective in compared_by(GOALS)]
    everything = [deploy(one, d) for one in evaluations for d in deployments.deployments_of(("retrieve", "generate"))]
    runs = [as_measured(each, traffic(deployments), SCREENING_REQUESTS).at(8.0) for each in everything]
    table = np.array([simulated_figures(run, names) for run in runs])
    bearing = np.array([run.outcome.seconds < 1.2 * SCREENING_REQUESTS / 8.0 for run in runs])
    best = {tuple(row) for row in table[bearing][non_dominated(table[bearing], GOALS.maximize)].tolist()}
    assert {tuple(point.figures[name] for name in names) for point in found.frontier} == best
    assert found.skipped > 0
    assert found.considered == found.overloaded + found.skipped + found.alike + len(found.points) == len(everything)


def test_too_few_replicas_for_a_load_are_found_without_simulation() -> None:
    """0.2 s for each request, 12 a second: 2.4 replicas' work."""
    steady = timed_evaluation({"retrieve": [0.01] * 5, "generate": [0.2] * 5})
    deployments = space(rate=12.0)
    found = explore_deployments([steady], deployments, traffic(deployments))
    assert found.overloads == (Overload("generate", 3, 3, 4),)
    assert (found.considered, found.overloaded) == (6, 4)


def test_without_a_latency_among_the_objectives_the_judged_one_is_compared() -> None:
    """Else a load would change nothing."""
    goals = Goals((Objective("answer_f1", True),), ServiceLevel("latency_p99", 1.0))
    assert [objective.measure for objective in compared_by(goals)] == ["answer_f1", "latency_p99"]
    assert judged_by(goals) == ("answer_f1", "latency_p99", "usd_per_hour", "usd_per_1k")


def test_the_recommended_deployment_is_the_cheapest_of_the_best_that_keep_the_bounds() -> None:
    """Two pipelines answer alike; the one with less work needs one replica less."""
    scores = [1.0, 0.0] * 30
    quick = timed_evaluation(
        {"retrieve": [0.01] * 60, "generate": [0.04] * 60}, scores=scores, stages={"generate": "quick()"}
    )
    slow = timed_evaluation(
        {"retrieve": [0.01] * 60, "generate": [0.2] * 60}, scores=scores, stages={"generate": "slow()"}
    )
    deployments = space()
    confirmed = [replace(each, question_set=QuestionSet.CONFIRM) for each in (slow, quick)]
    concluded = conclude_load([slow, quick], confirmed, deployments, traffic(deployments))
    assert concluded.chosen is not None and concluded.confirmed
    assert concluded.chosen.point.pipeline == quick.pipeline
    assert concluded.chosen.point.deployment.groups[1].replicas == 1
    assert concluded.chosen.sure and concluded.chosen.capacity is not None
    assert 8.0 < (concluded.chosen.in_bursts or 0.0) < (concluded.chosen.capacity.value or 0.0) < 25.0


@pytest.mark.parametrize("bound", [Bound("answer_f1", 0.99, floor=True), Bound("usd_per_hour", 0.01, floor=False)])
def test_nothing_is_recommended_that_misses_a_limit(bound: Bound) -> None:
    """Limits hold under load, and those of machines are known then."""
    deployments = space(replace(GOALS, limits=(bound,)))
    assert conclude_load(pipelines(), [], deployments, traffic(deployments)).chosen is None


def test_pipelines_that_were_not_timed_are_left_out() -> None:
    """As those of a study that was timed on another host alone."""
    deployments, untimed = space(), replace(pipelines(1)[0], seconds={})
    assert explore_deployments([untimed], deployments, traffic(deployments)).considered == 0


def test_deployments_that_no_policy_sets_apart_are_one() -> None:
    """A timeout that no request reaches changes nothing: the simplest stands for both, with the same figures."""
    without = space(rate=4.0)
    groups = without.groups[0]
    late = tuple(replace(group, tail=TailPolicy(timeout=60.0)) for group in groups)
    with_timeouts = replace(without, groups=((*late, *groups),))
    alone = explore_deployments(pipelines(), without, traffic(without))
    found = explore_deployments(pipelines(), with_timeouts, traffic(without))
    assert [point.figures for point in found.frontier] == [point.figures for point in alone.frontier]
    assert [point.deployment for point in found.frontier] == [point.deployment for point in alone.frontier]
    assert all(point.alike >= 1 for point in found.frontier)
    assert found.considered == found.overloaded + found.skipped + found.alike + len(found.points)


def test_deployed_points_are_those_of_simulating_each() -> None:
    """Also where a timeout comes into play for one, and not for its twin."""
    deployments, once = space(rate=6.0), DeployedPoints(GOALS, Traffic(Load(rate=6.0)), 400)
    timeouts = (None, 60.0, 0.3, 0.05)
    groups = tuple(
        StageGroup(("generate",), 1, host="cpu", tail=TailPolicy(timeout=each, retries=retries))
        for each in timeouts
        for retries in (0, 1)
    )
    everything = list(deployed_pipelines(pipelines(3), replace(deployments, groups=(groups,))))
    for deployed in everything:
        each = DeployedPoints(GOALS, Traffic(Load(rate=6.0)), 400).of(deployed)
        shared = once.of(deployed)
        assert (shared.deployed, shared.figures, shared.busiest) == (deployed, each.figures, each.busiest)
