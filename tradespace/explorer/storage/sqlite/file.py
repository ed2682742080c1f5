"""SQLite files: one place for journalling, caching, waiting, and what a damaged file says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable

from tradespace.errors import LedgerError
from tradespace.explorer.storage.base import Storage
from tradespace.explorer.storage.sqlite.access import access

WAIT_SECONDS = 60
"""How long one process waits for another's transaction."""
CHECKPOINT_BYTES = 64 * 2**20
"""How far the journal grows before its pages are copied to the database: a page written often is copied once."""
CACHE_BYTES = 64 * 2**20
MAPPED_BYTES = 2**31 - 2**16
"""The most that SQLite maps into memory; pages behind are read through its cache."""


@dataclass
class SQLiteFile(Storage):
    """Tables in one SQLite file, journalled ahead: a killed writer loses its open transaction only. Where the file or
    its folder cannot be written it is opened to be read.

    Raises:
        LedgerError: the file is no database, is damaged, or cannot be written; the message says what to do.
    """

    tables: ClassVar[MetaData]
    advice: ClassVar[str]
    """What to do about a damaged file; `{folder}` stands for the study."""
    page_bytes: ClassVar[int] = 4096

    path: Path
    _engine: Engine = field(init=False, repr=False)
    _writable: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        way = access(self.path)
        self._writable = way.writable
        pool = {"poolclass": StaticPool} if way.empty else {"pool_timeout": WAIT_SECONDS}
        connection = {"timeout": WAIT_SECONDS, "check_same_thread": False}
        self._engine = create_engine(way.url, connect_args=connection, **pool)
        if way.writable:
            event.listen(self._engine, "connect", self._configure_journal)
        event.listen(self._engine, "connect", _configure)
        if way.writable or way.empty:
            self._create_tables()
        if way.empty:
            self._write_no_more()

    def _write_no_more(self) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only=ON")

    def _create_tables(self) -> None:
        # "If not exists" is decided by SQLite under its lock: two processes may create the file at the same moment.
        with self.transaction() as connection:
            for table in self.tables.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in sorted(table.indexes, key=lambda index: str(index.name)):
                    connection.execute(CreateIndex(index, if_not_exists=True))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction: all of it is stored, or nothing."""
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that reads what was stored when its first query began, in however many queries."""
        with self.transaction() as connection:
            connection.exec_driver_sql("BEGIN")  # Python's driver begins one by itself only to write
            yield connection

    @property
    def where(self) -> str:
        """The path of the file."""
        return str(self.path)

    @property
    def writable(self) -> bool:
        """Whether file and folder can be written."""
        return self._writable

    @property
    def rescue(self) -> str:
        """What to do if it is damaged."""
        return self.advice.format(folder=self.path.parent)

    @property
    def stored_bytes(self) -> int:
        """Bytes of the file and its journal."""
        return sum(file.stat().st_size for file in self.path.parent.glob(f"{self.path.name}*"))

    def faults(self) -> list[str]:
        """What SQLite finds wrong with the file's structure."""
        try:
            with self._engine.connect() as connection:
                faults = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        except DBAPIError as error:
            return [str(error.orig)]
        return [str(fault) for fault in faults if fault != "ok"]

    def compact(self) -> None:
        """Give the room of what was removed back to the disk. Meanwhile it takes as much again."""
        with self._explained(), self._engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql("VACUUM")
            alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Copy what is journalled to the file, which can then be moved without its journal."""
        self._engine.dispose()

    def _configure_journal(self, connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA page_size={self.page_bytes}")
        _patiently(lambda: connection.execute("PRAGMA journal_mode=WAL"))
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_BYTES // self.page_bytes}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the database raises into a `LedgerError` that says what to do."""
        try:
            yield
        except (DBAPIError, PoolTimeout) as error:
            cause = str(error.orig) if isinstance(error, DBAPIError) else str(error)
            if "malformed" in cause:
                raise self.damaged(cause) from error
            raise LedgerError(f"{self.path} cannot be used: {cause}. {_advice(cause)}") from error


def _patiently(change: Callable[[], object]) -> None:
    """Make a change for which SQLite, unlike elsewhere, does not wait where somebody else is about to write."""
    from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

    locked = retry_if_exception(lambda error: isinstance(error, OperationalError) and "locked" in str(error))
    Retrying(retry=locked, wait=wait_random(0.01, 0.05), stop=stop_after_delay(WAIT_SECONDS), reraise=True)(change)


def _configure(connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA cache_size=-{CACHE_BYTES // 1024}")
    connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")


def _advice(cause: str) -> str:
    if "full" in cause or "disk I/O" in cause:
        return "Free some disk space and run the same command again: what was stored so far is kept."
    if "not a database" in cause:
        return "The file is damaged: restore it from a copy, or move it away to start afresh."
    if "locked" in cause or "QueuePool" in cause:
        return f"Others have held the file for {WAIT_SECONDS} s: wait for them, then run the same command again."
    return "Check that the folder can be written and that no other program holds the file."
