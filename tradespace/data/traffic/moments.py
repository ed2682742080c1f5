"""Moments of arrival as a table has them: numbers of seconds, or dates with their time."""

from __future__ import annotations

import math
from datetime import UTC, datetime


def moment(cell: str) -> float:
    """Read a number of seconds, or a timestamp in ISO form as the seconds since 1970; without a zone it is in UTC.

    Raises:
        ValueError: it is neither, or not finite.

    >>> moment("0.25"), moment("1970-01-01 00:01:00.5"), moment("1970-01-01T00:00:00Z")
    (0.25, 60.5, 0.0)
    """
    try:
        seconds = float(cell)
    except ValueError:
        seconds = _timestamp(cell)
    if not math.isfinite(seconds):
        raise ValueError(_expected(cell))
    return seconds


def is_moment(cell: str) -> bool:
    """Whether a cell can be read as one."""
    try:
        moment(cell)
    except ValueError:
        return False
    return True


def _timestamp(cell: str) -> float:
    try:
        moment = datetime.fromisoformat(cell.strip())
    except ValueError:
        raise ValueError(_expected(cell)) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _expected(cell: str) -> str:
    return f"must be a number of seconds, or a timestamp such as 2023-11-16 18:17:03.98; given: {cell!r}"
