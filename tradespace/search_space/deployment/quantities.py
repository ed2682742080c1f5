"""Quantities of deployments as text: rates such as `120 per min`, and quantiles such as `p95`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tradespace.search_space.goals import seconds

SECONDS_OF_PERIOD: Mapping[str, float] = {"s": 1.0, "min": 60.0, "h": 3600.0, "day": 86400.0}
POSITIVE = r"(?=[\d.]*[1-9])"
RATE = rf"\s*{POSITIVE}(\d+(?:\.\d*)?|\.\d+)\s*per\s+({'|'.join(SECONDS_OF_PERIOD)})\s*"
MOST_PER_SECOND = 1_000_000
QUANTILE = rf"p{POSITIVE}(\d\d?(?:\.\d+)?)"
NONE = "none"


def per_second(text: Any) -> float:
    """Read a rate such as `2 per s` or `120 per min`, as a number of requests a second.

    Raises:
        ValueError: there is no positive number, or no period, or it is more than any simulation needs.

    >>> per_second("120 per min")
    2.0
    """
    match = re.fullmatch(RATE, str(text))
    rate = float(match[1]) / SECONDS_OF_PERIOD[match[2]] if match else 0.0
    if not 0 < rate <= MOST_PER_SECOND:
        periods = ", ".join(SECONDS_OF_PERIOD)
        raise ValueError(
            f"must be above 0 per {periods}, and at most {MOST_PER_SECOND:,} per s, such as 2 per s; given: {text!r}"
        )
    return rate


def quantile_share(text: Any) -> float | None:
    """Read a quantile such as `p95` or `p99.9`, as a share; None where the text is `none`.

    Raises:
        ValueError: it is neither, or not between p0 and p100.

    >>> quantile_share("p95")
    0.95
    """
    if is_none(text):
        return None
    match = re.fullmatch(QUANTILE, str(text))
    share = round(float(match[1]) / 100, 12) if match else 0.0
    if not 0 < share < 1:
        raise ValueError(f"is {NONE}, or must be a quantile between p0 and p100, such as p95; given: {text!r}")
    return share


def patience(text: Any) -> float | None:
    """Read how long something is waited for, in seconds; None where the text is `none`.

    Raises:
        ValueError: it is no duration above 0 with its unit.
    """
    if is_none(text):
        return None
    try:
        return seconds(str(text))
    except ValueError as error:
        raise ValueError(f"is {NONE}, or {error}") from None


def is_none(text: Any) -> bool:
    """Whether nothing is wanted, written as `none` or left empty."""
    return text is None or text == NONE
