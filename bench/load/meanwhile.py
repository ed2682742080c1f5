"""Doing something while something else goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def later(seconds: float, act: Callable[[], object]) -> Iterator[None]:
    """Act once, so many seconds after the block began; the block ends no sooner."""
    timer = threading.Timer(seconds, act)
    timer.start()
    try:
        yield
    finally:
        timer.join()


@contextmanager
def meanwhile(work: Callable[[], T]) -> Iterator[Future[T]]:
    """Work while the block runs; the result is there when it has ended."""
    with ThreadPoolExecutor(1) as threads:
        yield threads.submit(work)
