"""Opening a study's SQLite files: one place for journalling, waiting and what a damaged file says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DatabaseError

from tradespace.errors import LedgerError


def open_database(path: Path, tables: MetaData) -> Engine:
    """Open or create a SQLite database in WAL mode, in which a killed writer loses its open transaction only.

    Raises:
        LedgerError: the file is no database, is damaged, or cannot be written.
    """
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    with explained(path):
        tables.create_all(engine)
    return engine


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the database raises into a `LedgerError` that says what to do."""
    try:
        yield
    except DatabaseError as error:
        raise LedgerError(f"{path} cannot be used: {error.orig}. {_advice(str(error.orig))}") from error


def _advice(cause: str) -> str:
    if "full" in cause:
        return "Free some disk space and run the same command again: what was stored so far is kept."
    if "malformed" in cause or "not a database" in cause:
        return "The file is damaged: restore it from a copy, or move it away to start anew."
    return "Check that the folder can be written and that no other program holds the file."


@contextmanager
def transaction(engine: Engine, path: Path) -> Iterator[Connection]:
    """A transaction: all of it is stored, or nothing."""
    with explained(path), engine.begin() as connection:
        yield connection
