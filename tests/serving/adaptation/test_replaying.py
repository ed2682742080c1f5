"""Traces that are replayed while a policy adapts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradespace.serving.adaptation.forecasts import LastValue, MovingMaximum, Perfect
from tradespace.serving.adaptation.policies import IPA, FrontierPolicy, PerRequest, Static
from tradespace.serving.adaptation.replaying import ReplayedTrace, counts_by_second, replay_trace
from tradespace.testing.adaptation_menus import steady_requests, synthetic_menu

MENU = synthetic_menu(replicas=(1, 3), batches=(1,), startup=1.0)
STEP = steady_requests([3, 50, 3], 40)
"""Up at 40 s, and down at 80 s."""


@pytest.fixture(scope="module")
def frontier() -> ReplayedTrace:
    """Ours, on the step."""
    return replay_trace(MENU, FrontierPolicy(), MovingMaximum(intervals=2), STEP)


def rate_of(replayed: ReplayedTrace, start: int) -> float:
    """Replicas in the interval that begins there."""
    (interval,) = [each for each in replayed.intervals if each.start == start]
    return interval.outcome.replicas


def test_replicas_follow_the_load(frontier: ReplayedTrace) -> None:
    """More while more comes; fewer before and after."""
    assert rate_of(frontier, 30) < rate_of(frontier, 60)
    assert rate_of(frontier, 110) < rate_of(frontier, 60)
    assert frontier.switches >= 2


def test_the_bound_is_kept_while_the_load_jumps(frontier: ReplayedTrace) -> None:
    """Though the forecast knows nothing of the jump: requests are given faster pipelines until replicas have come."""
    assert frontier.outcome.attained is not None
    assert frontier.outcome.attained > MENU.bound.share
    (jump,) = [each.outcome for each in frontier.intervals if each.start == 40]
    (after,) = [each.outcome for each in frontier.intervals if each.start == 60]
    assert jump.accuracy is not None
    assert after.accuracy is not None
    assert jump.accuracy < after.accuracy


def test_what_is_left_of_mean_replicas_is_spent(frontier: ReplayedTrace) -> None:
    """Replicas weigh so much that few would be chosen; what that saves is spent on accuracy."""
    thrifty = replace(MENU, weights=replace(MENU.weights, cost=20.0))
    without, within = (
        replay_trace(thrifty, FrontierPolicy(mean_replicas=budget), MovingMaximum(intervals=2), STEP).outcome
        for budget in (None, frontier.outcome.replicas)
    )
    assert without.accuracy is not None
    assert within.accuracy is not None
    assert without.replicas < within.replicas <= frontier.outcome.replicas * 1.05
    assert within.accuracy > without.accuracy


def test_late_answers_that_count_are_put_up_with_for_accuracy() -> None:
    """As far as the bound lets answers be late; by default they are worth nothing."""
    menu = synthetic_menu(replicas=(2,), batches=(1,))
    offered = steady_requests([36], 120)
    usual, counting = (
        replay_trace(menu, FrontierPolicy(late_worth=worth), MovingMaximum(), offered).outcome for worth in (0.0, 1.0)
    )
    assert usual.accuracy is not None
    assert counting.accuracy is not None
    assert usual.in_time is not None
    assert counting.in_time is not None
    assert counting.accuracy > usual.accuracy
    assert counting.in_time < usual.in_time


def test_the_total_is_made_of_the_intervals(frontier: ReplayedTrace) -> None:
    """Means over requests, and costs over time."""
    outcomes = [each.outcome for each in frontier.intervals]
    requests = sum(each.requests for each in outcomes)
    assert requests == frontier.outcome.requests == len(STEP.arrivals)
    attained = sum((each.attained or 0) * each.requests for each in outcomes) / requests
    assert frontier.outcome.attained == pytest.approx(attained)
    replicas = sum(each.outcome.replicas * each.seconds for each in frontier.intervals) / 120
    assert frontier.outcome.replicas == pytest.approx(replicas)
    assert frontier.outcome.usd_per_hour == pytest.approx(0.01 * replicas)


def test_a_static_option_never_changes() -> None:
    """It is laid out for the peak."""
    replayed = replay_trace(MENU, Static(), MovingMaximum(), STEP)
    assert replayed.switches == 0
    assert {interval.option.variant.pipeline for interval in replayed.intervals} == {"best()"}


def test_a_late_answer_is_worth_nothing_in_time() -> None:
    """The accuracy of what was in time is that of all, less that of late answers."""
    outcome = replay_trace(synthetic_menu(replicas=(1,), batches=(1,)), Static(), MovingMaximum(), STEP).outcome
    assert outcome.attained is not None
    assert outcome.attained < 0.9
    assert outcome.in_time == pytest.approx(0.65 * outcome.attained)


def test_the_queue_decides_per_request() -> None:
    """With one replica too few for the best, the plain pipeline answers while the queue is long, and in time."""
    menu = synthetic_menu(replicas=(2,), batches=(1,))
    static, chosen = (
        replay_trace(menu, policy, MovingMaximum(), STEP).outcome for policy in (Static(), PerRequest(tied_within=0.2))
    )
    assert chosen.in_time is not None
    assert static.in_time is not None
    assert chosen.in_time > static.in_time


def test_foresight_pays() -> None:
    """Who knows the future attains the bound more often."""
    counts = counts_by_second(STEP.arrivals)
    oracle = replay_trace(MENU, IPA(), Perfect(trace=tuple(counts)), STEP).outcome
    blind = replay_trace(MENU, IPA(), LastValue(), STEP).outcome
    assert oracle.attained is not None
    assert blind.attained is not None
    assert oracle.attained > blind.attained
