"""Who works beside a measurement in this process, such as a server of pages, waits until it is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

_OVER = Event()
_OVER.set()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let others wait until the end of the block, which measures something."""
    is_outermost = _OVER.is_set()
    _OVER.clear()
    try:
        yield
    finally:
        if is_outermost:
            _OVER.set()


def wait_for_measurements() -> None:
    """Return once nothing is measured in this process."""
    _OVER.wait()
