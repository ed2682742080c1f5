"""Rates, quantiles and durations as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.search_space.deployment.quantities import patience, per_second, quantile_share


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("2 per s", 2.0),
        ("2per  s", 2.0),
        (".5 per s", 0.5),
        ("120 per min", 2.0),
        ("36 per h", 0.01),
        ("86400 per day", 1),
    ],
)
def test_a_rate_has_a_period(text: str, rate: float) -> None:
    """A number, `per`, and a unit of time."""
    assert per_second(text) == pytest.approx(rate)


@given(st.text() | st.none() | st.integers())
def test_anything_else_is_no_rate(given: str | int | None) -> None:
    """Either it is a rate above 0, or the error says what one looks like."""
    try:
        assert per_second(given) > 0
    except ValueError as error:
        assert "such as 2 per s" in str(error)


@pytest.mark.parametrize("text", ["9" * 400 + " per s", "2000000 per s", f"0.{'0' * 400}1 per s"])
def test_a_rate_is_one_that_can_be_simulated(text: str) -> None:
    """Neither endless nor nothing."""
    with pytest.raises(ValueError, match="at most 1,000,000 per s"):
        per_second(text)


@pytest.mark.parametrize(
    ("text", "share"), [("p95", 0.95), ("p50", 0.5), ("p99.9", 0.999), ("p5", 0.05), ("none", None)]
)
def test_a_quantile_is_written_as_a_percentile(text: str, share: float | None) -> None:
    """Or there is none."""
    assert quantile_share(text) == share


@pytest.mark.parametrize("text", ["95", "p", "p100", "p0", "p-5", "0.95", "p95%", "median", "p99.99999999999999999"])
def test_anything_else_is_no_quantile(text: str) -> None:
    """A share of 0.95 could be 0.95 %."""
    with pytest.raises(ValueError, match="must be a quantile between p0 and p100, such as p95"):
        quantile_share(text)


def test_patience_may_be_without_end() -> None:
    """A duration, or none."""
    assert (patience("2 s"), patience("none"), patience(None)) == (2.0, None, None)
    with pytest.raises(ValueError, match="is none, or must be a duration above 0"):
        patience("2")
