"""How long calls take with many workers, beside workers that are simulated."""

from __future__ import annotations

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conftest import LastWord, Overlap
from tradespace.components.base import Component
from tradespace.explorer.planning.estimate import SpendingEstimate
from tradespace.explorer.planning.plan import Plan
from tradespace.explorer.planning.wall_time import rounds_of, wall_time
from tradespace.explorer.results import Outlay

RETRIEVE, ANSWER = Overlap(), LastWord()
NOTHING = Outlay(0, 0, 0.0, None)


def planned(calls: dict[Component, int], *, walking: float = 0.0, pipelines: int = 1, questions: int = 1) -> Plan:
    return Plan(pipelines, questions, sum(calls.values()), calls, {}, {}, walking=walking)


def estimated(calls: dict[Component, float], *, opening: float = 0.0, waiting: float = 0.0) -> SpendingEstimate:
    return SpendingEstimate(NOTHING, opening=opening, calls=calls, waiting=waiting)


numbers, seconds = st.integers(1, 2000), st.floats(0.001, 10)


@given(retrieved=numbers, answered=numbers, each=seconds, slow=seconds, rounds=st.integers(1, 20))
def test_one_worker_takes_as_long_as_this_machine(
    retrieved: int, answered: int, each: float, slow: float, rounds: int
) -> None:
    """All calls one after the other, with what one process does once."""
    plan = planned({RETRIEVE: retrieved, ANSWER: answered}, walking=3.0)
    told = wall_time(plan, estimated({RETRIEVE: each, ANSWER: slow}, opening=5.0, waiting=7.0), 1, rounds)
    assert told.seconds == pytest.approx(15 + retrieved * each + answered * slow)
    assert told.busy == pytest.approx(1)


@given(number=numbers, each=seconds, workers=st.integers(1, 100))
def test_workers_that_are_simulated_take_no_longer(number: int, each: float, workers: int) -> None:
    """Each takes the next batch as soon as it is free: naively, with a clock for each of them."""
    told = wall_time(planned({RETRIEVE: number}), estimated({RETRIEVE: each}), workers, 1)
    free = [0.0] * workers
    size = RETRIEVE.batch_size
    for start in range(0, number, size):
        heapq.heappush(free, heapq.heappop(free) + each * min(size, number - start))
    longest = each * min(size, number)
    assert max(free) <= told.seconds * (1 + 1e-9)
    assert told.seconds <= max(free) + longest * (1 + 1e-9)


@given(retrieved=numbers, answered=numbers, each=seconds, rounds=st.integers(1, 20), workers=st.integers(1, 999))
def test_another_worker_never_costs_time(retrieved: int, answered: int, each: float, rounds: int, workers: int) -> None:
    """And never has more to do than there is: no less time than the share of each, and what one process does."""
    plan = planned({RETRIEVE: retrieved, ANSWER: answered}, walking=1.0)
    times = [
        wall_time(plan, estimated({RETRIEVE: each, ANSWER: each}), count, rounds) for count in (workers, workers + 1)
    ]
    assert times[1].seconds <= times[0].seconds * (1 + 1e-9)
    assert times[0].calling >= times[0].work / workers * (1 - 1e-9)


def test_models_that_run_elsewhere_gain_nothing_by_workers() -> None:
    """Their limits hold for all together; and indexes are built once."""
    told = wall_time(planned({}), estimated({}, opening=2.0, waiting=9.0), 64, 1)
    assert (told.seconds, told.busy) == (11.0, 0.0)


@pytest.mark.parametrize(
    ("pipelines", "questions", "at_a_time", "block", "rounds"),
    [(16, 200, 8, None, 2), (16, 200, 8, 25, 16), (17, 200, 8, None, 3), (8, 600, 8, None, 3), (1, 10, 8, 25, 1)],
)
def test_a_search_asks_for_blocks_of_pipelines_and_questions(
    pipelines: int, questions: int, at_a_time: int, block: int | None, rounds: int
) -> None:
    """No more than are walked together."""
    assert rounds_of(planned({}, pipelines=pipelines, questions=questions), at_a_time, block) == rounds
