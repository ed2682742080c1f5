"""What a point adds to a frontier, against the definition of the hypervolume."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.arrays import Floats
from tradespace.explorer.search.frontier.hypervolume import gains, naive_hypervolume

coordinates = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0, 1.5])


def tables(objectives: int, least: int = 0) -> st.SearchStrategy[Floats]:
    """Points, of which some lie beyond the reference, and some are equal."""
    row = st.lists(coordinates, min_size=objectives, max_size=objectives)
    return st.lists(row, min_size=least, max_size=6).map(lambda rows: np.array(rows).reshape(-1, objectives))


def added(point: Floats, front: Floats, reference: Floats) -> float:
    """The hypervolume with a point, less that without it."""
    return naive_hypervolume(np.vstack([front, point]), reference) - naive_hypervolume(front, reference)


@settings(deadline=None)
@given(st.integers(1, 2).flatmap(lambda count: st.tuples(tables(count, least=1), tables(count))))
def test_one_and_two_objectives_are_exact(points_and_front: tuple[Floats, Floats]) -> None:
    """Each point gains what the hypervolume grows by when it joins."""
    points, front = points_and_front
    reference = np.ones(points.shape[1])
    expected = [added(point, front, reference) for point in points]
    assert gains(points, front, reference, np.random.default_rng(0)) == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(tables(3, least=1), tables(3))
def test_three_objectives_are_sampled(points: Floats, front: Floats) -> None:
    """Within the error of some hundred samples."""
    reference = np.ones(3)
    expected = [added(point, front, reference) for point in points]
    assert gains(points, front, reference, np.random.default_rng(0)) == pytest.approx(expected, abs=0.08)


def test_what_misses_the_service_level_gains_nothing() -> None:
    """It is drawn as infinitely bad."""
    for count in (1, 2, 3):
        never = np.full((1, count), np.inf)
        assert gains(never, np.zeros((0, count)), np.ones(count), np.random.default_rng(0)).tolist() == [0.0]
