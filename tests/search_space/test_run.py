"""The section that says where calls are made."""

from __future__ import annotations

import pytest

from tradespace.components.notation import parse
from tradespace.errors import SpaceError
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.run import RunSection, WorkerResources
from tradespace.search_space.specification import load_text

REST = """
name: n
data: {dataset: wikipedia}
pipeline: {retrieve: bm25}
objectives: {mrr: maximize}
"""


def test_calls_are_made_in_this_process_unless_it_says_otherwise() -> None:
    """By no workers."""
    assert load_text(REST).run == RunSection()
    assert RunSection().on is CallPlace.PROCESS


def test_a_cluster_its_workers_and_what_they_need_are_named() -> None:
    """By stage or by component; the key `on` is no truth value, as old YAML has it."""
    run = load_text(f"{REST}run: {{on: ray, workers: 8, resources: {{generate: {{num_gpus: 0.5}}}}}}\n").run
    assert (run.on, run.workers) == (CallPlace.RAY, 8)
    assert run.resources == {"generate": WorkerResources(num_gpus=0.5)}


def test_what_is_said_of_a_component_comes_before_what_is_said_of_its_stage() -> None:
    """A language model is called for the stage that answers."""
    run = RunSection(resources={"generate": WorkerResources(num_gpus=1), "sentence": WorkerResources(num_cpus=2)})
    retrieve, generate = parse("bm25() >> sentence()")
    (llm,) = [
        part for part in parse("llm(model=tiny_reasoner())").components[0].parts() if part.name == "tiny_reasoner"
    ]
    assert run.resources_of(retrieve) == WorkerResources()
    assert run.resources_of(generate) == WorkerResources(num_cpus=2)
    assert run.resources_of(llm) == WorkerResources(num_gpus=1)


def test_the_command_line_comes_before_the_file() -> None:
    """What it does not say stays."""
    run = RunSection(on=CallPlace.RAY, workers=8)
    assert run.overridden(None, 2) == RunSection(on=CallPlace.RAY, workers=2)
    assert run.overridden(CallPlace.PROCESS, None) == RunSection(workers=8)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("{on: spark}", "must be 'process' or 'ray'; given: 'spark'"),
        ("{workers: 0}", "must be greater than or equal to 1; given: 0"),
        (
            "{resources: {retreive: {num_gpus: 1}}}",
            "no stage and no component is called 'retreive'; did you mean 'retrieve'",
        ),
        (
            "{resources: {generate: {num_cpus: 1.5}}}",
            "num_cpus must be at least 0, and a whole number where it is more",
        ),
        ("{resources: {generate: {gpus: 1}}}", "'gpus' is not valid here; did you mean 'num_gpus'"),
        ("{wokers: 2}", "'wokers' is not valid here; did you mean 'workers'"),
    ],
)
def test_faults_are_found_before_anything_runs(section: str, message: str) -> None:
    """With what is valid."""
    with pytest.raises(SpaceError) as raised:
        load_text(f"{REST}run: {section}\n")
    assert message in str(raised.value)


def test_deployments_are_measured_where_the_command_runs() -> None:
    """So no other node can be the one whose latencies count."""
    deployment = "deployment: {load: {rate: 5 per s}, stages: {retrieve: {replicas: [1, 2]}}}"
    with pytest.raises(SpaceError, match="deployments are measured where the command runs"):
        load_text(f"{REST}{deployment}\nrun: {{timing: gpu=a10}}\n")
