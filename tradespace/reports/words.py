"""Figures in words and digits that a reader knows: milliseconds, intervals, names of measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tradespace.evals.figures import figure_of
from tradespace.evals.figures.units import MISSING, SECONDS
from tradespace.evals.statistics import Estimate
from tradespace.search_space.goals import ServiceLevel

_SPOKEN_WITH_A_VOWEL = ("a", "e", "i", "o", "F1", "MRR", "nDCG")


def duration(seconds: float | None) -> str:
    """Write seconds as milliseconds with three significant digits, or as seconds from ten seconds on; failed is ∞."""
    return SECONDS.write(seconds)


def bound(seconds: float) -> str:
    """Write a bound that someone set, as it was set: `100 ms`, not `100.0 ms`."""
    return f"{seconds * 1000:.10g} ms"


def quantity(value: float | None, measure: str) -> str:
    """Write a figure with the digits and unit of its measure."""
    return figure_of(measure).unit.write(value)


def interval(estimate: Estimate, measure: str) -> str:
    """Write an interval's two ends, with one unit: `58.1–66.3 ms`."""
    return both_ends(quantity(estimate.low, measure), quantity(estimate.high, measure))


def both_ends(low: str, high: str) -> str:
    """Write the ends of an interval, with one unit where it is the same. No dash stands before a sign.

    >>> both_ends("58.1 ms", "66.3 ms"), both_ends("-0.150", "-0.050")
    ('58.1–66.3 ms', '-0.150 to -0.050')
    """
    return both(low, " to " if low.startswith("-") else "–", high)


def both(first: str, between: str, second: str) -> str:
    """Write two quantities, with one unit where it is the same: `58.1–66.3 ms`."""
    unit = second.partition(" ")[2]
    return f"{first.removesuffix(f' {unit}') if unit else first}{between}{second}"


def measure_name(measure: str) -> str:
    """Name a measure for a reader: `latency_p95` is the 95th-percentile latency."""
    return figure_of(measure).wording.name


def a_measure(measure: str) -> str:
    """The same with its article.

    >>> a_measure("latency_p95"), a_measure("answer_f1"), a_measure("mrr")
    ('a 95th-percentile latency', 'an answer F1', 'an MRR')
    """
    name = measure_name(measure)
    return f"{'an' if name.startswith(_SPOKEN_WITH_A_VOWEL) else 'a'} {name}"


def column_name(measure: str) -> str:
    """Name a measure where room is short: `p95 latency`."""
    return figure_of(measure).wording.column


def group_names(sla: ServiceLevel) -> tuple[str, ...]:
    """Name the groups of stages between which the bound is split, such as `retrieve + rerank`."""
    return tuple(" + ".join(stages) for stages in sla.split)


def parts(shares: Sequence[float]) -> str:
    """Write a split as its percentages: `20/80`."""
    return "/".join(f"{share * 100:.0f}" for share in shares)


def figure_with_interval(estimates: Mapping[str, Estimate], measure: str) -> str:
    """Write `0.712 (0.668-0.751)`, a dash where the measure is missing, no interval where it is one point."""
    estimate = estimates.get(measure)
    if estimate is None:
        return MISSING
    value, low, high = (quantity(part, measure) for part in (estimate.value, estimate.low, estimate.high))
    return value if low == value == high else f"{value} ({interval(estimate, measure)})"


def percent(share: float) -> str:
    """Write a share that is 100 % only where nothing lacks, and 0 % only where all does.

    >>> percent(0.8333), percent(0.9996), percent(0.0004), percent(1)
    ('83 %', '99 %', '1 %', '100 %')
    """
    return f"{share if share in (0, 1) else min(0.99, max(0.01, share)):.0%}".replace("%", " %")


def space_size(size: int | None, *, exact: bool) -> str:
    """Write how many pipelines a space allows: `210`, `about 12,000`, or `infinitely many`."""
    if size is None:
        return "infinitely many"
    return f"{size:,}" if exact else f"about {size:,}"


def listed(items: Sequence[str]) -> str:
    """Join as in a sentence: `a, b and c`."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def listed_in_part(items: Sequence[str], most: int) -> str:
    """Join as in a sentence, the first of them by name: `a, b and 8 more`."""
    more = [f"{len(items) - most:,} more"] if len(items) > most else []
    return listed([*items[:most], *more])


def rough_duration(seconds: float) -> str:
    """Seconds in the unit that reads best.

    >>> rough_duration(3.21), rough_duration(75), rough_duration(7200)
    ('3.2 s', '75 s', '120 min')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def dollars(usd: float) -> str:
    """Dollars with two figures that count.

    >>> dollars(12.3), dollars(0.00123)
    ('$12.30', '$0.0012')
    """
    return f"${usd:.2f}" if usd >= 0.1 or usd == 0 else f"${usd:.2g}"


def capitalised(text: str) -> str:
    """A text as a sentence begins: its first letter in upper case, the others as they are.

    >>> capitalised("answer F1")
    'Answer F1'
    """
    return text[:1].upper() + text[1:]
