"""What goes wrong between a process and its PostgreSQL server, and what it then says."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.postgresql_server import PostgreSQLServer
from tradespace.errors import LedgerError
from tradespace.explorer.storage.aside import LedgerWithAside
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Counts, Timing
from tradespace.explorer.storage.postgresql import connections as module
from tradespace.explorer.storage.postgresql.advice import advice_on
from tradespace.explorer.storage.upkeep import merge

pytestmark = pytest.mark.postgresql
KEY = b"k" * 32
FULL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'quota reached' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON outcomes EXECUTE FUNCTION refuse()"""


def test_a_server_that_is_started_again_is_used_again(fragile: PostgreSQLServer) -> None:
    """Reading and writing go on where they were, and nothing is lost or stored twice."""
    with closing(open_ledger(fragile.fresh_url())) as ledger:
        ledger.write({KEY: b"before"})
        fragile.stop()
        fragile.start()
        assert ledger.read([KEY]) == {KEY: b"before"}
        ledger.write({b"l" * 32: b"after"})
        assert len(ledger) == 2


def test_a_server_that_is_gone_is_told(fragile: PostgreSQLServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once when a ledger is opened, and after a while when it was in use; with what to do."""
    monkeypatch.setattr(module, "SERVER_WAIT_SECONDS", 0.2)
    url = fragile.fresh_url()
    with closing(open_ledger(url)) as ledger:
        fragile.stop()
        with pytest.raises(LedgerError, match="Check that the server runs and can be reached"):
            ledger.read([KEY])
        where = f"postgresql://tradespace@127.0.0.1:{fragile.port}/postgres"
        with pytest.raises(LedgerError, match=f"{where} cannot be used"):
            open_ledger(url)


def test_a_server_that_comes_back_late_is_waited_for(
    fragile: PostgreSQLServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By every thread that has something to store, and nothing is stored twice."""
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.05)
    with closing(open_ledger(fragile.fresh_url())) as ledger:
        ledger.write({KEY: b"before"})
        fragile.stop()
        later = threading.Timer(0.5, fragile.start)
        later.start()
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda number: ledger.write({bytes([number]) * 32: b"after"}), range(4)))
        later.join()
        assert len(ledger) == 5


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


def test_a_server_without_a_connection_left_is_told(fragile: PostgreSQLServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its setting; also in mid-run, once none became free for a while. When one does, it goes on."""
    monkeypatch.setattr(module, "SERVER_WAIT_SECONDS", 0.2)
    fragile.role("someone")
    url = fragile.fresh_url("someone")
    fragile.execute(f"GRANT ALL ON SCHEMA {url.rpartition('%3D')[2]} TO someone")
    with closing(open_ledger(url)) as ledger, ExitStack() as others:
        with pytest.raises(psycopg.OperationalError):
            for _ in range(10):
                others.enter_context(psycopg.connect(url))
        for use in (lambda: open_ledger(url), lambda: ledger.write({KEY: b"outcome"})):
            with pytest.raises(LedgerError, match="raise its max_connections"):
                use()
        others.close()
        ledger.write({KEY: b"outcome"})


def test_a_database_that_is_not_there_is_told(server: PostgreSQLServer) -> None:
    """With how to make it."""
    with pytest.raises(LedgerError, match="Make the database first, with `createdb`"):
        open_ledger(server.url(database="nowhere"))


def test_a_statement_that_takes_too_long_is_told(server: PostgreSQLServer) -> None:
    """With the setting that ended it."""
    url = server.fresh_url()
    open_ledger(url).close()
    impatient = f"{url}%20-cstatement_timeout%3D100"
    with closing(open_ledger(impatient)) as ledger, psycopg.connect(url) as connection:
        connection.execute("LOCK TABLE outcomes IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(LedgerError, match="raise that for this account, with `ALTER ROLE … SET statement_timeout`"):
            ledger.write({KEY: b"outcome"})


def test_a_full_disk_is_told_and_what_was_stored_is_kept(server: PostgreSQLServer) -> None:
    """A real one: the tables lie on a disk of a few megabytes. Once there is room again, writing goes on."""
    url = server.fresh_url()
    with (
        small_disk(server) as (tablespace, ballast),
        closing(open_ledger(f"{url}%20-cdefault_tablespace%3D{tablespace}")) as ledger,
    ):
        batches = ({bytes([number]) * 32: random.Random(number).randbytes(2**18)} for number in range(100))
        with pytest.raises(LedgerError, match="The server's disk is full: free some of it and run the same command"):
            for batch in batches:
                ledger.write(batch, "large")
        stored = len(ledger)
        assert stored
        assert all(entry.sound for entries in ledger.entries() for entry in entries)
        ballast.unlink()
        ledger.write({KEY: b"outcome"})
        assert ledger.read([KEY]) == {KEY: b"outcome"}
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP TABLE outcomes, timings, tradespace")


def test_a_disk_quota_is_told_like_a_full_disk(server: PostgreSQLServer) -> None:
    """Also where no small disk can be mounted: the table refuses rows with the code of a full disk."""
    url = server.fresh_url()
    with closing(open_ledger(url)) as ledger:
        with psycopg.connect(url) as connection:
            connection.execute(FULL)
        with pytest.raises(LedgerError, match=r"quota reached.*The server's disk is full"):
            ledger.write({KEY: b"outcome"})


def test_what_a_full_server_could_not_take_is_kept_aside(server: PostgreSQLServer, tmp_path: Path) -> None:
    """All that was under way, and it fails once. When there is room again it is sent, with what was there before."""
    url, aside = server.fresh_url(), tmp_path / "unsent.sqlite"
    with closing(LedgerWithAside(open_ledger(url), aside)) as ledger:
        ledger.write({KEY: b"before"})
        with psycopg.connect(url) as connection:
            connection.execute(FULL)
        told = f"The server's disk is full.*What it could not take is kept in {re.escape(str(aside))}"
        with pytest.raises(LedgerError, match=told):
            ledger.write({b"l" * 32: b"paid for"}, "llm")
        ledger.write({b"m" * 32: b"under way"}, "llm")
        ledger.record([Timing("here", "w", "q", 0.1, {})])
        assert len(ledger) == 1
        with psycopg.connect(url) as connection:
            connection.execute("DROP TRIGGER full_disk ON outcomes")
        with closing(open_ledger(aside)) as kept:
            assert merge(ledger, kept) == Counts(outcomes=2, timings=1)
            assert merge(ledger, kept) == Counts()
        assert len(ledger) == 3


@contextmanager
def small_disk(server: PostgreSQLServer) -> Iterator[tuple[str, Path]]:
    """A tablespace of 8 megabytes, and a file that takes some of it; a test is skipped where none can be mounted."""
    folder, name = Path(tempfile.mkdtemp(prefix="tradespace-small-")), f"small_{os.getpid()}"
    mounting = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=777", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("this machine does not allow mounting a small disk")
    try:
        (folder / "data").mkdir()
        shutil.chown(folder / "data", "nobody")
        server.execute(f"CREATE TABLESPACE {name} LOCATION '{folder / 'data'}'")
        (folder / "ballast").write_bytes(bytes(2**21))
        yield name, folder / "ballast"
        server.execute(f"DROP TABLESPACE {name}")
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


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
        (
            psycopg.OperationalError("failed: FATAL: the database system is starting up"),
            "The server is ending or start",
        ),
        (psycopg.OperationalError("failed: fe_sendauth: no password supplied"), "Check the user and the password"),
        (psycopg.OperationalError('failed: FATAL: database "calls" does not exist'), "Make the database first"),
    ],
)
def test_each_kind_of_error_has_its_advice(error: psycopg.Error, advice: str) -> None:
    """By the server's code; what has none never reached a server."""
    assert advice in advice_on(error)
