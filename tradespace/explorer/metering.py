"""What questions take of quantities that calls do not record: measured by the machine, else estimated and marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradespace.evals.figures import METERS, Meter, Rates
from tradespace.explorer.timing.stage_seconds import PipelineSeconds, Seconds


@dataclass(frozen=True, slots=True)
class MeteredQuantities:
    """What each question takes, by quantity; `modelled` are the quantities that are estimated, all or in part."""

    rows: Mapping[str, Seconds]
    modelled: tuple[str, ...]


def metered(timed: PipelineSeconds, rates: Mapping[str, Rates]) -> MeteredQuantities:
    """Sum up what the stages took: what was measured, and an estimate for stages where nothing was.

    Args:
        timed: what the stages took.
        rates: what estimates start from, by section of the search-space file.
    """
    known = {meter.quantity: _rows(meter, timed, rates.get(meter.section)) for meter in METERS}
    rows = {quantity: tuple(map(_total, zip(*stages, strict=True))) for quantity, (stages, _) in known.items()}
    rows = {quantity: row for quantity, row in rows.items() if any(value is not None for value in row)}
    return MeteredQuantities(rows, tuple(quantity for quantity in rows if known[quantity][1]))


def _rows(meter: Meter[Any], timed: PipelineSeconds, rates: Rates | None) -> tuple[list[Seconds], bool]:
    """What each stage took, by question, and whether any of it is estimated."""
    counted = timed.counted.get(meter.quantity, {})
    rows, modelled = [], False
    for stage, seconds in timed.seconds.items():
        counts = counted.get(stage, (None,) * len(seconds))
        reckoned = [None if taken is None or rates is None else meter.reckon(taken, rates) for taken in seconds]
        pairs = list(zip(counts, reckoned, strict=True))
        rows.append(tuple(guess if count is None else count for count, guess in pairs))
        modelled |= any(count is None and guess is not None for count, guess in pairs)
    return rows, modelled


def _total(values: tuple[float | None, ...]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
