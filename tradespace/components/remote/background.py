"""The event loop of all requests to remote models."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar

from tradespace.components.threads import DaemonThreads, wait_for
from tradespace.interrupts import interrupt_held_back

Awaited = TypeVar("Awaited")


_STARTING = threading.Lock()
"""Threads that ask for the first time at once get one loop, not one each."""


def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all requests of this process, in a thread of its own: connections outlive a batch."""
    with _STARTING:
        return _only_loop()


@cache
def _only_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_default_executor(DaemonThreads())  # what models without asynchronous code are called in

    def run() -> None:
        while True:
            with suppress(SystemExit):  # by which a task of somebody else's code ends the loop, for all others too
                loop.run_forever()

    threading.Thread(target=run, name="remote language models", daemon=True).start()
    return loop


def in_background(work: Coroutine[Any, Any, Awaited]) -> Awaited:
    """Run a coroutine on the event loop of all requests and wait for it; interrupted, it is cancelled."""
    with interrupt_held_back() as interrupted:
        future = asyncio.run_coroutine_threadsafe(work, _loop())
        wait_for([future], interrupted)
    return future.result()


def close_with(owner: object, close: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Close connections, on the event loop of all requests, once nobody holds `owner` any more.

    Left to the garbage collector they would be closed from any thread, with a warning for each.
    """
    finalizer = weakref.finalize(owner, _close_soon, close)
    finalizer.atexit = False  # the process closes them all


def _close_soon(close: Callable[[], Coroutine[Any, Any, None]]) -> None:
    loop = _loop()
    loop.call_soon_threadsafe(lambda: loop.create_task(close()))
