"""Who may do what: passwords, and the accounts of a team."""

from __future__ import annotations

import os
import re
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from tests.postgresql_server import WITH_PASSWORD, PostgreSQLServer
from tradespace.errors import LedgerError
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Timing

pytestmark = pytest.mark.postgresql
KEY = b"k" * 32
TEAM = Path(__file__).parents[4] / "docs" / "ledger.md"
PASSWORD = "open:sesame/7 today"
"""With characters that must be escaped in a URL."""


def with_password(server: PostgreSQLServer, password: str = PASSWORD) -> str:
    """The URL of an account that is asked for a password, on a schema where it may do all."""
    server.role(WITH_PASSWORD, PASSWORD)
    url = server.fresh_url(f"{WITH_PASSWORD}:{quote(password, safe='')}" if password else WITH_PASSWORD)
    server.execute(f"GRANT ALL ON SCHEMA {url.rpartition('%3D')[2]} TO {WITH_PASSWORD}")
    return url


def test_a_password_opens_the_ledger_and_is_in_no_message(server: PostgreSQLServer) -> None:
    """Neither in what the ledger says of itself, nor in what it raises."""
    with closing(open_ledger(with_password(server))) as ledger:
        ledger.write({KEY: b"outcome"})
        assert ledger.where == f"postgresql://{WITH_PASSWORD}@127.0.0.1:{server.port}/postgres"
        assert PASSWORD not in repr(ledger)


@pytest.mark.parametrize("password", ["another sesame", ""], ids=["wrong", "none"])
def test_a_wrong_password_is_told(server: PostgreSQLServer, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once, with where one is looked for."""
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    with pytest.raises(LedgerError, match="Check the user and the password: in PGPASSWORD") as raised:
        open_ledger(with_password(server, password))
    assert not password or password not in str(raised.value)


def test_the_documented_accounts_may_do_what_the_page_says(server: PostgreSQLServer) -> None:
    """The keeper makes the tables, a writer writes and removes nothing, a reader reads. Before the tables are made, a
    writer is told who makes them."""
    names = {name: f"{name}_{os.getpid()}" for name in ("keeper", "writer", "reader", "calls")}
    make, grant = (
        re.sub(r"\b(keeper|writer|reader|calls)\b", lambda found: names[found[0]], re.sub("--.*", "", block))
        for block in re.findall(r"```sql\n(.*?)```", TEAM.read_text(encoding="utf-8"), re.DOTALL)
    )
    server.execute(*filter(str.strip, make.split(";")))
    urls = {name: server.url(names[name], names["calls"]) for name in ("keeper", "writer", "reader")}
    with psycopg.connect(urls["keeper"]) as connection:
        connection.execute(grant)
    with pytest.raises(LedgerError, match="has no tables of Tradespace yet, and this account may not make them"):
        open_ledger(urls["writer"])
    with closing(open_ledger(urls["keeper"])) as keeper, closing(open_ledger(urls["writer"])) as writer:
        writer.write({KEY: b"outcome"}, "reader")
        writer.record([Timing("here", "w", "q", 0.1, {})])
        for remove in (lambda: writer.forget_components(["reader"]), lambda: writer.forget([KEY])):
            with pytest.raises(LedgerError, match="This account may not do that"):
                remove()
        with closing(open_ledger(urls["reader"])) as reader:
            assert reader.read([KEY]) == {KEY: b"outcome"}
            assert reader.faults() == []
            assert [each.writable for each in (keeper, writer, reader)] == [True, True, False]
            with pytest.raises(LedgerError, match="This account may not do that: use one that may write"):
                reader.write({b"l" * 32: b"outcome"})
        assert keeper.forget_components(["reader"]) == 1
        keeper.compact()


@pytest.mark.parametrize("setting", ["default_transaction_read_only=on"])
def test_a_server_that_takes_no_writes_is_known(server: PostgreSQLServer, setting: str) -> None:
    """As a standby, or an account that is set so."""
    url = server.fresh_url()
    open_ledger(url).close()
    with closing(open_ledger(f"{url}%20-c{quote(setting)}")) as ledger:
        assert not ledger.writable
        with pytest.raises(LedgerError, match="The server takes no writes now"):
            ledger.write({KEY: b"outcome"})
