"""What is said of pipelines under load."""

from __future__ import annotations

from dataclasses import replace

from tradespace.explorer.conclusions.deployed_choice import conclude_load
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import QuestionSet
from tradespace.reports.figures import load_curve_figure
from tradespace.reports.under_load import (
    FEW_DEPLOYMENTS,
    Extent,
    UnderLoadInfo,
    under_load_info,
)
from tradespace.search_space.deployment import Host, Load, StageGroup
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals, Objective, ServiceLevel
from tradespace.testing.timed_evaluations import timed_evaluation

ONE_CORE = Host("cpu", usd_per_hour=0.36, cores=1)
GOALS = Goals(
    (Objective("answer_f1", True), Objective("latency_p95", False), Objective("usd_per_hour", False)),
    ServiceLevel("latency_p95", 1.0),
)


def info(rate: float, goals: Goals = GOALS, burstiness: float = 1.0, extent: Extent = Extent.FULL) -> UnderLoadInfo:
    """Of one pipeline that takes 0.2 s, in one to three replicas."""
    groups = tuple(StageGroup(("generate",), replicas, host="cpu") for replicas in (1, 2, 3))
    space = DeploymentSpace((Load(rate, burstiness),), (groups,), (ONE_CORE,), goals)
    explored = timed_evaluation({"generate": [0.2] * 40}, scores=[1.0, 0.0] * 20)
    confirmed = replace(explored, question_set=QuestionSet.CONFIRM)
    concluded = conclude_load([explored], [confirmed], space, Traffic(space.loads[0]))
    return under_load_info(concluded, goals, {explored.pipeline: 1}, extent)


def test_the_headline_names_load_figures_dollars_and_deployment() -> None:
    """Each latency has its load beside it."""
    said = info(2.0)
    assert said.headline.startswith("Under 2 requests per s: answer F1 0.500, 95th-percentile latency ")
    assert "$0.36 per hour" in said.headline and said.headline.endswith("with generate: 1 replica.")
    assert any(note.startswith("It holds the SLA to ") and "times this load" in note for note in said.notes)


def test_too_few_replicas_are_said_as_a_sentence() -> None:
    """12 a second of 0.2 s each are the work of 2.4 replicas."""
    assert "12 requests per s need at least 3 replicas of generate." in info(12.0).notes


def test_where_no_deployment_keeps_the_bounds_nothing_is_recommended() -> None:
    """The headline says so, and there is no curve."""
    said = info(100.0)
    assert said.headline == "Under 100 requests per s: no pipeline keeps the SLA of 1000 ms in any of the deployments."
    assert (said.pipeline, said.curve, said.frontier.rows) == (None, (), ())


def test_the_nearest_is_named_where_nothing_keeps_the_bounds() -> None:
    """With its figures and its deployment; there is no curve."""
    said = info(9.0, replace(GOALS, sla=ServiceLevel("latency_p95", 0.205)))
    assert "no pipeline keeps the SLA of 205 ms in any of the deployments. Nearest comes, with 95th" in said.headline
    assert said.headline.endswith("generate: 3 replicas.")
    assert said.pipeline == "generate_part()" and said.curve == ()


def test_near_saturation_an_interval_stands_in_the_place_of_a_point() -> None:
    """In the headline and in the table: 4.7 a second of 0.2 s are 94 % of what one replica can do."""
    said = info(4.7, replace(GOALS, sla=ServiceLevel("latency_p95", 30.0)))
    assert (
        "95th-percentile latency" in said.headline and "–" in said.headline and "(" not in said.headline.split("$")[0]
    )
    assert "–" in said.frontier.rows[0].cells[6].text


def test_what_was_not_measured_in_company_is_said() -> None:
    """One replica that takes one request at a time is as it was timed; two are not."""
    assert not any("Not measured in company" in note for note in info(2.0).notes)
    assert any("Not measured in company: generate." in note for note in info(9.0).notes)


def test_bursts_are_named_beside_steadier_loads_only() -> None:
    """A burstiness of 2 says nothing to who has one of 3."""
    assert any("in bursts (burstiness 2) to" in note for note in info(2.0).notes)
    assert not any("burstiness 2" in note for note in info(2.0, burstiness=3.0).notes)


def test_the_recommended_deployment_comes_first_and_little_is_said_briefly() -> None:
    """Without a curve, and with how many of the frontier are left out."""
    full, brief = info(6.0), info(6.0, extent=Extent.BRIEF)
    assert full.frontier.rows[0].standing == "recommended" and full.left_out == 0
    assert full.frontier.rows[0].cells[-1].text == "–"
    assert full.curve and brief.curve == ()
    assert len(brief.frontier.rows) == min(FEW_DEPLOYMENTS, len(full.frontier.rows))
    assert len(brief.frontier.rows) + brief.left_out == len(full.frontier.rows)


def test_the_curve_marks_load_service_level_and_capacity_where_they_are() -> None:
    """Labels of a logarithmic axis stand at the logarithm."""
    said = info(2.0)
    figure = load_curve_figure(said)
    labels = {label.text: label for label in figure.layout.annotations}
    assert labels["SLA 1000 ms"].y == 3.0
    assert labels["this load, 2 per s"].x == 2.0
    assert said.capacity and labels[f"holds the SLA to {said.capacity.value:.3g} per s"].x == said.capacity.value
