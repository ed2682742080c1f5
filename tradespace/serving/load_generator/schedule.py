"""What a load is made of, within its limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradespace.errors import InputError
from tradespace.plurals import count
from tradespace.types import Question

MOST_REQUESTS = 1_000_000
MOST_SECONDS = 86_400.0
"""Longer loads, and loads of more requests, are refused: whoever asks for one means something else."""


def checked_arrivals(arrivals: Sequence[float]) -> list[float]:
    """The times of requests, in seconds from the start.

    Raises:
        InputError: there are none or too many, or they are negative, in disorder or beyond a day.
    """
    times = np.asarray(arrivals, dtype=np.float64)
    if not 1 <= len(times) <= MOST_REQUESTS:
        raise InputError(f"a load has from 1 to {MOST_REQUESTS:,} requests; given: {count(len(times), 'request')}")
    if not (np.diff(times, prepend=0.0) >= 0).all() or not times[-1] <= MOST_SECONDS:
        raise InputError(
            f"times of arrival must ascend from 0 to at most {MOST_SECONDS:,.0f} s; "
            f"given: {times.min():g} to {times.max():g} s{'' if (np.diff(times) >= 0).all() else ', in disorder'}"
        )
    return [float(time) for time in times]


def checked_questions(questions: Sequence[Question]) -> Sequence[Question]:
    """The questions, if there are any.

    Raises:
        InputError: there is none.
    """
    if not questions:
        raise InputError("a load needs at least one question to ask")
    return questions
