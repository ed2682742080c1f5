"""Latencies can be measured on another node, which is held for that alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.explorer.running.executors.on_ray.nodes import RayNodes
from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.errors import ClusterError
from tradespace.explorer.running.executors import executor_on
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.timing.quiet import Effort
from tradespace.explorer.timing.stage_timer import StageTimer
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.run import RunSection
from tradespace.testing.paragraphs import documents, questions

pytestmark = [pytest.mark.ray, pytest.mark.usefixtures("cluster")]
PIPELINE: Pipeline = parse("bm25(top_k=3) >> sentence()")


def test_stages_are_timed_on_the_node_that_is_named(cluster: RayNodes, tmp_path: Path) -> None:
    """Their timings are in the ledger here; the calls before were made on other nodes."""
    quiet = cluster.add(labels={"purpose": "timing"})
    opened, ledger = OpenedComponents(documents(), tmp_path / "artefacts"), open_ledger("memory://")
    asked_here = questions()[:4]
    try:
        with executor_on(RunSection(on=CallPlace.RAY, workers=2, timing="purpose=timing"))(opened) as executor:
            calls = RecordedCalls(opened, ledger, executor=executor)
            traces = run(calls, [PIPELINE], [question.text for question in asked_here])
            assert calls.elsewhere is not None
            assert calls.elsewhere(os.getpid) != os.getpid()
            timer = StageTimer(calls, asked_here, "the quiet one", "latency_p95", Effort(1), whole=True)
            seconds = timer.of_stages(traces)[PIPELINE]
    finally:
        cluster.cluster.remove_node(quiet)
    samples = [sample for batch in ledger.samples() for sample in batch]
    assert {sample.host for sample in samples} == {"the quiet one"}
    assert all(value is not None for row in seconds.seconds.values() for value in row)
    assert len(seconds.end_to_end) == len(asked_here)


def test_a_node_that_is_not_there_is_said(tmp_path: Path) -> None:
    """With those that are."""
    place = executor_on(RunSection(on=CallPlace.RAY, timing="nowhere"))
    with (
        pytest.raises(
            ClusterError, match=r"no node of the Ray cluster is 'nowhere', as `timing` says; its nodes are: \S"
        ),
        place(OpenedComponents(documents(), tmp_path)),
    ):
        pass
