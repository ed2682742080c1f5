"""Replicas that hold several pipelines, in simulation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import Demand, OfferedRequests
from tradespace.search_space.deployment import StageGroup
from tradespace.serving.adaptation.menu import Menu, Option
from tradespace.serving.adaptation.service import SimulatedService
from tradespace.testing.adaptation_menus import steady_requests, synthetic_menu

MENU = synthetic_menu()


def option_of(menu: Menu, replicas: tuple[int, int], batch: int = 1) -> Option:
    """The best pipeline with these replicas."""
    deployment = next(
        each
        for each in menu.deployments
        if [(group.replicas, group.batch) for group in each.groups] == [(count, batch) for count in replicas]
    )
    return menu.option(menu.variants[-1], deployment)


@pytest.mark.parametrize(("replicas", "batch"), [((1, 2), 1), ((1, 2), 4), ((3, 4), 1)])
def test_one_pipeline_is_simulated_as_it_is_elsewhere(replicas: tuple[int, int], batch: int) -> None:
    """Without changes and choices the latencies are those of the simulation of one deployment."""
    option, offered = option_of(MENU, replicas, batch), steady_requests([30], 60)
    service = SimulatedService(MENU, option, offered)
    service.run(lambda ahead: option.variant)
    expected = simulate(option.stations, Demand(option.variant.seconds), offered, scatter=False)
    np.testing.assert_allclose(service.latency, expected.latency, atol=1e-9)


def test_a_request_takes_what_its_own_pipeline_takes() -> None:
    """Every other request is given the plain pipeline; with no one before it, it takes that pipeline's seconds."""
    offered = steady_requests([0.5], 200)
    best, plain = MENU.variants[-1], MENU.variants[0]
    service = SimulatedService(MENU, option_of(MENU, (4, 4)), offered)
    given = iter([best, plain] * len(offered.arrivals))
    service.run(lambda ahead: next(given))
    taken = [best if place % 2 == 0 else plain for place in range(len(offered.arrivals))]
    alone = [
        float(variant.seconds[question].sum() + 2 * 0.002)  # each batch has its start
        for variant, question in zip(taken, offered.questions, strict=True)
    ]
    np.testing.assert_allclose(service.latency, alone, atol=1e-9)
    assert service.accuracy.tolist() == [variant.accuracy for variant in taken]


def test_only_requests_of_the_same_components_share_a_batch() -> None:
    """As the queue of the server has it: the first waits for more of its kind, and takes them from behind another."""
    best, plain = MENU.variants[-1], MENU.variants[0]
    group = StageGroup(("generate",), 1, batch=2, wait=0.1, host="cpu")
    alike = [replace(each, seconds=np.full((1, 1), 0.01), profiles=()) for each in (best, plain)]
    menu = replace(MENU, variants=tuple(alike), settings=((group,),))
    offered = OfferedRequests(np.array([0.0, 0.01, 0.02]), np.zeros(3, dtype=np.intp))
    service = SimulatedService(menu, next(menu.options), offered)
    given = iter([alike[0], alike[1], alike[0]])
    service.run(lambda ahead: next(given))
    np.testing.assert_allclose(service.latency, [0.04, 0.11, 0.02])


def test_pipelines_share_batches_of_a_group_where_they_have_the_same_components() -> None:
    """What tells them apart is elsewhere."""
    group = StageGroup(("retrieve",), 1, batch=2, wait=0.1, host="cpu")
    alike = [
        replace(each, seconds=np.full((1, 1), 0.01), profiles=(), components=(("bm25()",),)) for each in MENU.variants
    ]
    menu = replace(MENU, variants=tuple(alike), settings=((group,),))
    offered = OfferedRequests(np.array([0.0, 0.01]), np.zeros(2, dtype=np.intp))
    service = SimulatedService(menu, next(menu.options), offered)
    given = iter(alike)
    service.run(lambda ahead: next(given))
    np.testing.assert_allclose(service.latency, [0.03, 0.02])


def test_replicas_come_after_their_start_and_cost_from_its_beginning() -> None:
    """A request that comes meanwhile is served by those that are there."""
    few, many = option_of(MENU, (1, 1)), option_of(MENU, (1, 3))
    service = SimulatedService(MENU, few, steady_requests([1], 20))
    network = service.network
    service.run_until(10.0, lambda ahead: few.variant)
    service.change(many, start_up=4.0)
    service.run_until(12.0, lambda ahead: few.variant)
    assert network.ahead.replicas == (1, 1)
    service.run_until(15.0, lambda ahead: few.variant)
    assert network.ahead.replicas == (1, 3)
    assert network.replica_seconds() == pytest.approx([15.0, 15.0 + 2 * 5.0])


def test_what_stands_before_a_request_is_counted_by_group() -> None:
    """Nothing before the first, and nothing when all are answered."""
    service = SimulatedService(MENU, option_of(MENU, (1, 1)), steady_requests([40], 5))
    seen = []

    def admit(ahead):  # type: ignore[no-untyped-def]
        seen.append(ahead.requests)
        return MENU.variants[-1]

    service.run(admit)
    assert seen[0] == (0, 0)
    assert max(retrieving + generating for retrieving, generating in seen) > 10
    assert service.network.ahead.requests == (0, 0)
    assert service.network.ahead.seconds == pytest.approx((0, 0))
