"""Parallel work in threads that Ctrl-C cannot leave hanging."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import Any, TypeVar

from tradespace.interrupts import interrupt_held_back

Item = TypeVar("Item")
Result = TypeVar("Result")

INTERRUPT_CHECKS = 0.1
"""Seconds between two looks whether an interrupt came, while threads work."""


def cores() -> int:
    """How many of this machine's cores to use: as many as OMP_NUM_THREADS says, or else all that this process may."""
    threads = os.environ.get("OMP_NUM_THREADS", "")
    if threads.isdigit() and int(threads) > 0:
        return int(threads)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_all_cores(work: Callable[[Item], Result], items: Sequence[Item], threads: int | None = None) -> list[Result]:
    """Work on the items in parallel, each in one thread; results come in the order of the items.

    Args:
        work: what is done with an item.
        items: what to work on.
        threads: how many work in parallel; by default one for each core.

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


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Do work that may never end, in a thread of its own, which is left to itself when the time is over.

    Raises:
        TimeoutError: it was not done after so many seconds.
        KeyboardInterrupt: Ctrl-C came meanwhile.
    """
    with interrupt_held_back() as interrupted:
        future: Future[Result] = DaemonThreads().submit(copy_context().run, work)
        wait_for([future], interrupted, time.monotonic() + seconds)
    if not future.done():
        raise TimeoutError(f"no answer within {seconds:g} seconds")
    return future.result()


class DaemonThreads(ThreadPoolExecutor):
    """A new thread for each piece of work; the program does not wait for them when it ends, as it does for others."""

    def submit(self, fn: Callable[..., Any], /, *arguments: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(fn(*arguments, **more))
                except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
                    future.set_exception(error)

        threading.Thread(target=run, daemon=True).start()
        return future


def wait_for(futures: Sequence[Future[Any]], interrupted: Callable[[], bool], until: float = float("inf")) -> None:
    """Wait until all are done; when an interrupt came, or `until` has come in the clock's seconds, cancel those that
    have not begun and wait no longer."""
    while wait(futures, min(INTERRUPT_CHECKS, max(0.0, until - time.monotonic()))).not_done:
        if interrupted() or time.monotonic() >= until:
            for future in futures:
                future.cancel()
            return
