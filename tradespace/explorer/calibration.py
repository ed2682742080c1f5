"""How fast the machine is at the moment, told by a fixed piece of work: these machines are shared, and noisy.

The work is a Python loop and, on every core at once, numpy in memory. It never touches BLAS, whose threads would go on
spinning and disturb what is timed next.
"""

from __future__ import annotations

import os
import time
from bisect import insort
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from math import ceil

import numpy as np

LOOPS = 25_000
NUMBERS = 120_000
RUNS = 40
"""Runs that a first reference is taken from."""
LOW = 0.2
"""The reference is this quantile of the runs: a machine that is disturbed now and then is still known when quiet."""


class Calibration:
    """Compares the machine with its quiet self.

    Args:
        references: seconds that earlier sessions on this host found the work to take when quiet.
    """

    def __init__(self, references: Sequence[float] = ()) -> None:
        self._references = sorted(references)
        self._runs = sorted(run_once() for _ in range(RUNS))

    @property
    def reference(self) -> float:
        """Seconds that the work takes when the machine is quiet: the low quantile of its runs, here or in earlier
        timings, whichever is faster; of those the median, so that one timing that was too fast does not count."""
        here = self._runs[ceil(LOW * len(self._runs)) - 1]
        return min([here, *self._references[(len(self._references) - 1) // 2 :][:1]])

    def drift(self) -> float:
        """Run the work: how many times slower the machine is than when quiet."""
        seconds = run_once()
        insort(self._runs, seconds)
        return seconds / self.reference


def run_once() -> float:
    """Seconds that the work takes now."""
    start = time.perf_counter()
    total = 0
    for number in range(LOOPS):
        total += number * number
    list(_pool().map(_sort, range(_cores())))
    return time.perf_counter() - start


def _sort(_core: int) -> None:
    np.sort(_numbers())


@cache
def _numbers() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(0).random(NUMBERS)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_cores(), thread_name_prefix="calibration")


@cache
def _cores() -> int:
    """The cores that this process may use, four at most: enough to notice company."""
    return min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
