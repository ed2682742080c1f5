"""What is recommended under a load keeps its bounds on a long run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradespace.data.traffic import ArrivalTrace
from tradespace.explorer.conclusions.deciding import Decision, worth
from tradespace.explorer.conclusions.deployed_choice import conclude_load
from tradespace.explorer.conclusions.deployments import deployed_pipelines
from tradespace.explorer.load.demand import deploy
from tradespace.explorer.load.prediction import predict_load
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.deployment import Load, StageGroup, TailPolicy
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals, Objective, ServiceLevel
from tradespace.search_space.utility import Utility
from tradespace.testing.timed_evaluations import CPU, timed_evaluation

GOALS = Goals(
    (Objective("answer_f1", True), Objective("latency_p95", False), Objective("usd_per_hour", False)),
    ServiceLevel("latency_p95", 0.5),
)
STEADY = Traffic(Load(rate=4.0))


def bursts() -> ArrivalTrace:
    """3,000 requests well apart, then 600 in a few seconds: most stretches are quiet, the whole is not."""
    quiet = np.arange(3000) * 1.0
    return ArrivalTrace("bursts", np.concatenate([quiet, 3000.0 + np.arange(600) * 0.02]), seconds=3100.0)


def space(goals: Goals = GOALS, replicas: tuple[int, ...] = (1, 2, 4), **settings: TailPolicy) -> DeploymentSpace:
    """Replicas of the only stage."""
    groups = tuple(StageGroup(("generate",), number, host="cpu", **settings) for number in replicas)
    return DeploymentSpace((Load(rate=4.0),), (groups,), (CPU,), goals)


def confirmed(seconds: float, right: int, name: str) -> Evaluation:
    """A pipeline that takes so long, and answers so many of 40 questions."""
    scores = [1.0] * right + [0.0] * (40 - right)
    stages = {"generate": f"{name}()"}
    return timed_evaluation(
        {"generate": [seconds] * 40}, scores=scores, stages=stages, question_set=QuestionSet.CONFIRM
    )


def test_a_stretch_of_a_trace_does_not_recommend_what_the_whole_refuses() -> None:
    """One replica is enough between bursts, which are more than 5 % of the requests; four are enough in them."""
    deployments, traffic = space(), Traffic(Load(trace="bursts"), bursts())
    found = conclude_load([], [confirmed(0.06, 40, "reader")], deployments, traffic)
    assert found.chosen is not None
    assert found.chosen.point.deployment.groups[0].replicas == 4
    assert (found.chosen.prediction.latencies["latency_p95"].value or 1.0) <= 0.5
    assert (found.chosen.capacity.value if found.chosen.capacity else 0.0) or traffic.rate <= 0.0


def test_what_is_recommended_has_the_figures_that_are_foretold_of_it() -> None:
    """Both come from the same long run."""
    point = next(Decision(GOALS, STEADY).kept(list(deployed_pipelines([confirmed(0.1, 40, "reader")], space()))))
    foretold = predict_load(point.deployed, STEADY).latencies["latency_p95"].value
    assert point.figures["latency_p95"] == foretold


def test_a_pipeline_that_misses_in_every_deployment_gives_way_to_the_next() -> None:
    """The most accurate takes longer than the SLA at any load; the second is recommended."""
    slow, quick = confirmed(0.6, 40, "slow"), confirmed(0.1, 20, "quick")
    found = conclude_load([], [slow, quick], space(), STEADY)
    assert found.chosen is not None and found.chosen.point.pipeline == quick.pipeline
    assert found.nearest is None


def test_where_nothing_keeps_the_bounds_the_nearest_is_told() -> None:
    """Of one that takes 0.45 s and waits for its turn, the deployment with the most replicas misses by least."""
    goals = replace(GOALS, sla=ServiceLevel("latency_p95", 0.46))
    found = conclude_load([], [confirmed(0.45, 40, "slow")], space(goals, replicas=(2, 3)), STEADY)
    assert found.chosen is None and found.nearest is not None
    assert found.nearest.deployment.groups[0].replicas == 3
    assert 0.46 < (found.nearest.figures["latency_p95"] or 0.0) < 1.0


def test_the_cheapest_of_those_that_tie_is_that_of_trying_everything() -> None:
    """The first that is recommended costs no more than any that keeps the bounds on a long run."""
    evaluations = [confirmed(0.05 * (number + 1), 30, f"reader{number}") for number in range(4)]
    everything = list(deployed_pipelines(evaluations, space()))
    first = next(Decision(GOALS, STEADY).kept(everything))
    foretold = [(each.deployment.usd_per_hour, predict_load(each, STEADY, count=0)) for each in everything]
    keeping = [
        (usd, seconds)
        for usd, prediction in foretold
        if (seconds := prediction.latencies["latency_p95"].value or 1.0) <= 0.5
    ]
    assert (first.figures["usd_per_hour"], first.figures["latency_p95"]) == min(keeping)


def test_a_utility_is_what_decides_where_there_is_one() -> None:
    """Here dollars weigh so much that the less accurate, on one machine, is worth more; and it is the best of all."""
    goals = replace(GOALS, utility=Utility("answer_f1 - 2 * usd_per_hour"))
    heavy, light = confirmed(0.4, 40, "heavy"), confirmed(0.05, 36, "light")
    everything = list(deployed_pipelines([heavy, light], space(goals)))
    points = list(Decision(goals, STEADY).kept(everything))
    assert [point.pipeline for point in points] == [light.pipeline]
    assert worth(points[0].figures, goals) == pytest.approx(0.9 - 2 * 0.36)


def test_a_fallback_that_was_not_evaluated_is_taken_to_fail() -> None:
    """Nobody knows its seconds, nor its scores: requests that it would answer are lost."""
    tail = TailPolicy(timeout=0.01, fallback="sentence()")
    (deployed,) = deployed_pipelines([confirmed(0.1, 40, "reader")], space(replicas=(1,), tail=tail))
    foretold = predict_load(deployed, STEADY, count=0)
    assert (foretold.failed, foretold.fell_back) == (1.0, 0.0)
    with pytest.raises(ValueError, match=r"falls back to sentence\(\)"):
        predict_load(deploy(deployed.evaluation, deployed.deployment), STEADY, count=0)
