"""Traces as values."""

from __future__ import annotations

import numpy as np
import pytest

from tradespace.data.traffic import ArrivalTrace

TRACE = ArrivalTrace("t", np.array([0.0, 1.0, 2.0, 4.0]), 5.0, np.array([1, 2, 3, 4]), source="us")


def test_a_trace_has_a_rate_and_a_burstiness() -> None:
    """Over all that was recorded, and of the gaps."""
    assert TRACE.rate == 0.8
    assert TRACE.burstiness == pytest.approx(np.std([1, 1, 2]) / np.mean([1, 1, 2]))


def test_a_stretch_starts_at_0_again() -> None:
    """With the tokens of its requests; what lies beyond the end of the trace is not in it."""
    part = TRACE.between(1.0, 4.0)
    assert (part.arrivals.tolist(), part.seconds, part.source) == ([0.0, 1.0], 3.0, "us")
    assert part.tokens_in is not None and part.tokens_in.tolist() == [2, 3]
    assert part.tokens_out is None
    assert TRACE.between(2.0, 100.0).seconds == 3.0


@pytest.mark.parametrize(("start", "end"), [(-1.0, 2.0), (2.0, 2.0), (5.0, 9.0)])
def test_a_stretch_is_within_the_trace(start: float, end: float) -> None:
    """From its start or later, and not empty."""
    with pytest.raises(ValueError, match="a stretch must"):
        TRACE.between(start, end)
