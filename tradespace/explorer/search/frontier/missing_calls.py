"""Which cells wait for which calls, and what the rest of a block of questions would cost.

Kept up to date call by call: whoever waits for a call that is bought is looked up once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradespace.explorer.arrays import Flags, Floats, Integers
from tradespace.explorer.search.candidates import Cells

MOST_INDEXES = 16


@dataclass(frozen=True)
class _Index:
    """Pairs of a call and a cell that waits for it, in the order of the calls.

    Attributes:
        calls, cells: the pairs.
        paid: 1 for the first pair of a call in a block, else 0: a call is paid for once.
        ascending: the cells in their own order.
        by_cell: places of the pairs in that order.
    """

    calls: Integers
    cells: Integers
    paid: Floats
    ascending: Integers
    by_cell: Integers

    @classmethod
    def of(cls, calls: Integers, cells: Integers, blocks: Integers) -> _Index:
        """The index of pairs; cells, and with them blocks, must ascend."""
        order = np.argsort(calls, kind="stable")
        by_cell = np.empty_like(order)
        by_cell[order] = np.arange(len(order))
        ascending = cells
        calls, cells, blocks = calls[order], cells[order], blocks[order]
        paid = np.ones(len(calls))
        paid[1:] = (calls[1:] != calls[:-1]) | (blocks[1:] != blocks[:-1])
        return cls(calls, cells, paid, ascending, by_cell)

    def of_calls(self, calls: Integers) -> Integers:
        """Where the pairs of these calls are."""
        return _runs(*(np.searchsorted(self.calls, calls, side) for side in ("left", "right")))

    def of_cells(self, cells: Integers) -> Integers:
        """Where the pairs of these cells are."""
        return self.by_cell[_runs(*(np.searchsorted(self.ascending, cells, side) for side in ("left", "right")))]


class MissingCalls:
    """The calls that cells lack. Cells are numbered row by row, and a block is a run of a row's questions.

    Attributes:
        open_cells: how many cells of each block lack calls that were not ordered, of shape (rows, blocks).
        ordered_price: the price of all calls that were ordered.
        block_prices: the price of all that a block lacks, each call counted once, of the same shape.
    """

    def __init__(self, questions: int, block: int) -> None:
        self.questions, self.block = questions, block
        self.blocks = -(-questions // block)
        self.open_cells = np.zeros((0, self.blocks), dtype=np.intp)
        self.block_prices = np.zeros((0, self.blocks))
        self.ordered_price = 0.0
        self._waiting = np.zeros(0, dtype=np.intp)
        self._further = np.zeros(0)
        self._prices = np.zeros(0)
        self._ordered = np.zeros(0, dtype=bool)
        self._indexes: list[_Index] = []

    def add_rows(self, rows: int) -> None:
        """Make room for more rows, which lack nothing yet."""
        self.open_cells = np.concatenate([self.open_cells, np.zeros((rows, self.blocks), dtype=np.intp)])
        self.block_prices = np.concatenate([self.block_prices, np.zeros((rows, self.blocks))])
        self._waiting = np.concatenate([self._waiting, np.zeros(rows * self.questions, dtype=np.intp)])
        self._further = np.concatenate([self._further, np.zeros(rows * self.questions)])

    @property
    def is_open(self) -> Flags:
        """Which rows lack calls that were not ordered."""
        return np.asarray((self.open_cells > 0).any(axis=1))

    def questions_of(self, block: int) -> range:
        """The questions of a block."""
        return range(block * self.block, min((block + 1) * self.block, self.questions))

    def were_ordered(self, calls: Integers) -> Flags:
        """Which calls were ordered before, those without a number until now aside."""
        ordered = np.append(self._ordered, False)
        return np.asarray(ordered[np.minimum(calls, len(self._ordered))])

    def lack(self, numbers: Integers, cells: Cells, prices: Floats) -> None:
        """Note what cells lack, given their ascending numbers and the prices of all calls that have a number."""
        self._know(cells.calls, prices)
        counts = np.diff(cells.starts)
        lacking = numbers[counts > 0]
        self._waiting[lacking] = counts[counts > 0]
        self._further[lacking] = cells.further[counts > 0]
        pairs = np.repeat(numbers, counts)
        index = _Index.of(cells.calls, pairs, self._blocks_of(pairs))
        self._indexes.append(index)
        self._add(index.cells, index.paid * self._prices[index.calls])
        self._add(lacking, self._further[lacking])
        np.add.at(self.open_cells.reshape(-1), self._blocks_of(lacking), 1)
        if len(self._indexes) > MOST_INDEXES:
            self._merge()

    def order(self, numbers: Integers) -> Integers:
        """Take all calls that these cells lack as bought; return the numbers of all cells that then lack nothing."""
        calls = np.concatenate([index.calls[index.of_cells(numbers)] for index in self._indexes])
        calls = np.unique(calls[~self._ordered[calls]])
        self._ordered[calls] = True
        self.ordered_price += float(self._prices[calls].sum())
        filled = [self._fill(index, calls) for index in self._indexes]
        complete = np.unique(np.concatenate(filled))
        complete = complete[self._waiting[complete] == 0]
        self._add(complete, -self._further[complete])
        np.subtract.at(self.open_cells.reshape(-1), self._blocks_of(complete), 1)
        return np.asarray(complete)

    def _fill(self, index: _Index, calls: Integers) -> Integers:
        """Cells that waited for calls of an index wait for them no more."""
        places = index.of_calls(calls)
        cells = index.cells[places]
        np.subtract.at(self._waiting, cells, 1)
        self._add(cells, -index.paid[places] * self._prices[index.calls[places]])
        return cells

    def _know(self, lacked: Integers, prices: Floats) -> None:
        """Learn the prices of new calls; what was ordered and is lacked again has failed to come."""
        fresh = len(prices) - len(self._prices)
        self._prices = np.asarray(prices, dtype=np.float64)
        self._ordered = np.concatenate([self._ordered, np.zeros(fresh, dtype=bool)])
        if self._ordered[lacked].any():
            self._merge()
            self._ordered[lacked] = False

    def _merge(self) -> None:
        """One index of all pairs whose call was not ordered yet."""
        calls = np.concatenate([index.calls for index in self._indexes])
        cells = np.concatenate([index.cells for index in self._indexes])
        left = np.flatnonzero(~self._ordered[calls])
        left = left[np.argsort(cells[left], kind="stable")]
        self._indexes = [_Index.of(calls[left], cells[left], self._blocks_of(cells[left]))]

    def _add(self, cells: Integers, prices: Floats) -> None:
        np.add.at(self.block_prices.reshape(-1), self._blocks_of(cells), prices)

    def _blocks_of(self, cells: Integers) -> Integers:
        row, question = np.divmod(cells, self.questions)
        return np.asarray(row * self.blocks + question // self.block)


def _runs(first: Integers, last: Integers) -> Integers:
    """All places from each `first` up to its `last`, one run after another."""
    lengths = last - first
    ends = np.cumsum(lengths)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - lengths), lengths))
