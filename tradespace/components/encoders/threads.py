"""How the embedded models use the cores of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def on_all_cores(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Work on the items side by side, each in one thread; results come in the order of the items."""
    with one_torch_thread() as cores:
        if len(items) == 1:
            return [work(items[0])]
        with ThreadPoolExecutor(cores) as pool:
            return list(pool.map(work, items))


@contextmanager
def one_torch_thread() -> Iterator[int]:
    """Let torch use one thread for each operation; gives the number that it used before.

    For products as small as those of one question a second thread saves little, and on a busy machine waiting for it
    costs many times the work.
    """
    import torch

    cores = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield cores
    finally:
        torch.set_num_threads(cores)
