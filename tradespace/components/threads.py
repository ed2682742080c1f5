"""Work side by side in threads, in a way that Ctrl-C cannot leave hanging.

Python raises `KeyboardInterrupt` in the main thread between any two instructions, also right behind the one that took
the lock of a queue or a future. Nobody gives that lock back then: the threads wait for it forever, and so does the
program when it ends (https://github.com/python/cpython/issues/74174). Code that shares locks with threads therefore
holds the interrupt back until it is done.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

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


@contextmanager
def interrupt_held_back() -> Iterator[Callable[[], bool]]:
    """Raise `KeyboardInterrupt` at the end of the block instead of inside; gives whether one waits to be raised.

    In other threads than the main one, and where the program handles the signal in its own way, nothing is held back.
    """
    if not _raises_interrupt():
        yield lambda: False
        return
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    raises = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(came)
    finally:
        signal.signal(signal.SIGINT, raises)
        if came:
            raise KeyboardInterrupt


class RaiseAndNote:
    """Handles the signal as Python does, and remembers that it came."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Handle the signal.

        Raises:
            KeyboardInterrupt: always.
        """
        self.came = True
        signal.default_int_handler(number, frame)


@contextmanager
def lost_interrupts_found() -> Iterator[Callable[[], None]]:
    """Give a check that raises `KeyboardInterrupt` if one was raised in the block and got lost on its way.

    Python drops what is raised while it destroys an object, `KeyboardInterrupt` too
    (https://docs.python.org/3/library/weakref.html#weakref.ref), and work that should end would go on. In other threads
    than the main one, and where the program handles the signal in its own way, there is nothing to find.
    """
    if not _raises_interrupt():
        yield lambda: None
        return
    handler = RaiseAndNote()

    def check() -> None:
        if handler.came:
            raise KeyboardInterrupt

    raises = signal.signal(signal.SIGINT, handler)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, raises)


def _raises_interrupt() -> bool:
    """Whether Ctrl-C raises `KeyboardInterrupt` here."""
    handler = signal.getsignal(signal.SIGINT)
    in_main_thread = threading.current_thread() is threading.main_thread()
    return in_main_thread and (handler is signal.default_int_handler or isinstance(handler, RaiseAndNote))
