"""A ledger in an SQLite file.

Keys are hashes, so neighbours among them have nothing to do with each other: every outcome read or written touches a
page of the keys' index that is its own. Pages are therefore small, and outcomes are kept in the order they came, apart
from that index. Where a row costs less than SQLAlchemy's part of it, SQLite's own statements are used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import MetaData, Row, Table, delete, func, select

from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.entries import Contents, Counts, Entry, Sample, Share, Timing, largest_first
from tradespace.explorer.storage.sqlite.file import SQLiteFile
from tradespace.explorer.storage.sqlite.salvage import fresh_path, put_in_place, salvage
from tradespace.explorer.storage.sqlite.tables import OUTCOMES, TABLES, TIMINGS
from tradespace.explorer.storage.timing_keys import call_timing_key

ADD = "INSERT OR IGNORE INTO outcomes (key, value, component, checksum) VALUES (?, ?, ?, ?)"
APPEND = "INSERT INTO timings (host, work, question, seconds, conditions, at) VALUES (?, ?, ?, ?, ?, ?)"
ADD_SAMPLE = """
INSERT INTO timings (host, work, question, seconds, conditions, at) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
    SELECT 1 FROM timings
    WHERE host = ?1 AND work = ?2 AND question = ?3 AND seconds = ?4 AND conditions = ?5 AND at = ?6
)"""
KEYS_PER_QUERY = 1000
ROWS_PER_BATCH = 10_000


@dataclass
class SQLiteLedger(SQLiteFile, Ledger):
    """The record of calls in one SQLite file."""

    tables: ClassVar[MetaData] = TABLES
    page_bytes: ClassVar[int] = 1024
    advice: ClassVar[str] = (
        "Restore it from a copy, or save what can still be read with: tradespace ledger repair {folder}"
    )

    def _stored(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes, int]]:
        rows: list[Any] = []
        with self.snapshot() as connection:
            for some in _queries(keys):
                rows += connection.exec_driver_sql(_select(len(some)), tuple(some)).fetchall()
        return rows

    def _append(self, samples: Sequence[Sample]) -> None:
        self._execute(APPEND, samples)

    def add(self, entries: Sequence[Entry]) -> int:
        """Store entries in the order of their keys, as their index has them."""
        return self._execute(ADD, sorted(entries))

    def add_samples(self, samples: Sequence[Sample]) -> int:
        """Look for each where it is stored."""
        return self._execute(ADD_SAMPLE, samples)

    def _execute(self, statement: str, rows: Sequence[Entry] | Sequence[Sample]) -> int:
        """Write rows in one transaction, and return how many were new."""
        if not rows:
            return 0
        with self.transaction() as connection:
            return connection.exec_driver_sql(statement, list(map(tuple, rows))).rowcount

    def __bool__(self) -> bool:
        with self.transaction() as connection:
            return connection.execute(select(OUTCOMES.c.id).limit(1)).first() is not None

    def __len__(self) -> int:
        with self.transaction() as connection:
            return int(connection.execute(select(func.count()).select_from(OUTCOMES)).scalar_one())

    def entries(self) -> Iterator[list[Entry]]:
        """In the order of their numbers."""
        for rows in self._rows(OUTCOMES):
            yield [Entry(row.key, row.value, row.component, row.checksum) for row in rows]

    def samples(self) -> Iterator[list[Sample]]:
        """In the order of their numbers."""
        for rows in self._rows(TIMINGS):
            yield [_sample(row) for row in rows]

    def _rows(self, table: Table) -> Iterator[Sequence[Row[Any]]]:
        low = 0
        while rows := self._following(table, low):
            yield rows
            low = rows[-1].id + 1

    def _following(self, table: Table, low: int) -> Sequence[Row[Any]]:
        query = select(table).where(table.c.id >= low).order_by(table.c.id).limit(ROWS_PER_BATCH)
        with self.transaction() as connection:
            return connection.execute(query).all()

    def timings(self, works: Iterable[str], host: str | None = None) -> list[Timing]:
        """Look them up by their works."""
        rows: list[Row[Any]] = []
        with self.snapshot() as connection:
            for some in _queries(list(dict.fromkeys(works))):
                query = select(TIMINGS).where(TIMINGS.c.work.in_(some))
                rows += connection.execute(query if host is None else query.where(TIMINGS.c.host == host))
        return [_sample(row).timing for row in sorted(rows, key=lambda row: int(row.id))]

    def forget(self, keys: Sequence[bytes]) -> None:
        """Delete outcomes and timings of calls."""
        with self.transaction() as connection:
            for some in _queries(keys):
                connection.execute(delete(OUTCOMES).where(OUTCOMES.c.key.in_(some)))
                connection.execute(delete(TIMINGS).where(TIMINGS.c.work.in_([call_timing_key(key) for key in some])))

    def forget_components(self, components: Collection[str]) -> int:
        """Delete the outcomes of components."""
        with self.transaction() as connection:
            return connection.execute(delete(OUTCOMES).where(OUTCOMES.c.component.in_(components))).rowcount

    def forget_hosts(self, hosts: Collection[str]) -> int:
        """Delete the samples of hosts."""
        with self.transaction() as connection:
            return connection.execute(delete(TIMINGS).where(TIMINGS.c.host.in_(hosts))).rowcount

    def contents(self) -> Contents:
        """What the file holds; its journal counts."""
        size = func.coalesce(func.sum(func.length(OUTCOMES.c.key) + func.length(OUTCOMES.c.value)), 0)
        outcomes = select(OUTCOMES.c.component, func.count(), size).group_by(OUTCOMES.c.component)
        timings = select(TIMINGS.c.host, func.count()).group_by(TIMINGS.c.host)
        with self.snapshot() as connection:
            return Contents(
                largest_first(Share(*row) for row in connection.execute(outcomes)),
                largest_first(Share(*row) for row in connection.execute(timings)),
                self.stored_bytes,
            )

    def repair(self) -> tuple[Counts, str]:
        """Copy all that can be read and is sound into a new file, and keep the old one beside it."""
        repaired = SQLiteLedger(fresh_path(self.path))
        counts = salvage(self, repaired)
        self.close()
        repaired.close()
        return counts, str(put_in_place(repaired.path, self.path))


def _queries(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """As many keys as one query may hold, until there are no more."""
    for start in range(0, len(keys), KEYS_PER_QUERY):
        yield keys[start : start + KEYS_PER_QUERY]


def _select(keys: int) -> str:
    return f"SELECT key, value, checksum FROM outcomes WHERE key IN ({','.join('?' * keys)})"


def _sample(row: Row[Any]) -> Sample:
    return Sample(row.host, row.work, row.question, row.seconds, row.conditions, row.at)
