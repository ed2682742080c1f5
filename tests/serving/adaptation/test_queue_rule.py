"""The pipeline that a request is given, by the queue."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.menu import ServiceBound
from tradespace.serving.adaptation.mixtures import upper_hull
from tradespace.serving.adaptation.queue_rule import in_proportion, in_time
from tradespace.testing.adaptation_menus import synthetic_menu, synthetic_variant

MENU = synthetic_menu()


def test_a_free_replica_means_no_wait() -> None:
    """Three requests before four replicas; from the fourth on, the request queues."""
    assert Ahead((3,), (0.3,), (4,)).wait == 0
    assert Ahead((4,), (0.4,), (4,)).wait == pytest.approx(0.025)
    assert Ahead((13,), (1.3,), (4,)).wait == pytest.approx(0.25)


def test_the_longest_queue_decides() -> None:
    """While it is waited for, the other passes."""
    assert Ahead((11, 3), (1.1, 0.1), (1, 1)).wait == pytest.approx(1.1)


def test_without_a_queue_the_most_accurate_is_given_and_with_a_long_one_the_fastest() -> None:
    """And those between them in between."""
    rule = in_time(MENU.variants, MENU.bound)
    waits = [0.0, 0.08, 0.11, 5.0]
    given = [rule(Ahead((1,), (wait,), (1,))).pipeline for wait in waits]
    assert given == ["best()", "better()", "plain()", "plain()"]


def test_what_is_slower_and_no_better_is_never_given() -> None:
    """A pipeline that another beats in both is not in the rule."""
    beaten = synthetic_variant("beaten()", 0.55, (0.02, 0.05))
    given = [variant.pipeline for _, variant in in_time([*MENU.variants, beaten], MENU.bound).longest_waits]
    assert given == ["best()", "better()", "plain()"]


@pytest.mark.parametrize("readiness", [0.5, 1.0, 3.0, math.inf])
def test_a_pipeline_gives_way_the_sooner_the_less_its_seconds_buy(readiness: float) -> None:
    """Longest waits grow from the most accurate to the fastest, and never beyond what the bound allows."""
    rule = in_proportion(MENU.variants, MENU.bound, MENU.deployments[0], readiness)
    waits = [wait for wait, _ in rule.longest_waits]
    assert waits == sorted(waits)
    allowed = {variant.pipeline: wait for wait, variant in in_time(MENU.variants, MENU.bound).longest_waits}
    assert all(wait <= allowed[variant.pipeline] for wait, variant in rule.longest_waits)


def test_endless_readiness_is_to_give_whatever_is_in_time() -> None:
    """Of the pipelines on the hull."""
    deployment = MENU.deployments[0]
    assert in_proportion(MENU.variants, MENU.bound, deployment, math.inf) == in_time(MENU.variants, MENU.bound)


def test_a_bound_that_nothing_keeps_leaves_the_fastest() -> None:
    """There is always an answer."""
    rule = in_proportion(MENU.variants, ServiceBound(1e-6), MENU.deployments[0], 1.0)
    assert rule(Ahead((5,), (1.0,), (1,))).pipeline == "plain()"


def test_the_hull_is_what_mixtures_reach() -> None:
    """No point is above it, and each of its corners is a point (naively: above all lines between two others)."""
    generator = np.random.default_rng(0)
    for _ in range(50):
        points = [(float(x), float(y)) for x, y in generator.random((7, 2)).round(1)]
        xs, ys = upper_hull(points)
        assert set(zip(xs.tolist(), ys.tolist(), strict=True)) <= set(points)
        lines = [
            (a[1] * (b[0] - x) + b[1] * (x - a[0])) / (b[0] - a[0])
            for a, b in itertools.permutations(points, 2)
            for x in xs.tolist()
            if a[0] < x < b[0]
        ]
        assert all(np.interp(x, xs, ys) >= y - 1e-12 for x, y in points if x >= xs[0])
        assert all(line <= ys.max() + 1e-12 for line in lines)
