"""Ledgers and evaluations in PostgreSQL, for several people on several machines."""

from __future__ import annotations

from typing import ClassVar

from tradespace.errors import InputError
from tradespace.explorer.storage.base import Database
from tradespace.explorer.storage.postgresql.addresses import without_secrets
from tradespace.explorer.storage.postgresql.evaluations import PostgreSQLEvaluationStore
from tradespace.explorer.storage.postgresql.ledger import PostgreSQLLedger
from tradespace.extras import missing


class PostgreSQL(Database):
    """At a URL such as "postgresql://user:password@host:5432/database", as libpq reads it: what is left out comes from
    its environment variables (PGUSER, PGPASSWORD …), its password file, or its service file.

    Tables stand in the first schema of the search path; `?options=-csearch_path%3Dname` chooses another.
    https://www.postgresql.org/docs/current/libpq-connect.html
    """

    scheme: ClassVar[str] = "postgresql"
    persistent: ClassVar[bool] = True
    on_server: ClassVar[bool] = True

    def ledger(self, url: str) -> PostgreSQLLedger:
        """Open its ledger."""
        _require_driver()
        return PostgreSQLLedger(url)

    def evaluations(self, url: str) -> PostgreSQLEvaluationStore:
        """Open its evaluations."""
        _require_driver()
        return PostgreSQLEvaluationStore(url)

    def without_secrets(self, url: str) -> str:
        """The URL without its password."""
        return without_secrets(url)


def _require_driver() -> None:
    if problem := missing(["psycopg"]):
        raise InputError(f"a ledger in PostgreSQL {problem}")
