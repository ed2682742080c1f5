"""What a millisecond more, or less, for a group of stages is worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conclusions.test_split import F1, SLA, evaluation
from tradespace.explorer.conclusions.marginal import marginal_pipelines

OWN = evaluation("own", 10, 20, 40)


def test_more_time_buys_at_the_best_rate_and_less_costs_at_the_least() -> None:
    """Two more answers for 10 ms of the model are better than five for 50; saving 5 ms costs one, 30 ms two."""
    others = [
        evaluation("two for ten", 12, 20, 50),
        evaluation("five for fifty", 15, 20, 90),
        evaluation("one less", 9, 20, 35),
        evaluation("two less", 8, 20, 10),
        evaluation("both groups longer", 20, 21, 41),
    ]
    more, less = marginal_pipelines([OWN, *others], F1, SLA, "own")
    assert (more.group, more.pipeline, less.group, less.pipeline) == (1, "two for ten", 1, "two less")
    assert (more.seconds, less.seconds) == pytest.approx((0.010, -0.030))
    assert (more.change.value, less.change.value) == pytest.approx((0.1, -0.1))
    assert (more.per_second, less.per_second) == pytest.approx((10, 0.1 / 0.03))


def test_where_nothing_is_to_be_had_nothing_is_told() -> None:
    """For the only pipeline, for one that is not there, and for one without figures."""
    assert marginal_pipelines([OWN], F1, SLA, "own") == ()
    assert marginal_pipelines([OWN], F1, SLA, "other") == ()


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 40), st.integers(1, 40)), max_size=8))
def test_it_is_the_definition(drawn: list[tuple[int, int, int]]) -> None:
    """By looking at all pipelines whose other group takes no more."""
    pipelines = [OWN, *(evaluation(str(number), *values) for number, values in enumerate(drawn))]
    found = {(each.group, each.seconds > 0): each for each in marginal_pipelines(pipelines, F1, SLA, "own")}
    own = (20, 40)
    for group in (0, 1):
        able = [
            ((right - 10) / 20 / ((taken[group] - own[group]) / 1000), taken[group] > own[group])
            for right, *taken in drawn
            if taken[1 - group] <= own[1 - group] and taken[group] != own[group]  # a millisecond of 60 counts
        ]
        bought = [rate for rate, longer in able if longer and rate > 0]
        saved = [rate for rate, longer in able if not longer]
        assert ((group, True) in found, (group, False) in found) == (bool(bought), bool(saved))
        if bought:
            assert found[group, True].per_second == pytest.approx(max(bought))
        if saved:
            assert found[group, False].per_second == pytest.approx(min(saved))
