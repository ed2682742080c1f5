"""The event loop of all requests, and the connections that live on it."""

from __future__ import annotations

import gc
import threading

from tradespace.components.remote.background import close_with, in_background


class Owner:
    """Somebody who holds a connection."""


async def current_thread() -> str:
    """The thread that runs coroutines."""
    return threading.current_thread().name


def test_a_connection_is_closed_on_its_loop_once_nobody_holds_it() -> None:
    """Not before, and not by the garbage collector in a thread of its choice."""
    closed_in: list[str] = []
    closed = threading.Event()

    async def close() -> None:
        closed_in.append(await current_thread())
        closed.set()

    owner = Owner()
    close_with(owner, close)
    in_background(current_thread())
    assert not closed.is_set()
    del owner
    gc.collect()
    assert closed.wait(10)
    assert closed_in == [in_background(current_thread())]
