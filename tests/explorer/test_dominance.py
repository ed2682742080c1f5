"""The frontier: what is non-dominated, and how sure that is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.dominance import dominates, front_layers, membership, non_dominated

FIGURE = st.one_of(st.integers(0, 4).map(float), st.sampled_from([math.nan, math.inf, -math.inf]))


def naive(points: list[list[float]], maximize: list[bool]) -> list[bool]:
    """The definition, pair by pair."""
    finite = [all(map(math.isfinite, point)) for point in points]
    rivals = [point for point, known in zip(points, finite, strict=True) if known]
    return [
        known and not any(dominates(rival, point, maximize) for rival in rivals)
        for point, known in zip(points, finite, strict=True)
    ]


@st.composite
def clouds(draw: st.DrawFn) -> tuple[list[list[float]], list[bool]]:
    """Points with many ties and missing figures, and mixed directions."""
    maximize = draw(st.lists(st.booleans(), min_size=1, max_size=4))
    row = st.lists(FIGURE, min_size=len(maximize), max_size=len(maximize))
    return draw(st.lists(row, max_size=25)), maximize


@given(clouds())
def test_fast_filter_is_the_definition(cloud: tuple[list[list[float]], list[bool]]) -> None:
    """The vectorised filter marks what the pairwise definition marks, whatever the ties, gaps and directions."""
    points, maximize = cloud
    assert non_dominated(points, maximize).tolist() == naive(points, maximize)


@given(clouds())
def test_order_does_not_matter(cloud: tuple[list[list[float]], list[bool]]) -> None:
    """Shuffling the points shuffles the marks with them."""
    points, maximize = cloud
    order = np.random.default_rng(len(points)).permutation(len(points))
    marks = non_dominated(points, maximize)
    assert non_dominated([points[i] for i in order], maximize).tolist() == marks[order].tolist()


def test_mixed_directions() -> None:
    """A more accurate and a faster pipeline both stay; the one that is neither goes."""
    assert non_dominated([[0.8, 90], [0.6, 10], [0.6, 95]], [True, False]).tolist() == [True, True, False]


def test_equal_points_all_stay() -> None:
    """Points that are equal in all objectives do not dominate each other."""
    assert non_dominated([[0.7, 20], [0.7, 20], [0.6, 30]], [True, False]).tolist() == [True, True, False]


@pytest.mark.parametrize("missing", [math.nan, math.inf, None])
def test_missing_objective_keeps_off_the_frontier(missing: float | None) -> None:
    """A pipeline whose latency is missing or infinite is not on the frontier, however accurate, and pushes none off."""
    assert non_dominated(np.array([[0.9, missing], [0.5, 20]], dtype=float), [True, False]).tolist() == [False, True]


def test_no_points() -> None:
    """Nothing explored gives an empty frontier."""
    assert non_dominated(np.empty((0, 2)), [True, False]).shape == (0,)


@given(clouds(), st.integers(0, 30))
def test_layers_come_best_first(cloud: tuple[list[list[float]], list[bool]], limit: int) -> None:
    """No point of a layer dominates one that came before it, and `limit` points come back where there are so many."""
    points, maximize = cloud
    taken = front_layers(points, maximize, limit).tolist()
    comparable = sum(all(map(math.isfinite, point)) for point in points)
    assert len(set(taken)) == len(taken) >= min(limit, comparable)
    assert not any(
        dominates(points[late], points[early], maximize) for i, early in enumerate(taken) for late in taken[i + 1 :]
    )


def test_membership_counts_replicates() -> None:
    """Confidence is the share of replicates in which the point is non-dominated."""
    replicates = [[[0.8, 50], [0.6, 10], [0.7, 60]]] * 3 + [[[0.7, 50], [0.6, 10], [0.8, 60]]]
    assert membership(replicates, [True, False]).tolist() == [1.0, 1.0, 0.25]


def test_membership_needs_a_replicate() -> None:
    """Without a resample there is no confidence to give."""
    with pytest.raises(ValueError, match="at least one bootstrap replicate"):
        membership([], [True, False])
