"""Domains: what one setting may be."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.search_space.domains import Chosen, Drawn

STEPPED = st.builds(
    lambda low, count, step: Drawn(float(low), float(low + count * step), float(step)),
    st.decimals(-100, 100, places=3),
    st.integers(0, 50),
    st.decimals("0.001", 10, places=3),
)
WHOLE = st.builds(
    lambda low, width, step: Drawn(low, low + width, step),
    st.integers(-100, 100),
    st.integers(0, 100),
    st.integers(1, 9),
)


@given(STEPPED | WHOLE)
def test_steps_are_exact(domain: Drawn) -> None:
    """The values are those of exact arithmetic, whatever floats would add up to; the naive way counts in fractions."""
    low, high, step = (Fraction(str(number)) for number in (domain.low, domain.high, domain.step))
    exact = [low + place * step for place in range(int((high - low) / step) + 1)]
    assert list(domain.members()) == [float(number) for number in exact]
    assert domain.size == len(exact)


@given(STEPPED | WHOLE, st.integers())
def test_drawn_values_are_members(domain: Drawn, seed: int) -> None:
    """A draw is one of the values, and every value is in the domain."""
    assert domain.draw(random.Random(seed)) in list(domain.members())
    assert all(value in domain for value in domain.members())


@given(WHOLE)
def test_whole_numbers_stay_whole(domain: Drawn) -> None:
    """A range of integers gives integers."""
    assert all(type(value) is int for value in domain.members())


def test_floats_without_a_step_cannot_be_listed() -> None:
    """Such a range has no size, but can be drawn from."""
    domain = Drawn(0.1, 0.9)
    assert domain.size is None
    with pytest.raises(ValueError, match="cannot be listed"):
        domain.members()
    assert domain.draw(random.Random(0)) in domain


def test_a_logarithmic_range_favours_no_order_of_magnitude() -> None:
    """Of draws between 1 and 10,000 about a half lie below 100."""
    generator = random.Random(0)
    for domain in (Drawn(1.0, 10_000.0, log=True), Drawn(1, 10_000, 1, log=True)):
        below = sum(domain.draw(generator) < 100 for _ in range(2000))
        assert 900 < below < 1100


@pytest.mark.parametrize("value", [0.15, 1.0, -0.1, "0.2", True, None])
def test_values_between_steps_are_not_members(value: object) -> None:
    """Only the steps are in the domain, and only numbers."""
    assert value not in Drawn(0.0, 0.9, 0.1)


def test_true_is_not_one() -> None:
    """Truth values and numbers are told apart, as Python does not."""
    assert True not in Chosen((1, 2))
    assert 1 not in Chosen((True, False))
    assert 1.0 in Chosen((1, 2))


def test_the_last_value_is_what_the_steps_reach() -> None:
    """A bound between two steps is not reached."""
    assert Drawn(0.0, 1.0, 0.3).last == 0.9
    assert Drawn(1, 10, 4).last == 9
    assert Drawn(0.0, 1.0).last == 1.0
