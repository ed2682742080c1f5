"""Ledgers and evaluations in SQLite files."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from tradespace.errors import InputError
from tradespace.explorer.storage.base import Database
from tradespace.explorer.storage.sqlite.evaluations import SQLiteEvaluationStore
from tradespace.explorer.storage.sqlite.ledger import SQLiteLedger

_PREFIX = "sqlite:///"


class SQLite(Database):
    """One file for each, at "sqlite:///PATH": the path stands as it is, so an absolute one makes four slashes."""

    scheme: ClassVar[str] = "sqlite"
    persistent: ClassVar[bool] = True

    def ledger(self, url: str) -> SQLiteLedger:
        """Open a file."""
        return SQLiteLedger(path_of(url))

    def evaluations(self, url: str) -> SQLiteEvaluationStore:
        """Open a file."""
        return SQLiteEvaluationStore(path_of(url))


def url_of(path: Path) -> str:
    """The URL of a file."""
    return f"{_PREFIX}{path}"


def path_of(url: str) -> Path:
    """The file at a URL.

    Raises:
        InputError: the URL names none.
    """
    if not url.startswith(_PREFIX) or url == _PREFIX:
        raise InputError(f'the URL of an SQLite file must be "{_PREFIX}PATH"; given: {url!r}')
    return Path(url.removeprefix(_PREFIX))
