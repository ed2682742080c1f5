"""Latencies: the mean, or a quantile, of the seconds that questions take from end to end."""

from __future__ import annotations

from tradespace.evals.figures.base import Figure, Kind, Wording
from tradespace.evals.figures.summaries import Mean, Quantile, Summary
from tradespace.evals.figures.units import SECONDS


def _latency(short: str, name: str, what: str, summary: Summary) -> Figure:
    return Figure(
        name=f"latency_{short}",
        what=what,
        kind=Kind.LATENCY,
        maximize=False,
        unit=SECONDS,
        values=lambda tables: tables.measured_seconds(),
        summary=summary,
        wording=Wording(name, f"{short} latency", "how many milliseconds", "wait longer"),
    )


def _quantile(percent: int, name: str) -> Figure:
    return _latency(f"p{percent}", name, f"{percent}% of the questions take at most this", Quantile(percent / 100))


LATENCIES = (
    _latency("mean", "mean latency", "the mean over questions", Mean()),
    _quantile(50, "median latency"),
    _quantile(90, "90th-percentile latency"),
    _quantile(95, "95th-percentile latency"),
    _quantile(99, "99th-percentile latency"),
)
