"""Prices of what is missing, against counting it anew each time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.search.candidates import Cells
from tradespace.explorer.search.frontier import missing_calls
from tradespace.explorer.search.frontier.missing_calls import MissingCalls

QUESTIONS, BLOCK, CALLS = 5, 2, 6
PRICES = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])

lacked = st.lists(st.sets(st.integers(0, CALLS - 1), max_size=3), min_size=2 * QUESTIONS, max_size=2 * QUESTIONS)


def cells(calls: list[set[int]], further: float = 0.0) -> Cells:
    """Cells that lack these calls."""
    starts = np.concatenate([[0], np.cumsum([len(each) for each in calls])]).astype(np.intp)
    numbers = np.array([call for each in calls for call in sorted(each)], dtype=np.intp)
    return Cells(np.zeros((len(calls), 1)), starts, numbers, np.array([further if each else 0.0 for each in calls]))


def naive_prices(calls: list[set[int]], bought: set[int], further: float) -> list[list[float]]:
    """The price of each block: of the distinct calls that its cells lack, and of what is to follow."""
    rows = [calls[:QUESTIONS], calls[QUESTIONS:]]
    blocks = [[row[start : start + BLOCK] for start in range(0, QUESTIONS, BLOCK)] for row in rows]
    return [
        [
            float(PRICES[list(set().union(*block) - bought)].sum())
            + further * sum(bool(cell - bought) for cell in block)
            for block in row
        ]
        for row in blocks
    ]


@settings(deadline=None)
@given(lacked, st.lists(st.integers(0, 2 * QUESTIONS - 1), max_size=6), st.integers(0, 3))
def test_prices_follow_what_is_bought(calls: list[set[int]], ordered: list[int], most_indexes: int) -> None:
    """After each cell that is ordered, each block costs what it still lacks; cells come back once they lack nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(missing_calls, "MOST_INDEXES", most_indexes)
        missing = MissingCalls(QUESTIONS, BLOCK)
        missing.add_rows(2)
        for row in range(2):
            numbers = np.arange(row * QUESTIONS, (row + 1) * QUESTIONS)
            missing.lack(numbers, cells(calls[row * QUESTIONS : (row + 1) * QUESTIONS], 0.5), PRICES)
        bought: set[int] = set()
        filled = {place for place, each in enumerate(calls) if not each}
        for cell in ordered:
            back = set(missing.order(np.array([cell])).tolist())
            bought |= calls[cell]
            now = {place for place, each in enumerate(calls) if each <= bought}
            assert back == now - filled
            filled = now
            assert missing.block_prices == pytest.approx(np.array(naive_prices(calls, bought, 0.5)))
            assert missing.is_open.tolist() == [not all(row) for row in np.isin(range(10), list(now)).reshape(2, 5)]


def test_further_calls_are_priced_when_they_are_known() -> None:
    """What a cell was said to need later gives way to what it turns out to need."""
    missing = MissingCalls(2, 2)
    missing.add_rows(1)
    missing.lack(np.array([0, 1]), cells([{0}, {1}], further=10.0), PRICES)
    assert missing.block_prices.tolist() == [[23.0]]
    assert missing.order(np.array([0])).tolist() == [0]
    missing.lack(np.array([0]), cells([{5}]), PRICES)
    assert missing.block_prices.tolist() == [[12.0 + 32.0]]


def test_a_call_that_did_not_come_is_missing_again() -> None:
    """By the cells that say so; the others find out once they are looked up."""
    missing = MissingCalls(2, 2)
    missing.add_rows(1)
    missing.lack(np.array([0, 1]), cells([{0, 1}, {1}]), PRICES)
    assert missing.order(np.array([1])).tolist() == [1]
    missing.lack(np.array([1]), cells([{1}]), PRICES)
    assert missing.block_prices.tolist() == [[3.0]]
    assert missing.order(np.array([0])).tolist() == [0]
    assert missing.order(np.array([1])).tolist() == [1]
    assert missing.block_prices.tolist() == [[0.0]]
