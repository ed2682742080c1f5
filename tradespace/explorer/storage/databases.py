"""Opening a ledger or a store of evaluations, wherever it is kept."""

from __future__ import annotations

from pathlib import Path

from tradespace.errors import InputError, nearest
from tradespace.explorer.storage.base import Database, EvaluationStore, Ledger
from tradespace.explorer.storage.in_memory import InMemory
from tradespace.explorer.storage.postgresql import PostgreSQL
from tradespace.explorer.storage.sqlite import SQLite, url_of

DATABASES: dict[str, Database] = {
    SQLite.scheme: SQLite(),
    InMemory.scheme: InMemory(),
    PostgreSQL.scheme: PostgreSQL(),
}
"""Each kind of database by the scheme of its URLs."""


def open_ledger(where: Path | str) -> Ledger:
    """Open a ledger, or make it: by the path of an SQLite file, or by the URL of a database.

    Raises:
        InputError: no database has the URL's scheme.
        LedgerError: it cannot be opened; the message says what to do.
    """
    url = _url(where)
    return _database(url).ledger(url)


def open_evaluations(where: Path | str) -> EvaluationStore:
    """Open a store of evaluations, or make it: by the path of an SQLite file, or by the URL of a database.

    Raises:
        InputError: no database has the URL's scheme.
        LedgerError: it cannot be opened; the message says what to do.
    """
    url = _url(where)
    return _database(url).evaluations(url)


def _url(where: Path | str) -> str:
    return where if isinstance(where, str) and "://" in where else url_of(Path(where))


def _database(url: str) -> Database:
    scheme = url.partition("://")[0]
    if scheme not in DATABASES:
        raise InputError(
            f"the URL of a ledger or of evaluations must begin with the scheme of a database; given: {scheme!r}; "
            f"{nearest(scheme, list(DATABASES))}"
        )
    return DATABASES[scheme]
