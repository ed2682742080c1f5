"""How the embedded models use the cores of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """How many of this machine's cores to use: as many as OMP_NUM_THREADS says, or else all that this process may."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdigit() and int(told) > 0:
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_all_cores(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Work on the items side by side, each in one thread; results come in the order of the items."""
    if len(items) == 1:
        return [work(items[0])]
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(work, items))


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Let torch use one thread for each operation.

    For products as small as those of one question a second thread saves little, and on a busy machine waiting for it
    costs many times the work.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
