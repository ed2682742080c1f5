"""Dollars for an hour of a deployment."""

from __future__ import annotations

from tradespace.evals.figures.base import Figure, Kind, Wording
from tradespace.evals.figures.summaries import Mean
from tradespace.evals.figures.units import DOLLARS

USD_PER_HOUR = Figure(
    name="usd_per_hour",
    what="what the machines of a [deployment](space.md#deployment) cost for an hour",
    kind=Kind.COST,
    maximize=False,
    unit=DOLLARS,
    values=lambda tables: tables.metered("usd_per_hour"),
    summary=Mean(),
    wording=Wording("cost per hour", "$ / hour", "how many dollars", "pay more"),
    needs=("deployment", "{load: {rate: 2 per s}, hosts: {cpu: {usd_per_hour: 0.2, cores: 2}}}"),
    of_deployments=True,
)
