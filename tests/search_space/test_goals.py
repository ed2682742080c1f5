"""Objectives and the service-level agreement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search_space.small import Read
from tradespace.errors import InputError, SpaceError
from tradespace.search_space.goals import Objective, ServiceLevel, seconds
from tradespace.search_space.specification import load_text

STAGES = "retrieve: words\nrerank: keep\ngenerate: answer"
TWO_RERANKERS = "retrieve: words\nrerank: keep\nrerank_2: same\ngenerate: answer"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 ms", 0.1),
        ("100ms", 0.1),
        ("0.1 s", 0.1),
        ("2 min", 120.0),
        ("50 us", 5e-5),
        ("50 µs", 5e-5),
        (" .5s ", 0.5),
    ],
)
def test_durations_have_units(text: str, expected: float) -> None:
    """A number and its unit, with or without a space."""
    assert seconds(text) == pytest.approx(expected)


@given(st.text())
@pytest.mark.parametrize("prefix", ["", "1", "0 ms ", "-"])
def test_anything_else_is_no_duration(prefix: str, text: str) -> None:
    """Either a text is a duration above 0, or the error says what one looks like."""
    try:
        assert seconds(prefix + text) > 0
    except ValueError as error:
        assert "such as 100 ms" in str(error)


@pytest.mark.parametrize("text", ["100", "0 ms", "-5 ms", "5 parsecs", "ms", "1e3 ms", ""])
def test_a_duration_needs_a_unit_and_a_positive_number(text: str) -> None:
    """100 could mean anything."""
    with pytest.raises(ValueError, match="must be a duration above 0 with its unit"):
        seconds(text)


def test_objectives_keep_their_order_and_direction(read: Read) -> None:
    """A direction that is not given is the measure's own."""
    specification = read(
        STAGES,
        objectives="{f1: , latency_p95: , usd_per_1k: minimize, length: minimize}",
        prices="{host_usd_per_hour: 1}",
    )
    assert specification.goals.objectives == (
        Objective("f1", True),
        Objective("latency_p95", False),
        Objective("usd_per_1k", False),
        Objective("length", False),
    )


def test_unknown_measures_are_faults(small_registry: None) -> None:
    """The message is that of whoever knows the measures, with the latency and cost figures."""

    def known(name: str) -> bool:
        if name != "f1":
            raise InputError(f"no measure is called {name!r}; Valid: f1")
        return True

    text = (
        "name: n\ndata: {dataset: d}\npipeline: {retrieve: words}\nobjectives:\n  f1:\n  f2: maximize\n  latency_p9:\n"
    )
    with pytest.raises(SpaceError) as caught:
        load_text(text, "f", measures=known)
    assert [fault.where for fault in caught.value.faults] == ["f:6", "f:7"]
    assert "no measure is called 'f2'; Valid: f1; with settings: " in str(caught.value)
    assert "; latency and cost: latency_mean" in str(caught.value)


@pytest.mark.parametrize(
    ("stages", "sla", "expected"),
    [
        (STAGES, "{latency_p95: 100 ms}", ServiceLevel("latency_p95", 0.1)),
        (STAGES, "{latency_mean: 1 s, split: [retrieve, rerank + generate]}",
         ServiceLevel("latency_mean", 1.0, (("retrieve",), ("rerank", "generate")))),
        (TWO_RERANKERS, "{latency_p95: 100 ms}",
         ServiceLevel("latency_p95", 0.1, (("retrieve", "rerank", "rerank_2"), ("generate",)))),
        (TWO_RERANKERS, "{latency_p95: 100 ms, split: [retrieve + rerank, rerank_2 + generate]}",
         ServiceLevel("latency_p95", 0.1, (("retrieve", "rerank"), ("rerank_2", "generate")))),
        (STAGES, "{latency_p95: 100 ms, error: 0.01}", ServiceLevel("latency_p95", 0.1, error=0.01)),
        (STAGES, "100 ms", ServiceLevel("latency_p95", 0.1)),
        ("retrieve: words", "{latency_p99: 2 min}", ServiceLevel("latency_p99", 120.0, (("retrieve",),))),
    ],
)  # fmt: skip
def test_an_sla_bounds_one_latency(read: Read, stages: str, sla: str, expected: ServiceLevel) -> None:
    """Without a split, retrieving and reranking stand against generating, as far as the pipeline has them."""
    assert read(stages, sla=sla).goals.sla == expected


def test_a_bound_alone_is_that_of_the_first_latency_among_the_objectives(read: Read) -> None:
    """What is to be minimised is meant; it is the p95 where no latency is."""
    objectives = "{f1: maximize, latency_p99: minimize, latency_p50: minimize}"
    assert read(STAGES, sla="2 s", objectives=objectives).goals.sla == ServiceLevel("latency_p99", 2.0)


def test_without_an_sla_there_is_none(read: Read) -> None:
    """The section may be left out."""
    assert read(STAGES).goals.sla is None


@pytest.mark.parametrize(
    ("sla", "message"),
    [
        ("100", "must be a bound such as 100 ms, or {latency_p95: 100 ms}; given: 100"),
        ("soon", "must be a duration above 0 with its unit"),
        ("{latency_p95: 100}", "must be a duration above 0 with its unit"),
        ("{latency_p9: 1 s}", "an SLA has no 'latency_p9'; did you mean 'latency_p99'?"),
        ("{latency_p90: 1 s, latency_p95: 1 s}", "must bound one of"),
        ("{split: [retrieve + rerank, generate]}", "must bound one of"),
        ("{latency_p95: 1 s, split: [retrieve]}", "the stage 'rerank' must be in one of the groups"),
        ("{latency_p95: 1 s, split: [retrieve, rerank, generate, chunk]}", "the pipeline has no online stage 'chunk'"),
        ("{latency_p95: 1 s, split: [retrieve, rerank + retrieve, generate]}", "'retrieve' must be in one group only"),
        ("{latency_p95: 1 s, split: 5}", "must list groups of stages"),
        ("{latency_p95: 1 s, error: 5 %}", "must be a share above 0 and below 1, such as 0.05; given: '5 %'"),
        ("{latency_p95: 1 s, error: 5}", "must be a share above 0 and below 1, such as 0.05; given: 5"),
    ],
)
def test_a_wrong_sla_is_a_fault(read: Read, sla: str, message: str) -> None:
    """The message says what an SLA looks like."""
    with pytest.raises(SpaceError) as caught:
        read(STAGES, sla=sla)
    assert message in str(caught.value)


@pytest.mark.parametrize("objectives", ["5", "{}", "[f1]", "{f1: best}"])
def test_wrong_objectives_are_faults(read: Read, objectives: str) -> None:
    """Objectives map measures to directions."""
    with pytest.raises(SpaceError, match="maximize or minimize; given"):
        read(STAGES, objectives=objectives)


def test_a_cost_is_no_objective_without_a_price(read: Read) -> None:
    """Costs would be missing for every pipeline, so that none could be on the frontier."""
    with pytest.raises(SpaceError, match="a cost needs a section `prices`"):
        read(STAGES, objectives="{f1: maximize, usd_per_1k: minimize}")
