"""A study's files are opened in one way, and say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text

from tradespace.errors import LedgerError
from tradespace.explorer.database import open_database, transaction

TABLES = MetaData()
NUMBERS = Table("numbers", TABLES, Column("number", Integer, primary_key=True))


def test_a_database_is_journalled_ahead(tmp_path: Path) -> None:
    """So that readers and one writer do not wait for each other, and a kill loses the open transaction only."""
    engine = open_database(tmp_path / "some.sqlite", TABLES)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"


def test_a_transaction_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    """An exception takes back what came before it."""
    path = tmp_path / "some.sqlite"
    engine = open_database(path, TABLES)
    with pytest.raises(ZeroDivisionError), transaction(engine, path) as connection:
        connection.execute(insert(NUMBERS).values(number=1))
        raise ZeroDivisionError
    with transaction(engine, path) as connection:
        assert connection.execute(select(NUMBERS)).all() == []


def test_a_folder_that_is_not_there_is_explained(tmp_path: Path) -> None:
    """The path is named, with what to check."""
    with pytest.raises(LedgerError, match=r"nowhere/some\.sqlite cannot be used.*folder can be written"):
        open_database(tmp_path / "nowhere" / "some.sqlite", TABLES)
