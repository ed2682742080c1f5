"""Dollars for a thousand questions."""

from __future__ import annotations

from tradespace.evals.figures.base import Figure, Kind, Wording
from tradespace.evals.figures.summaries import Mean
from tradespace.evals.figures.units import DOLLARS

USD_PER_1K = Figure(
    name="usd_per_1k",
    what="what a thousand questions cost, by the [price list](space.md#prices)",
    kind=Kind.COST,
    maximize=False,
    unit=DOLLARS,
    values=lambda tables: 1000 * tables.metered("usd"),
    summary=Mean(),
    wording=Wording("cost per 1,000 questions", "$ / 1,000", "how many dollars", "pay more"),
    needs=("prices", "{host_usd_per_hour: 0.2}"),
)
