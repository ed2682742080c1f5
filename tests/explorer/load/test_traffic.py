"""Loads from which arrivals are drawn at any rate."""

from __future__ import annotations

import numpy as np
import pytest

from tradespace.data.traffic import ArrivalTrace
from tradespace.explorer.load.traffic import Traffic
from tradespace.search_space.deployment import Load

TRACE = ArrivalTrace("four", np.array([0.0, 1.0, 1.5, 3.0]), seconds=8.0)


def test_unit_arrivals_come_once_a_second_in_the_mean() -> None:
    """Whatever the load's own rate."""
    arrivals = Traffic(Load(rate=40.0, burstiness=2.0)).unit_arrivals(20_000, seed=0)
    assert arrivals[-1] / len(arrivals) == pytest.approx(1.0, rel=0.05)


def test_a_trace_has_its_own_rate_unless_the_load_says_another() -> None:
    """It is stretched then."""
    assert Traffic(Load(trace="four"), TRACE).rate == 0.5
    assert Traffic(Load(rate=3.0, trace="four"), TRACE).rate == 3.0


@pytest.mark.parametrize("seed", range(4))
def test_a_stretch_of_a_trace_starts_anywhere_in_it(seed: int) -> None:
    """Its gaps are those of the trace, in their order, again and again."""
    gaps = np.diff(Traffic(Load(trace="four"), TRACE).unit_arrivals(9, seed))
    once = np.array([1.0, 0.5, 1.5, 5.0]) / 2
    assert any(np.allclose(gaps, np.tile(np.roll(once, -start), 2)) for start in range(4))


def test_a_trace_is_taken_as_a_whole() -> None:
    """A part of it may be busier than the rest."""
    assert Traffic(Load(trace="four"), TRACE).at_least(2) == 4
    assert Traffic(Load(rate=1.0)).at_least(2) == 2
