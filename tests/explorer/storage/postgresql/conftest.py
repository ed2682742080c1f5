"""A real server, and an empty ledger on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.postgresql_server import PostgreSQLServer, fragile_server, shared_server
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.databases import open_ledger


@pytest.fixture
def server() -> PostgreSQLServer:
    """The one that all tests share."""
    return shared_server()


@pytest.fixture
def ledger(server: PostgreSQLServer) -> Iterator[Ledger]:
    """A ledger that holds nothing yet."""
    with closing(open_ledger(server.fresh_url())) as ledger:
        yield ledger


@pytest.fixture
def fragile() -> PostgreSQLServer:
    """The one that tests may stop; it runs when a test begins."""
    return fragile_server()
