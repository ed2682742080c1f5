"""The ledger: every call that any component made, written down once.

Two records, never mixed up. An *outcome* is what a call returned, stored once under the call's content address.
*Timings* are samples of how long one piece of work took for one question, with the host and conditions of each sample.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Column, Engine, Float, Index, Integer, LargeBinary, MetaData, Table, Text, func, select
from sqlalchemy.dialects.sqlite import insert

from tradespace.explorer.database import open_database, transaction

TABLES = MetaData()
OUTCOMES = Table(
    "outcomes",
    TABLES,
    Column("key", LargeBinary, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
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
KEYS_PER_QUERY = 500


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
class Ledger:
    """The record of calls in one SQLite file. Several processes may read and write it at once.

    Raises:
        LedgerError: the file cannot be read or written; the message says what to do.
    """

    path: Path
    _engine: Engine = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._engine = open_database(self.path, TABLES)

    def read(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The stored outcomes among `keys`; a key that is not there has not been called yet."""
        found: dict[bytes, bytes] = {}
        with transaction(self._engine, self.path) as connection:
            for start in range(0, len(keys), KEYS_PER_QUERY):
                some = keys[start : start + KEYS_PER_QUERY]
                rows = connection.execute(select(OUTCOMES).where(OUTCOMES.c.key.in_(some)))
                found.update((row.key, row.value) for row in rows)
        return found

    def write(self, outcomes: Mapping[bytes, bytes]) -> None:
        """Store outcomes in one transaction. A key that is already there keeps its first outcome."""
        if outcomes:
            rows = [{"key": key, "value": value} for key, value in outcomes.items()]
            with transaction(self._engine, self.path) as connection:
                connection.execute(insert(OUTCOMES).on_conflict_do_nothing(), rows)

    def __len__(self) -> int:
        """How many outcomes are stored."""
        with transaction(self._engine, self.path) as connection:
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
            with transaction(self._engine, self.path) as connection:
                connection.execute(insert(TIMINGS), rows)

    def timings(self, works: Iterable[str], host: str | None = None) -> list[Timing]:
        """All samples of some works on one host, or on all where it is None, in the order they were taken."""
        keys, found = list(dict.fromkeys(works)), list[tuple[int, Timing]]()
        with transaction(self._engine, self.path) as connection:
            for start in range(0, len(keys), KEYS_PER_QUERY):
                query = select(TIMINGS).where(TIMINGS.c.work.in_(keys[start : start + KEYS_PER_QUERY]))
                for row in connection.execute(query if host is None else query.where(TIMINGS.c.host == host)):
                    conditions = json.loads(row.conditions)
                    found.append((row.id, Timing(row.host, row.work, row.question, row.seconds, conditions)))
        return [timing for _, timing in sorted(found, key=lambda one: one[0])]
