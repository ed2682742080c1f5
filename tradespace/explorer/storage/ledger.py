"""The ledger: every call that any component made, written down once.

Two records, never mixed up. An *outcome* is what a call returned, stored once under the call's content address.
*Timings* are samples of how long one piece of work took for one question, with the host and conditions of each sample.

Keys are hashes, so neighbours among them have nothing to do with each other: every outcome read or written touches a
page of the keys' index that is its own. Pages are therefore small, and outcomes are kept in the order they came, apart
from that index. Where a row costs less than SQLAlchemy's part of it, SQLite's own statements are used.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple
from zlib import crc32

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, MetaData, Row, Table, Text, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from tradespace.explorer.storage.database import Database

TABLES = MetaData()
OUTCOMES = Table(
    "outcomes",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("value", LargeBinary, nullable=False),
    Column("component", Text, nullable=False),
    Column("checksum", Integer, nullable=False),
)
TIMINGS = Table(
    "timings",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("host", Text, nullable=False),
    Column("work", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("timings_by_work", "work", "host"),
)
INSERT = "INSERT OR IGNORE INTO outcomes (key, value, component, checksum) VALUES (?, ?, ?, ?)"
KEYS_PER_QUERY = 1000
ENTRIES_PER_BATCH = 10_000


class Entry(NamedTuple):
    """An outcome as it is stored: under its key, with the name of the component that gave it ("" where it was not
    told) and a checksum over key and value, without which a damaged disk would change answers unnoticed.
    """

    key: bytes
    value: bytes
    component: str
    checksum: int

    @property
    def sound(self) -> bool:
        """Whether key and value are those that were stored."""
        return checksum_of(self.key, self.value) == self.checksum


@dataclass(frozen=True, slots=True)
class Timing:
    """One sample: how many seconds a piece of work took for a question.

    `work` is the content address of what was timed: the calls of a stage, or a whole pipeline end to end.
    """

    host: str
    work: str
    question: str
    seconds: float
    conditions: Mapping[str, float | int | str]


@dataclass
class Ledger(Database):
    """The record of calls in one SQLite file. Several processes may read and write it at once.

    Raises:
        LedgerError: the file cannot be read or written; the message says what to do.

    >>> from pathlib import Path
    >>> ledger = Ledger(Path(":memory:"))
    >>> ledger.write({b"key": b"outcome"}, component="bm25")
    >>> ledger.read([b"key", b"never called"]), len(ledger)
    ({b'key': b'outcome'}, 1)
    """

    tables: ClassVar[MetaData] = TABLES
    page_bytes: ClassVar[int] = 1024
    rescue: ClassVar[str] = (
        "Restore it from a copy, or save what can still be read with: tradespace ledger repair {folder}"
    )

    def read(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """The stored outcomes among `keys`; a key that is not there has not been called yet."""
        ordered, found = sorted(set(keys)), dict[bytes, bytes]()
        with self.transaction() as connection:
            for start in range(0, len(ordered), KEYS_PER_QUERY):
                some = tuple(ordered[start : start + KEYS_PER_QUERY])
                for key, value, checksum in connection.exec_driver_sql(_select(len(some)), some).fetchall():
                    if checksum_of(key, value) != checksum:
                        raise self.damaged(f"the outcome of call {key.hex()} is not what was stored")
                    found[key] = value
        return found

    def write(self, outcomes: Mapping[bytes, bytes], component: str = "") -> None:
        """Store outcomes of a component in one transaction. A key that is already there keeps its first outcome."""
        self.add([Entry(key, value, component, checksum_of(key, value)) for key, value in outcomes.items()])

    def add(self, entries: Sequence[Entry]) -> int:
        """Store entries in one transaction, and say how many are new."""
        if not entries:
            return 0
        with self.transaction() as connection:
            return connection.exec_driver_sql(INSERT, sorted(map(tuple, entries))).rowcount

    def forget(self, keys: Sequence[bytes]) -> None:
        """Delete the outcomes and timings of calls, so that these are made again."""
        with self.transaction() as connection:
            for start in range(0, len(keys), KEYS_PER_QUERY):
                some = keys[start : start + KEYS_PER_QUERY]
                connection.execute(delete(OUTCOMES).where(OUTCOMES.c.key.in_(some)))
                connection.execute(delete(TIMINGS).where(TIMINGS.c.work.in_([key.hex() for key in some])))

    def entries(self) -> Iterator[list[Entry]]:
        """All outcomes in the order they were stored, a batch at a time."""
        low = 0
        while batch := self._following(low):
            yield [Entry(row.key, row.value, row.component, row.checksum) for row in batch]
            low = batch[-1].id + 1

    def _following(self, low: int) -> Sequence[Row[Any]]:
        query = select(OUTCOMES).where(OUTCOMES.c.id >= low).order_by(OUTCOMES.c.id).limit(ENTRIES_PER_BATCH)
        with self.transaction() as connection:
            return connection.execute(query).all()

    def __len__(self) -> int:
        """How many outcomes are stored."""
        with self.transaction() as connection:
            return int(connection.execute(select(func.count()).select_from(OUTCOMES)).scalar_one())

    def record(self, timings: Sequence[Timing]) -> None:
        """Add timing samples in one transaction."""
        rows = [
            {
                "host": timing.host,
                "work": timing.work,
                "question": timing.question,
                "seconds": timing.seconds,
                "conditions": json.dumps(dict(timing.conditions)),
                "at": time.time(),
            }
            for timing in timings
        ]
        if rows:
            with self.transaction() as connection:
                connection.execute(insert(TIMINGS), rows)

    def timings(self, works: Iterable[str], host: str | None = None) -> list[Timing]:
        """All samples of some works on one host, or on all where it is None, in the order they were taken."""
        keys, found = list(dict.fromkeys(works)), list[tuple[int, Timing]]()
        with self.transaction() as connection:
            for start in range(0, len(keys), KEYS_PER_QUERY):
                query = select(TIMINGS).where(TIMINGS.c.work.in_(keys[start : start + KEYS_PER_QUERY]))
                for row in connection.execute(query if host is None else query.where(TIMINGS.c.host == host)):
                    conditions = json.loads(row.conditions)
                    found.append((row.id, Timing(row.host, row.work, row.question, row.seconds, conditions)))
        return [timing for _, timing in sorted(found, key=lambda one: one[0])]


def checksum_of(key: bytes, value: bytes) -> int:
    """A checksum over an outcome and its key."""
    return crc32(value, crc32(key))


def _select(keys: int) -> str:
    return f"SELECT key, value, checksum FROM outcomes WHERE key IN ({','.join('?' * keys)})"
