"""What the contracts of storages share: where a test keeps one, and what threads and processes do with it at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tradespace.explorer.storage.base import Database

WRITERS = 4
DRAWN_EXAMPLES = 20
_FORK: Any = multiprocessing.get_context("fork")  # a child that starts in milliseconds: nothing is imported again


class StorageContract:
    """Inherit one of the suites for a ledger or for evaluations; parametrize `database`."""

    def url(self, database: Database, folder: Path) -> str:
        """Where a test keeps its storage: one place for each folder. Override it for a database that is no file."""
        return f"{database.scheme}:///{folder / 'storage'}"

    @contextmanager
    def fresh_url(self, database: Database) -> Iterator[str]:
        """Where nothing is stored yet, for an example of a test that has many."""
        with TemporaryDirectory() as folder:
            yield self.url(database, Path(folder))


def in_threads(work: Callable[[int], Any]) -> list[Any]:
    """What `work` returns for the number of each writer, all of them at once; raises what one of them raises."""
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(work, range(WRITERS)))


def in_processes(work: Callable[[int], Any]) -> list[Any]:
    """The same, each in a process of its own, which opens what it needs. All begin at the same moment."""
    barrier = _FORK.Barrier(WRITERS)
    children = [started(_answer, work, writer, barrier) for writer in range(WRITERS)]
    results = [results_of(process, pipe) for process, pipe in children]
    assert [process.exitcode for process, _ in children] == [0] * WRITERS
    return [result for (result,) in results]


def _answer(pipe: Connection, work: Callable[[int], Any], writer: int, barrier: Any) -> None:
    barrier.wait()
    pipe.send(work(writer))


def started(work: Callable[..., None], *arguments: Any) -> tuple[Any, Connection]:
    """A process that has begun to work, and the end of a pipe by which it tells; `work` is handed the other end."""
    receiver, sender = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=work, args=(sender, *arguments))
    process.start()
    sender.close()
    return process, receiver


def results_of(process: Any, pipe: Connection) -> Sequence[Any]:
    """All that a process tells until it ends."""
    results = []
    try:
        while True:
            results.append(pipe.recv())
    except EOFError:
        process.join()
    return results
