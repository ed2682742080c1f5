"""Connections to a PostgreSQL server: one place for pooling, waiting, and what its errors say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from tradespace.errors import InputError, LedgerError
from tradespace.explorer.storage.base import Storage
from tradespace.explorer.storage.postgresql.advice import advice_on
from tradespace.secrets import hold

if TYPE_CHECKING:
    import psycopg
    from psycopg.rows import TupleRow
    from psycopg_pool import ConnectionPool

    Connection = psycopg.Connection[TupleRow]

MOST_CONNECTIONS = 8
"""That one process opens: as many threads write at once."""
CONNECT_SECONDS = 10
SERVER_WAIT_SECONDS = 60
"""How long a statement waits for a lock that another holds, and a thread for a connection."""
T = TypeVar("T")
VERSION = 1
"""Of the tables; raised whenever an older Tradespace can no longer use them."""


class PostgreSQLStorage(Storage):
    """Tables on a server. They are made where they are not there yet and the account may do so.

    Raises:
        InputError: the URL is none.
        LedgerError: the server cannot be reached, or refuses; the message says what to do.
    """

    kind: ClassVar[str]
    """What is stored, as the first part of the name of its version's row."""
    schema: ClassVar[tuple[str, ...]]
    """Statements that make its tables where they are not there."""
    tables: ClassVar[tuple[str, ...]]

    def __init__(self, url: str) -> None:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        try:
            self._settings = conninfo_to_dict(url)
        except ProgrammingError as error:
            raise InputError(f"the URL of a PostgreSQL database cannot be read: {str(error).strip()}") from None
        if password := self._settings.get("password"):
            hold(str(password), "password")
        self._lock = threading.Lock()
        self._pool: ConnectionPool | None = None
        self._prepare()

    @cached_property
    def where(self) -> str:
        """The URL, without its password."""
        named = self._settings
        user = f"{named['user']}@" if named.get("user") else ""
        port = f":{named['port']}" if named.get("port") else ""
        return f"postgresql://{user}{named.get('host', '')}{port}/{named.get('dbname', '')}"

    @property
    def rescue(self) -> str:
        """What to do if it is damaged."""
        return "Restore the database from a backup, as `pg_restore` does"

    def transaction(self, work: Callable[[Connection], T], again: Callable[[Connection], T] | None = None) -> T:
        """Do something in a transaction: all of it is stored, or nothing.

        Args:
            work: what is done.
            again: what is done if the connection was lost meanwhile, as where the server was started again. Nobody
                knows then whether it was stored, so it must come to the same if it was; `work` itself, if that does.
        """
        from psycopg import OperationalError

        with self._explained():
            try:
                with self._connections().connection() as connection:
                    return work(connection)
            except OperationalError as error:
                if not _lost(error):
                    raise
            with self._connections().connection() as connection:
                return (again or work)(connection)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """What a query finds; values and rows are sent as bytes, not as text."""
        return self.transaction(lambda connection: connection.execute(query, values, binary=True).fetchall())

    def faults(self) -> list[str]:
        """Tables that are missing, or of a version that this Tradespace does not know."""
        return self.transaction(self._faults)

    def _faults(self, connection: Connection) -> list[str]:
        if absent := [name for name in self.tables if _is_missing(connection, name)]:
            return [f"there is no table {name}" for name in absent]
        version = _version(connection, self.kind)
        return [] if version == VERSION else [f"its tables have version {version}, not {VERSION}"]

    def compact(self) -> None:
        """Make the room of what was removed usable again; what other programs see is as before."""
        with self._explained(), self._connections().connection() as connection:
            connection.autocommit = True
            try:
                for name in self.tables:
                    connection.execute(f"VACUUM ANALYZE {name}")
            finally:
                connection.autocommit = False

    def close(self) -> None:
        """End the connections; the next use makes new ones."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def stored_bytes(self, connection: Connection) -> int:
        """What the tables take on the server's disk, with their indexes."""
        sizes = (connection.execute("SELECT pg_total_relation_size(%s::regclass)", [name]) for name in self.tables)
        return sum(int(row[0]) for size in sizes if (row := size.fetchone()))

    @property
    def _address(self) -> str:
        from psycopg.conninfo import make_conninfo

        usual: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "application_name": "tradespace"}
        return make_conninfo(**usual | self._settings)

    def _connections(self) -> ConnectionPool:
        from psycopg_pool import ConnectionPool

        with self._lock:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self._address,
                    min_size=0,
                    max_size=MOST_CONNECTIONS,
                    timeout=SERVER_WAIT_SECONDS,
                    reconnect_timeout=CONNECT_SECONDS,
                    check=ConnectionPool.check_connection,
                    configure=_configure,
                    open=True,
                )
            return self._pool

    def _prepare(self) -> None:
        """Make what is not there; several that meet wait for each other. A connection of its own says at once why there
        is none, which the pool would go on trying to make."""
        from psycopg import connect

        with self._explained(), connect(self._address) as connection:
            if any(_is_missing(connection, name) for name in self.tables):
                connection.execute("SELECT pg_advisory_xact_lock(hashtext('tradespace'))")
                for statement in (*self.schema, _VERSIONS):
                    connection.execute(statement)
                connection.execute(
                    "INSERT INTO tradespace VALUES (%s, %s) ON CONFLICT DO NOTHING", [self.kind, VERSION]
                )
            self._check_version(connection)

    def _check_version(self, connection: Connection) -> None:
        version = _version(connection, self.kind)
        if version != VERSION:
            raise LedgerError(
                f"{self.where} has tables of version {version}; this Tradespace knows version {VERSION}. Install the "
                "one that wrote them, or use another database"
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the server or the way to it raises into a `LedgerError` that says what to do."""
        from psycopg import Error
        from psycopg_pool import PoolTimeout

        try:
            yield
        except PoolTimeout as error:
            raise LedgerError(f"{self.where} cannot be used: {self._connecting()}") from error
        except Error as error:
            raise LedgerError(f"{self.where} cannot be used: {advice_on(error)}") from error

    def _connecting(self) -> str:
        """Why no connection comes: the pool says only that none does."""
        from psycopg import Error, connect

        try:
            connect(self._address).close()
        except Error as error:
            return advice_on(error)
        return f"all {MOST_CONNECTIONS} connections were in use for {SERVER_WAIT_SECONDS} s. Run the same command again"


_VERSIONS = "CREATE TABLE IF NOT EXISTS tradespace (kind text PRIMARY KEY, version integer NOT NULL)"


def _configure(connection: Connection) -> None:
    connection.execute(f"SET lock_timeout = '{SERVER_WAIT_SECONDS}s'")
    connection.commit()


def _lost(error: psycopg.OperationalError) -> bool:
    """Whether the connection ended with it: without a word, or as the server ends or starts."""
    return error.sqlstate is None or error.sqlstate.startswith("57P0")


def _is_missing(connection: Connection, table: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
    return row is None or row[0] is None


def _version(connection: Connection, kind: str) -> int | None:
    if _is_missing(connection, "tradespace"):
        return None
    row = connection.execute("SELECT version FROM tradespace WHERE kind = %s", [kind]).fetchone()
    return int(row[0]) if row else None
