"""Deployments of a space, and what they are for one pipeline."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradespace.search_space.deployment import Deployment, Host, Load, StageGroup, TailPolicy
from tradespace.search_space.deployment.space import DeploymentSpace, deployed
from tradespace.search_space.goals import Goals, Objective

STAGES = ("retrieve", "rerank", "rerank_2", "generate")
CPU, GPU = Host("cpu", 0.2, 2), Host("gpu", 2.0, 8)
GOALS = Goals((Objective("f1", True),))


def space_of(*groups: tuple[StageGroup, ...]) -> DeploymentSpace:
    return DeploymentSpace((Load(1.0),), groups, (CPU, GPU), GOALS)


def of_replicas(stages: tuple[str, ...], *replicas: int) -> tuple[StageGroup, ...]:
    return tuple(StageGroup(stages, number, host="cpu") for number in replicas)


def test_a_space_has_every_combination_of_its_groups() -> None:
    """In the order of the file, the last group varying fastest, and as many as it says."""
    space = space_of(of_replicas(("retrieve",), 1, 2), of_replicas(("generate",), 1, 2, 4))
    found = [tuple(group.replicas for group in each.groups) for each in space.deployments()]
    assert found == [(1, 1), (1, 2), (1, 4), (2, 1), (2, 2), (2, 4)]
    assert space.size == len(found)


def test_a_space_that_names_no_group_has_one_deployment() -> None:
    """In which all of a pipeline runs in one process."""
    space = space_of()
    assert space.size == 1
    (only,) = space.deployments_of(("retrieve", "generate"))
    assert only.groups == (StageGroup(("retrieve", "generate"), host="cpu"),)


def test_a_large_space_is_not_gone_through_to_be_counted() -> None:
    """Deployments are made when they are asked for."""
    many = tuple(range(1, 1000))
    space = space_of(*(of_replicas((stage,), *many) for stage in STAGES))
    assert space.size == 999**4
    assert next(space.deployments()).groups[0].replicas == 1


def test_stages_that_no_group_names_are_groups_of_their_own() -> None:
    """Together where they are next to each other, one replica on the first host."""
    named = StageGroup(("rerank",), replicas=3, batch=4, host="gpu")
    fitted = deployed(Deployment((named,), (CPU, GPU)), STAGES)
    assert fitted.groups == (
        StageGroup(("retrieve",), host="cpu"),
        named,
        StageGroup(("rerank_2", "generate"), host="cpu"),
    )


def test_groups_that_a_pipeline_has_no_stage_of_are_left_out() -> None:
    """Two deployments that differ in nothing else are one of that pipeline."""
    space = space_of(of_replicas(("retrieve",), 1, 2), of_replicas(("rerank",), 1, 2, 4))
    deployments = list(space.deployments_of(("retrieve", "generate")))
    assert [[group.name for group in each.groups] for each in deployments] == [["retrieve", "generate"]] * 2
    assert [each.groups[0].replicas for each in deployments] == [1, 2]


def test_a_group_without_its_last_stage_has_no_fallback() -> None:
    """What would stand for that stage has nothing to stand for; the rest of the policy stays."""
    group = StageGroup(("rerank", "generate"), host="cpu", tail=TailPolicy(1.0, retries=2, fallback="sentence()"))
    fitted = deployed(Deployment((group,), (CPU,)), ("retrieve", "rerank"))
    assert fitted.groups[1] == StageGroup(("rerank",), host="cpu", tail=TailPolicy(1.0, retries=2))
    assert deployed(Deployment((group,), (CPU,)), ("generate",)).groups[0].tail.fallback == "sentence()"


@st.composite
def deployments_and_stages(draw: st.DrawFn) -> tuple[Deployment, tuple[str, ...]]:
    cuts = sorted(draw(st.sets(st.integers(1, 3))))
    parts = [STAGES[start:end] for start, end in zip([0, *cuts], [*cuts, 4], strict=True)]
    named = [part for part in parts if draw(st.booleans())]
    groups = tuple(
        StageGroup(part, draw(st.integers(1, 9)), host=draw(st.sampled_from(["cpu", "gpu"]))) for part in named
    )
    stages = tuple(stage for stage in STAGES if draw(st.booleans())) or STAGES[:1]
    return Deployment(groups, (CPU, GPU)), stages


@given(deployments_and_stages())
def test_every_stage_is_in_one_group_and_in_order(case: tuple[Deployment, tuple[str, ...]]) -> None:
    """Whatever groups there are, and whatever stages a pipeline has; fitting again changes nothing."""
    deployment, stages = case
    fitted = deployed(deployment, stages)
    assert tuple(stage for group in fitted.groups for stage in group.stages) == stages
    assert deployed(fitted, stages) == fitted
    space = DeploymentSpace((Load(1.0),), tuple((group,) for group in deployment.groups), (CPU, GPU), GOALS)
    assert list(space.deployments_of(stages)) == [fitted]


@given(deployments_and_stages())
def test_whole_machines_are_paid_and_shared(case: tuple[Deployment, tuple[str, ...]]) -> None:
    """Each replica has a core, no machine is paid for in vain, and threads are no more than there are cores."""
    deployment = deployed(*case)
    for host in deployment.hosts:
        replicas, machines = deployment.replicas(host.name), deployment.machines[host.name]
        assert (machines - 1) * host.cores < replicas <= machines * host.cores or replicas == machines == 0
        assert replicas * deployment.threads(host.name) <= max(1, machines) * host.cores
    assert deployment.usd_per_hour == sum(deployment.machines[host.name] * host.usd_per_hour for host in (CPU, GPU))
