"""Traces from counts of each second."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.published import published_data
from tradespace.data.traffic import read_counts, trace_of_counts
from tradespace.errors import DataError

TWITTER = published_data() / "ipa_twitter" / "requests_per_second.txt.xz"


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(lambda counts: sum(counts) > 1), st.integers(0, 99))
def test_every_second_has_its_requests(counts: list[int], seed: int) -> None:
    """In ascending order, and the same from the same seed."""
    trace = trace_of_counts(np.array(counts), seed=seed)
    assert np.bincount(trace.arrivals.astype(int), minlength=len(counts)).tolist() == counts
    assert np.all(np.diff(trace.arrivals) >= 0)
    assert trace.seconds == len(counts)
    assert np.array_equal(trace.arrivals, trace_of_counts(np.array(counts), seed=seed).arrivals)


def test_a_share_of_the_requests_is_drawn() -> None:
    """So that a trace of a large service fits a small machine; it varies as the whole did."""
    counts = np.where(np.arange(4000) % 2, 160, 16)
    kept = np.bincount(trace_of_counts(counts, share=0.125).arrivals.astype(int), minlength=4000)
    assert kept[1::2].mean() == pytest.approx(20, rel=0.02)
    assert kept[::2].mean() == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5])
def test_a_share_is_a_part(share: float) -> None:
    """Above 0, and at most all."""
    with pytest.raises(ValueError, match="a share must be above 0 and at most 1"):
        trace_of_counts(np.array([5]), share=share)


def test_counts_are_read_one_a_line(tmp_path: Path) -> None:
    """Without a header; anything else is named with its line."""
    path = tmp_path / "counts.txt"
    path.write_text("5\n0\n7\n")
    assert read_counts(path).tolist() == [5, 0, 7]
    path.write_text("5\n0\n-1\n")
    with pytest.raises(
        DataError, match=r"counts\.txt:3: each line must hold one whole number of at least 0; given: '-1'"
    ):
        read_counts(path)
    path.write_text("")
    with pytest.raises(DataError, match=r"counts\.txt: must hold"):
        read_counts(path)


@pytest.mark.skipif(not TWITTER.is_file(), reason="the published file is not here")
def test_the_stream_that_ipa_was_evaluated_on_is_read() -> None:
    """22 days; a stretch of it is a trace."""
    counts = read_counts(TWITTER)
    assert (len(counts), counts.min(), counts.max()) == (1_899_061, 0, 388)
    bursty = trace_of_counts(counts[1_301_160:1_302_360], share=1 / 8)
    assert bursty.seconds == 1200
    assert bursty.rate == pytest.approx(counts[1_301_160:1_302_360].mean() / 8, rel=0.05)
    with pytest.raises(DataError, match="Take a stretch of it"):
        trace_of_counts(counts)
