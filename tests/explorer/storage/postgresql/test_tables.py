"""The tables on a server: any text, their version, their indexes."""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.postgresql_server import PostgreSQLServer
from tradespace.errors import InputError, LedgerError
from tradespace.explorer.storage import postgresql
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Entry
from tradespace.explorer.storage.postgresql.texts import original, storable

pytestmark = pytest.mark.postgresql


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_kept(text: str) -> None:
    """Zeros too, which PostgreSQL has none of."""
    assert "\x00" not in storable(text)
    assert original(storable(text)) == text


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


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what installs it."""
    monkeypatch.setattr(postgresql, "missing", lambda modules: "needs psycopg, which is not installed: pip install x")
    with pytest.raises(InputError, match="a ledger in PostgreSQL needs psycopg, which is not installed: pip install x"):
        open_ledger("postgresql://127.0.0.1/postgres")


def test_many_keys_are_looked_up_by_their_index(server: PostgreSQLServer) -> None:
    """A scan of all rows would make a large ledger slow."""
    url = server.fresh_url()
    with closing(open_ledger(url)) as ledger, psycopg.connect(url) as connection:
        entries = [Entry(sha256(b"%d" % number).digest(), b"v", "", number) for number in range(20_000)]
        ledger.add(entries)
        ledger.compact()
        keys = [entry.key for entry in entries[::200]]
        plan = connection.execute("EXPLAIN SELECT value FROM outcomes WHERE key = ANY(%b)", [keys]).fetchall()
    assert "outcomes_key_key" in "\n".join(row[0] for row in plan)
