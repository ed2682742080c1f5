"""What a pipeline would still cost, in words."""

from __future__ import annotations

import pytest

from tradespace.explorer.results import Outlay
from tradespace.reports.remaining import cost_of_more


@pytest.mark.parametrize(
    ("calls", "missing", "outlay", "said"),
    [
        (600, 100, Outlay(1, 100, 12.3, 0.021), "costs about 12 s and $0.021 more: 83 % of its 600 calls are known"),
        (2, 2, Outlay(1, 2, 0.31), "costs about 0.3 s more: 0 % of its 2 calls are known"),
        (9999, 1, Outlay(1, 1, 0.05), "costs about 0.1 s more: 99 % of its 9,999 calls are known"),
        (1, 0, Outlay(1, 0, 0.0, 0.0), "costs nothing more: its 1 call is known"),
    ],
)
def test_a_price_is_given_with_the_share_that_is_known(calls: int, missing: int, outlay: Outlay, said: str) -> None:
    """All is known only where nothing is missing; dollars are left out where nothing has a price."""
    assert cost_of_more(calls, missing, outlay) == said
