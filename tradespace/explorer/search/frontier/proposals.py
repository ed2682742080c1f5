"""Which row is worth its price: what it is expected to add to the frontier, for what the rest of it costs."""

from __future__ import annotations

import numpy as np

from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.search.frontier.hypervolume import gains
from tradespace.explorer.search.frontier.outlook import Outlook
from tradespace.explorer.search.frontier.pool import Pool

OUTCOMES_DRAWN = 32
LEAST_PRICE = 1e-3
"""Of the mean price of a row: what free calls count as, so that the better of two free ones comes first."""


class Proposals:
    """The next steps of a search, one after another, where the calls of those before are taken as bought."""

    def __init__(
        self, pool: Pool, outlook: Outlook, rows: Integers, front: Integers, generator: np.random.Generator
    ) -> None:
        """Rows are those that may be proposed, and the front are those that are complete and keep the service level."""
        self.pool = pool
        self.rows = rows
        self._front = outlook.losses[front]
        self._draws = outlook.draws(rows, OUTCOMES_DRAWN, generator)
        self._reference = outlook.reference(np.union1d(rows, front))
        self._generator = generator
        self._order = generator.permutation(len(rows))
        self._gains = self._expected_gains()

    def next(self) -> tuple[int, range] | None:
        """A row, and the questions of its first block that lacks something; None when nothing is left to buy."""
        open_blocks = self.pool.missing.open_cells[self.rows] > 0
        left = open_blocks.any(axis=1)
        if not left.any():
            return None
        prices = self.pool.missing.block_prices[self.rows].sum(axis=1)
        worth = self._gains / np.maximum(prices, LEAST_PRICE * max(float(prices.mean()), 1e-12))
        worth = np.where(left, worth, -1.0)
        place = int(self._order[np.argmax(worth[self._order])])
        return int(self.rows[place]), self.pool.missing.questions_of(int(np.argmax(open_blocks[place])))

    def _expected_gains(self) -> Floats:
        count, draws, objectives = self._draws.shape
        points = self._draws.reshape(count * draws, objectives)
        gained = gains(points, self._front, self._reference, self._generator)
        return np.asarray(gained.reshape(count, draws).mean(axis=1))
