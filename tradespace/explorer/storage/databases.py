"""Opening a ledger or a store of evaluations, wherever it is kept."""

from __future__ import annotations

from pathlib import Path

from tradespace.errors import InputError, nearest
from tradespace.explorer.storage.base import Database, EvaluationStore, Ledger
from tradespace.explorer.storage.in_memory import InMemory
from tradespace.explorer.storage.postgresql import PostgreSQL
from tradespace.explorer.storage.sqlite import SQLite, path_of, url_of
from tradespace.secrets import hold_passwords

DATABASES: dict[str, Database] = {
    SQLite.scheme: SQLite(),
    InMemory.scheme: InMemory(),
    PostgreSQL.scheme: PostgreSQL(),
}
"""Each kind of database by the scheme of its URLs."""
_ALIASES = {"postgres": PostgreSQL.scheme}
"""Other schemes that drivers know for the same."""


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


def is_url(where: Path | str) -> bool:
    """Whether it is a URL rather than the path of a file.

    >>> is_url("postgresql://me@host/calls"), is_url("studies/NAME")
    (True, False)
    """
    return isinstance(where, str) and "://" in where


def is_on_server(where: str) -> bool:
    """Whether a URL is that of a database on a server.

    >>> is_on_server("postgresql://me@host/calls"), is_on_server("sqlite:///calls.sqlite")
    (True, False)
    """
    return is_url(where) and (database := DATABASES.get(_scheme(where))) is not None and database.on_server


def public_url(url: str) -> str:
    """A URL as it may be written down, without a password.

    Raises:
        InputError: no database has its scheme.
    """
    return _database(_url(url)).without_secrets(url)


def file_at(where: str) -> Path | None:
    """The file that a path or a URL names; None where it is on a server or in memory."""
    if not is_url(where):
        return Path(where)
    return path_of(where) if _scheme(where) == SQLite.scheme else None


def _url(where: Path | str) -> str:
    if not isinstance(where, str) or not is_url(where):
        return url_of(Path(where))
    hold_passwords(where)
    return where


def _scheme(url: str) -> str:
    scheme = url.partition("://")[0]
    return _ALIASES.get(scheme, scheme)


def _database(url: str) -> Database:
    scheme = _scheme(url)
    if scheme not in DATABASES:
        raise InputError(
            f"the URL of a ledger or of evaluations must begin with the scheme of a database; given: {scheme!r}; "
            f"{nearest(scheme, list(DATABASES))}"
        )
    return DATABASES[scheme]
