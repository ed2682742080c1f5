"""What goes wrong between a process and its PostgreSQL server, and what it then says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.postgresql_server import PostgreSQLServer, postgresql_server, shared_server
from tradespace.errors import InputError, LedgerError
from tradespace.explorer.storage import postgresql
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.postgresql import server as module
from tradespace.explorer.storage.postgresql.advice import advice_on
from tradespace.explorer.storage.postgresql.texts import original, storable

pytestmark = pytest.mark.postgresql
KEY = b"k" * 32


@pytest.fixture
def server() -> PostgreSQLServer:
    """The one that all tests share."""
    return shared_server()


@pytest.fixture
def ledger(server: PostgreSQLServer) -> Iterator[Ledger]:
    """A ledger that holds nothing yet."""
    with closing(open_ledger(server.fresh_url())) as ledger:
        yield ledger


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_kept(text: str) -> None:
    """Zeros too, which PostgreSQL has none of."""
    assert "\x00" not in storable(text)
    assert original(storable(text)) == text


def test_a_server_that_is_started_again_is_used_again() -> None:
    """Reading and writing go on where they were, and nothing is lost or stored twice."""
    with postgresql_server() as server, closing(open_ledger(server.url())) as ledger:
        ledger.write({KEY: b"before"})
        server.stop()
        server.start()
        assert ledger.read([KEY]) == {KEY: b"before"}
        server.stop()
        later = threading.Timer(1.0, server.start)
        later.start()
        ledger.write({b"l" * 32: b"after"})
        later.join()
        assert len(ledger) == 2


def test_a_server_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """At once when a ledger is opened, and after a while when it was in use; with what to do."""
    monkeypatch.setattr(module, "SERVER_WAIT_SECONDS", 1)
    with postgresql_server() as server:
        url = server.url()
        ledger = open_ledger(url)
        server.stop()
        with pytest.raises(LedgerError, match="Check that the server runs and can be reached"):
            ledger.read([KEY])
        with pytest.raises(
            LedgerError, match=f"postgresql://tradespace@127.0.0.1:{server.port}/postgres cannot be used"
        ):
            open_ledger(url)
        ledger.close()


def test_a_password_is_in_no_message(server: PostgreSQLServer) -> None:
    """Neither in what the ledger says of itself, nor where it cannot be opened."""
    url = server.fresh_url().replace("tradespace@", "tradespace:open-sesame@")
    with closing(open_ledger(url)) as ledger:
        assert "open-sesame" not in ledger.where
        assert ledger.where == f"postgresql://tradespace@127.0.0.1:{server.port}/postgres"
    with pytest.raises(LedgerError) as raised:
        open_ledger("postgresql://nobody-known:open-sesame@127.0.0.1:1/postgres")
    assert "open-sesame" not in str(raised.value)


def test_a_url_that_is_none_is_told() -> None:
    """Before anything is contacted."""
    with pytest.raises(InputError, match="the URL of a PostgreSQL database cannot be read"):
        open_ledger("postgresql://host/database?no_such_parameter=1")


def test_an_account_that_may_only_read_reads(server: PostgreSQLServer) -> None:
    """Reports need no more; a write says what is missing."""
    url = server.fresh_url()
    schema = url.rpartition("%3D")[2]
    with closing(open_ledger(url)) as ledger:
        ledger.write({KEY: b"outcome"})
    server.execute(
        "DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        f"GRANT USAGE ON SCHEMA {schema} TO reader",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader",
    )
    with closing(open_ledger(url.replace("tradespace@", "reader@"))) as ledger:
        assert ledger.read([KEY]) == {KEY: b"outcome"}
        assert ledger.faults() == []
        with pytest.raises(LedgerError, match="This account may not do that: use one that may write"):
            ledger.write({b"l" * 32: b"outcome"})


def test_tables_of_another_version_are_refused(server: PostgreSQLServer) -> None:
    """With both versions, and what to do."""
    url = server.fresh_url()
    open_ledger(url).close()
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE tradespace SET version = 99")
    with pytest.raises(LedgerError, match="has tables of version 99; this Tradespace knows version 1"):
        open_ledger(url)


def test_a_table_that_was_dropped_is_a_fault(server: PostgreSQLServer) -> None:
    """It is named."""
    url = server.fresh_url()
    with closing(open_ledger(url)) as ledger, psycopg.connect(url) as connection:
        connection.execute("DROP TABLE timings")
        connection.commit()
        assert ledger.faults() == ["there is no table timings"]


def test_a_lock_that_another_holds_is_told(server: PostgreSQLServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while of waiting."""
    monkeypatch.setattr(module, "SERVER_WAIT_SECONDS", 1)
    url = server.fresh_url()
    with closing(open_ledger(url)) as ledger, psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE outcomes IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(LedgerError, match="Another program holds a lock on the tables"):
            ledger.write({KEY: b"outcome"})
        connection.rollback()
        ledger.write({KEY: b"outcome"})
        assert len(ledger) == 1


def test_a_server_without_a_connection_left_is_told() -> None:
    """With its setting."""
    with postgresql_server("max_connections=3", "superuser_reserved_connections=1") as server:
        server.execute("CREATE ROLE someone LOGIN", "GRANT ALL ON SCHEMA public TO someone")
        url = server.url("someone")
        with psycopg.connect(url), psycopg.connect(url), pytest.raises(LedgerError, match="raise its max_connections"):
            open_ledger(url)


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (psycopg.errors.DiskFull("could not extend file"), "could not extend file. The server's disk is full"),
        (psycopg.errors.InvalidPassword("no"), "Check the user and the password"),
        (psycopg.errors.InvalidCatalogName("no"), "Make the database first"),
        (psycopg.errors.ReadOnlySqlTransaction("no"), "The server takes no writes now"),
        (psycopg.errors.CannotConnectNow("no"), "The server is ending or starting"),
        (psycopg.errors.OutOfMemory("no"), "The server lacks something"),
        (psycopg.errors.DataCorrupted("no"), "The server reports damage"),
        (psycopg.OperationalError("connection refused"), "Check that the server runs"),
        (psycopg.OperationalError("failed: FATAL: password authentication failed for user"), "Check the user and the"),
        (psycopg.OperationalError('failed: FATAL: database "calls" does not exist'), "Make the database first"),
    ],
)
def test_each_kind_of_error_has_its_advice(error: psycopg.Error, advice: str) -> None:
    """By the server's code; what has none never reached a server."""
    assert advice in advice_on(error)


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what installs it."""
    monkeypatch.setattr(postgresql, "missing", lambda modules: "needs psycopg, which is not installed: pip install x")
    with pytest.raises(InputError, match="a ledger in PostgreSQL needs psycopg, which is not installed: pip install x"):
        open_ledger("postgresql://127.0.0.1/postgres")
