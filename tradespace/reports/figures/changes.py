"""What became of one figure of each pipeline between two studies: the difference, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradespace.explorer.conclusions.comparing import FigureChange
from tradespace.reports.figures.differences import DrawnDifference, differences_figure
from tradespace.reports.figures.style import escaped
from tradespace.reports.short_notation import short_notations
from tradespace.reports.words import quantity


def changes_figure(changes: Sequence[FigureChange]) -> Any:
    """Draw a mark with its interval for each pipeline, in the order given; open where it did not move beyond noise.

    Args:
        changes: of one figure.
    """
    shorts = short_notations(tuple(each.pipeline for each in changes))
    drawn = [DrawnDifference(shorts[each.pipeline], each.difference, each.moved, _hover(each)) for each in changes]
    return differences_figure(drawn, changes[0].measure, "change in", "moved", "can't be told from noise")


def _hover(change: FigureChange) -> str:
    known = (quantity(value, change.measure) for value in (change.before, change.after))
    return f"{escaped(change.pipeline)}<br>{' → '.join(known)}"
