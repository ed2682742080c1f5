"""When a majority is clear enough."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from tradespace.components.strategies.adaptive_consistency import majority_certainty


@given(first=st.integers(0, 200), second=st.integers(0, 200))
def test_the_certainty_is_that_of_the_beta_distribution(first: int, second: int) -> None:
    """The sum of binomial coefficients is P[Beta(v1 + 1, v2 + 1) > 1/2]."""
    assert majority_certainty(first, second) == pytest.approx(beta.sf(0.5, first + 1, second + 1), abs=1e-12)


def test_four_votes_to_none_are_clear_at_95_per_cent_and_three_are_not() -> None:
    """31/32 and 15/16."""
    assert majority_certainty(4, 0) == 31 / 32
    assert majority_certainty(3, 0) == 15 / 16
