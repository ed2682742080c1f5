"""SQLite files are opened in one way, and say what is wrong with them."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, insert, select, text

from tests.processes import read_only
from tradespace.errors import LedgerError
from tradespace.explorer.storage.sqlite.file import SQLiteFile

TABLES = MetaData()
NUMBERS = Table("numbers", TABLES, Column("number", Integer, primary_key=True), Column("filling", LargeBinary))


class Numbers(SQLiteFile):
    """A database of numbers."""

    tables: ClassVar[MetaData] = TABLES
    advice: ClassVar[str] = "Mend {folder}"


def fill(database: SQLiteFile, count: int) -> None:
    with database.transaction() as connection:
        connection.execute(insert(NUMBERS), [{"number": n, "filling": bytes(1000)} for n in range(count)])


def test_a_database_is_journalled_ahead(tmp_path: Path) -> None:
    """So that readers and one writer do not wait for each other, and a kill loses the open transaction only."""
    with Numbers(tmp_path / "some.sqlite").transaction() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"


def test_a_file_that_another_process_is_about_to_write_is_waited_for(tmp_path: Path) -> None:
    """Two explorations may create it at the same moment; SQLite itself refuses to change the journal then."""
    path = tmp_path / "some.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            opened = pool.submit(Numbers, path)
            assert not wait([opened], timeout=0.3).done, "it is not refused"
            other.execute("COMMIT")
            fill(opened.result(), 10)


def test_a_transaction_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    """An exception takes back what came before it."""
    database = Numbers(tmp_path / "some.sqlite")
    with pytest.raises(ZeroDivisionError), database.transaction() as connection:
        connection.execute(insert(NUMBERS).values(number=1))
        raise ZeroDivisionError
    with database.transaction() as connection:
        assert connection.execute(select(NUMBERS)).all() == []


def test_a_folder_that_is_not_there_is_explained(tmp_path: Path) -> None:
    """The path is named, with what to check."""
    with pytest.raises(LedgerError, match=r"nowhere/some\.sqlite cannot be used.*folder can be written"):
        Numbers(tmp_path / "nowhere" / "some.sqlite")


def test_a_closed_database_is_one_file(tmp_path: Path) -> None:
    """Its journal was copied into it, so that the file can be moved alone; it opens again when it is used."""
    database = Numbers(tmp_path / "some.sqlite")
    fill(database, 10)
    database.close()
    assert [file.name for file in tmp_path.iterdir()] == ["some.sqlite"]
    with database.transaction() as connection:
        assert len(connection.execute(select(NUMBERS)).all()) == 10


def test_what_was_removed_gives_its_room_back(tmp_path: Path) -> None:
    """`compact` shrinks the file."""
    database = Numbers(tmp_path / "some.sqlite")
    fill(database, 1000)
    with database.transaction() as connection:
        connection.execute(NUMBERS.delete())
    database.compact()
    assert database.path.stat().st_size < 100_000


def test_a_damaged_page_is_found_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    """The structure is checked, and a query that touches the page names the file and the remedy."""
    database = Numbers(tmp_path / "some.sqlite")
    fill(database, 1000)
    assert database.faults() == []
    database.close()
    with database.path.open("r+b") as file:
        file.seek(database.path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096)
    assert database.faults()
    with pytest.raises(LedgerError, match=rf"some\.sqlite is damaged: .*malformed. Mend {tmp_path}"):
        fill_in_vain(database)


def fill_in_vain(database: SQLiteFile) -> None:
    """Touch every page."""
    with database.transaction() as connection:
        connection.execute(select(NUMBERS)).all()


KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import insert
from tests.explorer.storage.sqlite.test_file import NUMBERS, Numbers

database = Numbers(Path(sys.argv[1]))
with database.transaction() as connection:
    connection.execute(insert(NUMBERS).values(number=1))
with database.transaction() as connection:
    connection.execute(insert(NUMBERS).values(number=2))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def numbers(path: Path) -> list[int]:
    return stored(Numbers(path))


def stored(database: SQLiteFile) -> list[int]:
    with database.transaction() as connection:
        return list(connection.execute(select(NUMBERS.c.number)).scalars())


def kill_a_writer(path: Path) -> None:
    """Leave one number in the journal, and another in a transaction that was never finished."""
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, path], check=False)
    assert killed.returncode == -signal.SIGKILL


@pytest.mark.crash
def test_what_a_killed_writer_holds_is_free_again(tmp_path: Path) -> None:
    """Its finished transactions are there, its open one is not, and the next one writes at once."""
    kill_a_writer(tmp_path / "some.sqlite")
    assert numbers(tmp_path / "some.sqlite") == [1]
    database = Numbers(tmp_path / "some.sqlite")
    with database.transaction() as connection:
        connection.execute(insert(NUMBERS).values(number=2))
    assert numbers(tmp_path / "some.sqlite") == [1, 2]


@pytest.mark.crash
@pytest.mark.parametrize("lost", [[], ["-shm"]], ids=["journal and index", "journal alone"])
def test_a_journal_that_a_killed_writer_left_is_read_where_nothing_can_be_written(
    lost: list[str], tmp_path: Path
) -> None:
    """Whether or not its index was copied with it, what stands in the journal alone counts."""
    kill_a_writer(tmp_path / "some.sqlite")
    for suffix in lost:
        (tmp_path / f"some.sqlite{suffix}").unlink()
    with read_only(tmp_path):
        assert numbers(tmp_path / "some.sqlite") == [1]


def test_a_closed_file_is_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    """Nothing is made beside it, and writing says what to check."""
    folder = tmp_path / "name with % and ? and #"
    folder.mkdir()
    database = Numbers(folder / "some.sqlite")
    assert database.writable
    fill(database, 3)
    database.close()
    with read_only(folder):
        assert numbers(folder / "some.sqlite") == [0, 1, 2]
        assert Numbers(folder / "some.sqlite").faults() == []
        assert not Numbers(folder / "some.sqlite").writable
        with pytest.raises(LedgerError, match=r"cannot be used: .*readonly.*folder can be written"):
            fill(Numbers(folder / "some.sqlite"), 1)
    assert [file.name for file in folder.iterdir()] == ["some.sqlite"]


def test_a_file_that_is_not_there_is_empty_where_none_can_be_made(tmp_path: Path) -> None:
    """Nothing was stored yet."""
    with read_only(tmp_path):
        assert numbers(tmp_path / "some.sqlite") == []


def test_nothing_is_written_to_a_file_that_is_not_there_and_cannot_be_made(tmp_path: Path) -> None:
    """Nor to memory instead, where it would be lost; and any thread may read that it is empty."""
    with read_only(tmp_path):
        absent = Numbers(tmp_path / "some.sqlite")
        with pytest.raises(LedgerError, match=r"cannot be used: .*readonly.*folder can be written"):
            fill(absent, 1)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(stored, absent).result() == []
