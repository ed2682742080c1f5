"""How fast the machine is at the moment, measured by a fixed workload: machines are shared, and noisy.

The work is a Python loop and, on every core at once, numpy in memory. It never touches BLAS, whose threads would go on
spinning and disturb what is timed next.
"""

from __future__ import annotations

import os
import time
from bisect import insort
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from tradespace.interrupts import interrupt_held_back

LOOPS = 25_000
NUMBERS = 120_000


class Calibration:
    """Compares the machine with its quiet self.

    The work is always run after what is being timed, never in a loop of its own, where it is faster: cores that slept
    and caches that others filled are no disturbance.

    Args:
        references: seconds that earlier timings on this host found the work to take when quiet.
        work: runs the work, and gives the seconds that it took.
    """

    def __init__(self, references: Sequence[float] = (), work: Callable[[], float] | None = None) -> None:
        self._references = sorted(references)
        self._work = work or seconds_of_work
        self._runs: list[float] = []

    @property
    def reference(self) -> float:
        """Seconds that the work takes when the machine is quiet: the median of its runs, here or in earlier timings,
        whichever is faster; of those the median too, so that one timing that was too fast does not count."""
        here = self._runs[len(self._runs) // 2]
        return min([here, *self._references[(len(self._references) - 1) // 2 :][:1]])

    def observe(self) -> float:
        """Run the work, and learn from it what it takes; its seconds."""
        seconds = self._work()
        insort(self._runs, seconds)
        return seconds

    def drift(self) -> float:
        """Run the work: how many times slower the machine is than when quiet."""
        return self.observe() / self.reference


def seconds_of_work() -> float:
    """Seconds that the work takes now."""
    start = time.perf_counter()
    total = 0
    for number in range(LOOPS):
        total += number * number
    with interrupt_held_back():
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
