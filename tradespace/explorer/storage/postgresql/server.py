"""Connections to a PostgreSQL server: one place for pooling, waiting, and what its errors say.

Connections commit each statement by itself, unless several are to be one transaction: a batch is then one trip to the
server and back. A connection is not tried before it is used. One that turns out to be lost, as where the server was
started again, is replaced, and what was done over it is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from tradespace.errors import InputError, LedgerError
from tradespace.explorer.storage.base import Storage
from tradespace.explorer.storage.postgresql.addresses import SECRET_PARAMETERS, is_escaped
from tradespace.explorer.storage.postgresql.advice import advice_on
from tradespace.explorer.storage.postgresql.connections import SharedConnections
from tradespace.secrets import hold

if TYPE_CHECKING:
    import psycopg

    from tradespace.explorer.storage.postgresql.connections import Connection

CONNECT_SECONDS = 10
"""After which an address is one where nothing answers."""
T = TypeVar("T")
VERSION = 1
"""Of the tables; raised whenever an older Tradespace can no longer use them."""
_VERSIONS = "CREATE TABLE IF NOT EXISTS tradespace (kind text PRIMARY KEY, version integer NOT NULL)"
_WRITABLE = """
SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
    AND bool_and(has_table_privilege(name, 'INSERT')) FROM unnest(%s::text[]) AS name"""


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
        self._settings = _settings(url)
        for name in SECRET_PARAMETERS & self._settings.keys():
            hold(str(self._settings[name]), name)
        self._connections = SharedConnections(self._address, self.where)
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

    @property
    def writable(self) -> bool:
        """Whether the account may add rows, and the server takes any."""
        ((allowed,),) = self.rows(_WRITABLE, [list(self.tables)])
        return bool(allowed)

    def transaction(self, work: Callable[[Connection], T]) -> T:
        """Do something in a transaction: all of it is stored, or nothing. It must come to the same if it is done again:
        where the connection is lost meanwhile, nobody knows whether it was stored."""

        def whole(connection: Connection) -> T:
            with connection.transaction():
                return work(connection)

        return self._connected(whole)

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """What a query finds; values and rows are sent as bytes, not as text."""
        return self._connected(lambda connection: connection.execute(query, values, binary=True).fetchall())

    def changed(self, statement: str, values: Sequence[Any], again: str = "") -> int:
        """How many rows one statement changed. Where it does not come to the same if it is done again, `again` does,
        with the same values."""
        return self._connected(
            lambda connection: connection.execute(statement, values).rowcount,
            lambda connection: connection.execute(again or statement, values).rowcount,
        )

    def _connected(self, work: Callable[[Connection], T], again: Callable[[Connection], T] | None = None) -> T:
        """Do something over a connection; if that is lost, once more as soon as the server is there again."""
        from psycopg import OperationalError

        with self._explained():
            try:
                with self._connections.borrowed() as connection:
                    return work(connection)
            except OperationalError as error:
                if not _lost(error):
                    raise
            self._connections.drop()
            with self._connections.borrowed() as connection:
                return (again or work)(connection)

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
        for name in self.tables:
            self.changed(f"VACUUM ANALYZE {name}", [])

    def close(self) -> None:
        """End the connections; the next use makes new ones."""
        self._connections.drop()

    def stored_bytes(self, connection: Connection) -> int:
        """What the tables take on the server's disk, with their indexes."""
        sizes = (connection.execute("SELECT pg_total_relation_size(%s::regclass)", [name]) for name in self.tables)
        return sum(int(row[0]) for size in sizes if (row := size.fetchone()))

    @property
    def _address(self) -> str:
        from psycopg.conninfo import make_conninfo

        usual: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "application_name": "tradespace"}
        return make_conninfo(**usual | self._settings)

    def _prepare(self) -> None:
        """Make what is not there; several that meet wait for each other. Where there is no connection now, it is not
        waited for."""
        from psycopg import connect

        with self._explained(), connect(self._address) as connection:
            if any(_is_missing(connection, name) for name in self.tables):
                self._make(connection)
            self._check_version(connection)

    def _make(self, connection: Connection) -> None:
        may_create = connection.execute("SELECT has_schema_privilege(current_schema(), 'CREATE')").fetchone()
        if may_create == (False,):
            raise LedgerError(
                f"{self.where} has no tables of Tradespace yet, and this account may not make them: let one that may "
                "name it once, as in `tradespace ledger show URL`"
            )
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('tradespace'))")
        for statement in (*self.schema, _VERSIONS):
            connection.execute(statement)
        connection.execute("INSERT INTO tradespace VALUES (%s, %s) ON CONFLICT DO NOTHING", [self.kind, VERSION])

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

        try:
            yield
        except Error as error:
            raise LedgerError(f"{self.where} cannot be used: {advice_on(error)}") from error


def _settings(url: str) -> dict[str, Any]:
    """What a URL says, by the names of libpq. Its words on a URL that is none may quote a password: they are left out
    where there could be one."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    why = ""
    if is_escaped(url):
        try:
            return conninfo_to_dict(url)
        except ProgrammingError as error:
            why = "" if "@" in url or "password" in url.lower() else f": {str(error).strip()}"
    raise InputError(
        f"the URL of a PostgreSQL database cannot be read{why}. It must be as in postgresql://user@host:5432/database, "
        "with characters such as / : @ % written as %2F %3A %40 %25"
    )


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
