"""Where the contracts keep their storages: a file, or a schema on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.postgresql_server import shared_server
from tradespace.explorer.storage.base import Database
from tradespace.explorer.storage.databases import DATABASES
from tradespace.explorer.storage.postgresql import PostgreSQL
from tradespace.testing.storage_contract import StorageContract

EACH_DATABASE = [
    pytest.param(database, id=scheme, marks=[pytest.mark.postgresql] if scheme == PostgreSQL.scheme else [])
    for scheme, database in DATABASES.items()
]


class Placed(StorageContract):
    """A contract that also holds on a server."""

    def url(self, database: Database, folder: Path) -> str:
        return shared_server().fresh_url() if isinstance(database, PostgreSQL) else super().url(database, folder)

    @contextmanager
    def fresh_url(self, database: Database) -> Iterator[str]:
        if isinstance(database, PostgreSQL):
            yield shared_server().fresh_url()
        else:
            with super().fresh_url(database) as url:
                yield url
