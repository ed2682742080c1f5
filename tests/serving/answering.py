"""Servers on loopback that answer while a test asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from tradespace.serving.loopback import LoopbackServer

ServerT = TypeVar("ServerT", bound=LoopbackServer)


@contextmanager
def answering(server: ServerT) -> Iterator[ServerT]:
    """Let a server answer in a thread of its own, and end it."""
    with server as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()
