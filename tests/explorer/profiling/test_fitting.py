"""Profiles are fitted to batches that were measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.load.profiles import BatchProfile
from tradespace.explorer.profiling.fitting import MeasuredBatch, fit_profile

SIZES, BUSY = (1, 2, 4), (1, 2)


def batches_of(profile: BatchProfile, scatter: float = 0.0, disturbed: float = 0.0) -> list[MeasuredBatch]:
    """Forty batches of each size and number of busy replicas, which take what a profile says, about."""
    draw = np.random.default_rng(0)

    def batch(size: int, busy: int) -> MeasuredBatch:
        alone = draw.lognormal(-3, 0.7, size).tolist()
        off = draw.lognormal(0, scatter) * (5.0 if draw.random() < disturbed else 1.0)
        return MeasuredBatch(size, busy, sum(alone), profile.seconds(alone, busy) * off)

    return [batch(size, busy) for size in SIZES for busy in BUSY for _ in range(40)]


def of_cells(profile: BatchProfile) -> list[float]:
    return [profile.factor(size, busy) for size in SIZES for busy in BUSY]


profiles = st.builds(
    lambda start, factors: BatchProfile(SIZES, BUSY, factors, start),
    st.floats(0, 0.1),
    st.tuples(*[st.tuples(*[st.floats(0.2, 5)] * len(BUSY))] * len(SIZES)),
)


@given(profiles)
def test_a_profile_is_found_again(profile: BatchProfile) -> None:
    """From batches that take exactly what it says."""
    found = fit_profile(batches_of(profile), threads=3)
    assert (found.sizes, found.busy, found.threads) == (SIZES, BUSY, 3)
    assert found.start == pytest.approx(profile.start, abs=1e-4)
    assert of_cells(found) == pytest.approx(of_cells(profile), rel=1e-2)
    assert found.error == pytest.approx(0, abs=1e-2)


TRUE = BatchProfile(SIZES, BUSY, ((1.0, 1.8), (0.8, 1.5), (0.7, 1.3)), start=0.004)


def test_the_error_is_how_much_batches_scatter() -> None:
    """As the standard deviation of the logarithm of what they took over what is foretold: single requests apart."""
    found = fit_profile(batches_of(TRUE, scatter=0.1), 1)
    assert found.error == pytest.approx(0.1, rel=0.25)
    assert found.scatter == pytest.approx(0.1, rel=0.15)


def test_batches_rest_on_what_their_requests_took_singly() -> None:
    """Not on the seconds alone that they are said to take, which may be foretold: what these are off is no scatter."""
    draw = np.random.default_rng(0)
    seconds = draw.lognormal(-3, 0.7, 100)
    said = seconds * draw.lognormal(0, 0.4, 100)
    pairs = draw.permutation(100).reshape(50, 2)
    singles = [MeasuredBatch(1, 1, said[one], seconds[one], (str(one),)) for one in range(100)]
    together = [MeasuredBatch(2, 1, said[two].sum(), 0.7 * seconds[two].sum(), tuple(map(str, two))) for two in pairs]
    known = fit_profile([*singles, *together], 1)
    assert known.error == pytest.approx(0.4, rel=0.2)
    assert known.scatter < 0.1
    assert fit_profile([replace(batch, requests=()) for batch in (*singles, *together)], 1).scatter > 2 * known.scatter


def test_disturbed_batches_move_it_little() -> None:
    """One in twenty took five times as long."""
    found = fit_profile(batches_of(TRUE, scatter=0.05, disturbed=0.05), 1)
    assert of_cells(found) == pytest.approx(of_cells(TRUE), rel=0.08)


def test_only_what_is_measured_for_all_numbers_of_busy_replicas_is_told_apart() -> None:
    """A size that was measured with one busy replica alone would leave a hole."""
    lone = [MeasuredBatch(8, 1, 0.2, 0.1)] * 5
    assert fit_profile([*batches_of(TRUE), *lone], 1).sizes == SIZES


@pytest.mark.parametrize(
    "batches",
    [[], [MeasuredBatch(2, 1, 1.0, 1.0)], [MeasuredBatch(1, 2, 1.0, 1.0)]],
    ids=["none", "larger", "in company"],
)
def test_without_single_requests_there_is_no_profile(batches: Sequence[MeasuredBatch]) -> None:
    """They are what all else is told by."""
    with pytest.raises(ValueError, match="batches of one request, measured while one replica worked"):
        fit_profile(batches, 1)
