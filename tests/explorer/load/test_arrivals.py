"""When requests arrive."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tradespace.data.traffic import ArrivalTrace
from tradespace.explorer.load.arrivals import arrivals_within, first_arrivals
from tradespace.search_space.deployment import Load

TRACE = ArrivalTrace("four", np.array([0.0, 1.0, 1.5, 3.0]), seconds=4.0)


@pytest.mark.parametrize("burstiness", [0.0, 0.5, 1.0, 2.0, 4.0])
def test_gaps_have_the_rate_and_the_burstiness_of_the_load(burstiness: float) -> None:
    """The mean, and the coefficient of variation, of many gaps."""
    gaps = np.diff(first_arrivals(Load(5.0, burstiness), 200_000, seed=0))
    assert 1 / gaps.mean() == pytest.approx(5.0, rel=0.03)
    assert gaps.std() / gaps.mean() == pytest.approx(burstiness, rel=0.03, abs=1e-9)


def test_arrivals_of_burstiness_1_are_a_poisson_process() -> None:
    """The gaps are exponential, and the counts of equal stretches are Poisson: as many as they vary."""
    arrivals = first_arrivals(Load(5.0), 50_000, seed=1)
    assert stats.kstest(np.diff(arrivals) * 5.0, "expon").pvalue > 0.01
    counts = np.bincount(arrivals[arrivals < 9000].astype(int))
    assert counts.var() / counts.mean() == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize("burstiness", [0.0, 0.5, 1.0, 3.0, 6.0])
def test_a_short_stretch_is_as_dense_as_a_long_one(burstiness: float) -> None:
    """Its start is no arrival: bursty arrivals that began with one would be too many."""
    counts = [len(arrivals_within(Load(2.0, burstiness), 5.0, seed)) for seed in range(4000)]
    error = 4 * (burstiness + 0.2) * np.sqrt(10.0 / len(counts)) + 0.02
    assert np.mean(counts) == pytest.approx(10.0, abs=error)


@given(
    rate=st.floats(0.01, 100),
    burstiness=st.floats(0, 20),
    seconds=st.floats(0.01, 50),
    seed=st.integers(0, 2**31),
)
def test_a_stretch_holds_the_first_arrivals_up_to_its_end(
    rate: float, burstiness: float, seconds: float, seed: int
) -> None:
    """They ascend, none is at the end or after it, and the same seed gives the same."""
    load = Load(rate, burstiness)
    arrivals = arrivals_within(load, seconds, seed)
    assert np.all(np.diff(arrivals) >= 0)
    assert len(arrivals) == 0 or 0 <= arrivals[0] <= arrivals[-1] < seconds
    assert np.array_equal(arrivals, arrivals_within(load, seconds, seed))


def test_another_seed_gives_other_arrivals() -> None:
    """And the same seed the same."""
    first, again, other = [first_arrivals(Load(1.0), 10, seed) for seed in (1, 1, 2)]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_trace_is_taken_at_its_own_rate() -> None:
    """From its start, whatever the seed."""
    load = Load(trace="four")
    assert first_arrivals(load, 3, 0, TRACE).tolist() == [0.0, 1.0, 1.5]
    assert arrivals_within(load, 1.5, 7, TRACE).tolist() == [0.0, 1.0]


def test_a_trace_begins_again_where_its_recording_ends() -> None:
    """With what followed its last arrival in between."""
    load = Load(trace="four")
    assert first_arrivals(load, 6, 0, TRACE).tolist() == [0.0, 1.0, 1.5, 3.0, 4.0, 5.0]
    assert arrivals_within(load, 8.5, 0, TRACE).tolist() == [0.0, 1.0, 1.5, 3.0, 4.0, 5.0, 5.5, 7.0, 8.0]


@given(st.floats(0.01, 100))
def test_a_trace_is_stretched_to_a_rate(rate: float) -> None:
    """Its gaps keep their proportions, and any number of whole repetitions has the rate."""
    arrivals = first_arrivals(Load(rate, trace="four"), 12, 0, TRACE)
    assert np.allclose(arrivals * rate, first_arrivals(Load(trace="four"), 12, 0, TRACE))
    assert len(arrivals_within(Load(rate, trace="four"), 11.9 / rate, 0, TRACE)) == 12


def test_no_arrivals_are_asked_for() -> None:
    """There are none then."""
    assert first_arrivals(Load(1.0), 0, 0).tolist() == []
    assert first_arrivals(Load(trace="four"), 0, 0, TRACE).tolist() == []
    assert arrivals_within(Load(trace="four"), 0.0, 0, TRACE).tolist() == []


def test_a_load_that_says_too_little_is_refused() -> None:
    """Neither a rate nor a trace, or a trace that is not at hand."""
    with pytest.raises(ValueError, match="a load needs a rate above 0 where it names no trace"):
        first_arrivals(Load(), 5, 0)
    with pytest.raises(ValueError, match="the load names the trace 'four', which must be given too"):
        arrivals_within(Load(trace="four"), 5.0, 0)
