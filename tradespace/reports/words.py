"""Figures in words and digits that a reader knows: milliseconds, intervals, names of measures."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from tradespace.evals.statistics import Estimate
from tradespace.search_space.goals import ServiceLevel
from tradespace.types import LATENCIES, USD_PER_1K

MISSING = "–"
KNOWN_MEASURES = {
    "answer_f1": "answer F1",
    "answer_em": "exact match",
    "latency_mean": "mean latency",
    "latency_p50": "median latency",
    USD_PER_1K: "cost per 1,000 questions",
    "mrr": "MRR",
}


def duration(seconds: float | None) -> str:
    """Write seconds as milliseconds with three significant digits, or as seconds from ten seconds on; failed is ∞."""
    if seconds is None or math.isnan(seconds):
        return MISSING
    if math.isinf(seconds):
        return "∞"
    if seconds >= 10:
        return f"{seconds:.1f} s"
    return f"{_digits(seconds * 1000)} ms"


def bound(seconds: float) -> str:
    """Write a bound that someone set, as it was set: `100 ms`, not `100.0 ms`."""
    return f"{seconds * 1000:.10g} ms"


def quantity(value: float | None, measure: str) -> str:
    """Write a figure with the digits and unit of its measure."""
    if measure in LATENCIES:
        return duration(value)
    if value is None or not math.isfinite(value):
        return MISSING
    return f"${_digits(value)}" if measure == USD_PER_1K else f"{value:.3f}"


def interval(estimate: Estimate, measure: str) -> str:
    """Write an interval's two ends, with one unit: `58.1-66.3 ms`."""
    low, high = quantity(estimate.low, measure), quantity(estimate.high, measure)
    return f"{low.removesuffix(' ms') if high.endswith(' ms') else low}–{high}"


def measure_name(measure: str) -> str:
    """Name a measure for a reader: `latency_p95` is the 95th-percentile latency."""
    if known := KNOWN_MEASURES.get(measure):
        return known
    quantile = re.fullmatch(r"latency_p(\d+)", measure)
    if quantile:
        return f"{quantile[1]}th-percentile latency"
    return measure.replace("_", " ").replace("ndcg", "nDCG").replace("mrr", "MRR")


def column_name(measure: str) -> str:
    """Name a measure where room is short: `p95 latency`."""
    if measure in LATENCIES:
        return f"{measure.removeprefix('latency_')} latency"
    return "$ / 1,000" if measure == USD_PER_1K else measure_name(measure)


def group_name(sla: ServiceLevel, first: bool = True) -> str:
    """Name the first group of the split, or the stages that get the rest."""
    stages = sla.split[0] if first else [stage for group in sla.split[1:] for stage in group]
    return " + ".join(stages) or "the rest"


def parts(share: float) -> str:
    """Write a split as its two percentages: `20/80`."""
    return f"{share * 100:.0f}/{(1 - share) * 100:.0f}"


def figure_with_interval(estimates: Mapping[str, Estimate], measure: str) -> str:
    """Write `0.712 (0.668-0.751)`, a dash where the measure is missing, no interval where it is one point."""
    found = estimates.get(measure)
    if found is None:
        return MISSING
    value, low, high = (quantity(part, measure) for part in (found.value, found.low, found.high))
    return value if low == value == high else f"{value} ({interval(found, measure)})"


def count(number: int, noun: str) -> str:
    """Write `1 question`, `2 questions`, `1,190 questions`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def space_size(size: int | None, *, exact: bool) -> str:
    """Write how many pipelines a space allows: `210`, `about 12,000`, or `endlessly many`."""
    if size is None:
        return "endlessly many"
    return f"{size:,}" if exact else f"about {size:,}"


def listed(items: Sequence[str]) -> str:
    """Join as in a sentence: `a, b and c`."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def _digits(value: float) -> str:
    """Three significant digits, never in exponents, never beyond the ten-thousandth."""
    if value == 0:
        return "0"
    exponent = int(f"{value:.2e}".partition("e")[2])
    places = min(4, max(0, 2 - exponent))
    return f"{value:,.{places}f}"
