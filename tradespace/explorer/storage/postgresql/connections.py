"""Connections of one process to a server, shared by its threads, and made again when they are lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tradespace.errors import LedgerError
from tradespace.explorer.storage.postgresql.advice import advice_on, may_pass

if TYPE_CHECKING:
    import psycopg
    from psycopg.rows import TupleRow

    Connection = psycopg.Connection[TupleRow]

MOST_CONNECTIONS = 8
"""That one process opens: as many threads write at once."""
SERVER_WAIT_SECONDS = 60
"""How long a statement waits for a lock that another holds, a thread for a connection, and a run for a server that is
gone."""
RETRY_SECONDS = 0.5
"""Between two looks whether a server is there again."""
_LOG = logging.getLogger(__name__)


class SharedConnections:
    """As many connections as threads use at once. Each statement commits by itself, unless it is in a transaction.

    Raises:
        LedgerError: no connection comes about; the message says why, and what to do.
    """

    def __init__(self, address: str, where: str) -> None:
        self._address = address
        self._where = where
        self._idle: list[Connection] = []
        self._places = threading.BoundedSemaphore(MOST_CONNECTIONS)

    @contextmanager
    def borrowed(self) -> Iterator[Connection]:
        """One for this thread, which nobody has looked at whether it still works."""
        from psycopg.pq import TransactionStatus

        if not self._places.acquire(timeout=SERVER_WAIT_SECONDS):
            in_use = f"all {MOST_CONNECTIONS} connections of this process were in use for {SERVER_WAIT_SECONDS} s"
            raise LedgerError(f"{self._where} cannot be used: {in_use}. Run the same command again")
        try:
            connection = self._taken() or self._made()
            try:
                yield connection
            finally:
                if connection.info.transaction_status == TransactionStatus.IDLE:
                    self._idle.append(connection)
                else:
                    connection.close()
        finally:
            self._places.release()

    def drop(self) -> None:
        """Close those that nobody uses; what is needed next is made anew."""
        while connection := self._taken():
            connection.close()

    def _taken(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:  # another thread was faster
            return None

    def _made(self) -> Connection:
        """A new one; a server that is gone for a while is waited for."""
        from psycopg import OperationalError, connect

        until, told = time.monotonic() + SERVER_WAIT_SECONDS, False
        while True:
            try:
                connection = connect(self._address, autocommit=True)
            except OperationalError as error:
                if time.monotonic() > until or not may_pass(error):
                    raise LedgerError(f"{self._where} cannot be used: {advice_on(error)}") from error
                if not told:
                    _LOG.warning("%s takes no connection: waiting up to %s s", self._where, SERVER_WAIT_SECONDS)
                told = True
                time.sleep(RETRY_SECONDS)
            else:
                connection.execute(f"SET lock_timeout = '{SERVER_WAIT_SECONDS}s'")
                return connection
