"""A ledger on a server that may be gone when outcomes come: what it could not take is kept in a file of the study.

So no call that was paid for is lost, whatever becomes of the server. The next run sends it (`upkeep.carry_over`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from tradespace.errors import LedgerError
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Contents, Counts, Entry, Sample, Timing


class LedgerWithAside(Ledger):
    """A ledger, and the path of another for what the first fails to store.

    Once it has failed it is not tried again, which could take as long as the first time: whoever ends then stores what
    is under way, and that is kept aside without a word.
    """

    def __init__(self, server: Ledger, aside: Path) -> None:
        self.server = server
        self.aside = aside
        self._failed = False

    def write(self, outcomes: Mapping[bytes, bytes], component: str = "") -> None:
        """Store outcomes, or keep them aside."""
        self._store(lambda ledger: ledger.write(outcomes, component))

    def record(self, timings: Sequence[Timing]) -> None:
        """Add samples, or keep them aside."""
        self._store(lambda ledger: ledger.record(timings))

    def _store(self, work: Callable[[Ledger], None]) -> None:
        if self._failed:
            self._keep(work)
            return
        try:
            work(self.server)
        except LedgerError as error:
            self._failed = True
            self._keep(work)
            raise LedgerError(
                f"{error}. What it could not take is kept in {self.aside}: the next run sends it"
            ) from error

    def _keep(self, work: Callable[[Ledger], None]) -> None:
        with closing(open_ledger(self.aside)) as ledger:
            work(ledger)

    @property
    def where(self) -> str:
        return self.server.where

    @property
    def rescue(self) -> str:
        return self.server.rescue

    @property
    def writable(self) -> bool:
        return self.server.writable

    def faults(self) -> list[str]:
        return self.server.faults()

    def compact(self) -> None:
        self.server.compact()

    def close(self) -> None:
        self.server.close()

    def read(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        return self.server.read(keys)

    def _stored(self, keys: Sequence[bytes]) -> Iterable[tuple[bytes, bytes, int]]:
        return self.server._stored(keys)

    def _append(self, samples: Sequence[Sample]) -> None:
        self.server._append(samples)

    def __bool__(self) -> bool:
        return bool(self.server)

    def __len__(self) -> int:
        return len(self.server)

    def entries(self) -> Iterator[list[Entry]]:
        return self.server.entries()

    def add(self, entries: Sequence[Entry]) -> int:
        return self.server.add(entries)

    def timings(self, works: Iterable[str], host: str | None = None) -> list[Timing]:
        return self.server.timings(works, host)

    def samples(self) -> Iterator[list[Sample]]:
        return self.server.samples()

    def add_samples(self, samples: Sequence[Sample]) -> int:
        return self.server.add_samples(samples)

    def forget(self, keys: Sequence[bytes]) -> None:
        self.server.forget(keys)

    def forget_components(self, components: Collection[str]) -> int:
        return self.server.forget_components(components)

    def forget_hosts(self, hosts: Collection[str]) -> int:
        return self.server.forget_hosts(hosts)

    def contents(self) -> Contents:
        return self.server.contents()

    def repair(self) -> tuple[Counts, str]:
        return self.server.repair()
