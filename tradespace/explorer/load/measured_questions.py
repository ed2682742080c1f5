"""Questions that were measured in replicas stand for those that were not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tradespace.explorer.arrays import Floats, Integers

ENOUGH_MEASURED = 30
"""Questions that must be measured before they stand for others."""


def as_measured_questions(seconds: Floats, measured: Mapping[int, Floats]) -> Floats:
    """Seconds alone, of shape (questions, stations), as they were measured in replicas.

    Where enough questions were measured at all of the stations that were, the others take the seconds of the measured
    question that is next to them in what they take alone, at all stations: so that what makes a question slow at one
    makes it slow at the others, and no model of latencies has a part in the tail.

    Args:
        seconds: infinite where a question failed.
        measured: by position of a station, for each question; NaN where it was not measured.
    """
    if not measured:
        return seconds
    known = seconds.copy()
    for place, taken in measured.items():
        rows = np.flatnonzero(~np.isnan(taken) & np.isfinite(seconds[: len(taken), place]))
        known[rows, place] = taken[rows]
    total = seconds.sum(axis=1)
    complete = np.isfinite(total)
    for taken in measured.values():
        complete[: len(taken)] &= ~np.isnan(taken)
        complete[len(taken) :] = False
    donors = np.flatnonzero(complete)
    if len(donors) < ENOUGH_MEASURED:
        return known
    others = np.flatnonzero(np.isfinite(total) & ~complete)
    known[others] = known[donors[_nearest(total[donors], total[others])]]
    return known


def _nearest(values: Floats, wanted: Floats) -> Integers:
    """The place of the value next to each of those that are wanted."""
    order = np.argsort(values)
    above = np.clip(np.searchsorted(values[order], wanted), 1, len(values) - 1)
    lower, upper = order[above - 1], order[above]
    return np.where(wanted - values[lower] <= values[upper] - wanted, lower, upper)
