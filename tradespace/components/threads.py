"""Work side by side in threads, in a way that Ctrl-C cannot leave hanging."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from tradespace.interrupts import interrupt_held_back

Item = TypeVar("Item")
Result = TypeVar("Result")

INTERRUPT_CHECKS = 0.1
"""Seconds between two looks whether an interrupt came, while threads work."""


def cores() -> int:
    """How many of this machine's cores to use: as many as OMP_NUM_THREADS says, or else all that this process may."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdigit() and int(told) > 0:
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_all_cores(work: Callable[[Item], Result], items: Sequence[Item], threads: int | None = None) -> list[Result]:
    """Work on the items side by side, each in one thread; results come in the order of the items.

    Args:
        work: what is done with an item.
        items: what to work on.
        threads: how many work side by side; one for each core unless told.

    Raises:
        KeyboardInterrupt: Ctrl-C came meanwhile; the items in work were finished, the others never begun.
    """
    with interrupt_held_back() as interrupted:
        if len(items) == 1:
            return [work(items[0])]
        with ThreadPoolExecutor(threads or cores()) as pool:
            futures = [pool.submit(work, item) for item in items]
            wait_for(futures, interrupted)
    return [future.result() for future in futures]


def wait_for(futures: Sequence[Future[Any]], interrupted: Callable[[], bool]) -> None:
    """Wait until all are done; when an interrupt came, cancel those that have not begun and wait no longer."""
    while wait(futures, INTERRUPT_CHECKS).not_done:
        if interrupted():
            for future in futures:
                future.cancel()
            return
