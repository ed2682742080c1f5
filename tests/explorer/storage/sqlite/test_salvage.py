"""What can still be read of a damaged ledger is saved."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.storage.test_verification import answers, key
from tradespace.errors import LedgerError
from tradespace.explorer.storage.entries import Counts, Timing
from tradespace.explorer.storage.sqlite.ledger import SQLiteLedger
from tradespace.explorer.storage.sqlite.salvage import readable
from tradespace.explorer.storage.verification import verify


def test_rows_are_read_in_batches_that_fit_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are."""
    monkeypatch.setattr("tradespace.explorer.storage.sqlite.salvage.ROWS_AT_ONCE", 7)
    batches = list(readable(lambda low, high: list(range(low, min(high, 100))), 0, 2**40))
    assert [row for rows in batches for row in rows] == list(range(100))
    assert max(map(len, batches)) <= 7


@given(damaged=st.sets(st.integers(0, 199), max_size=8), start=st.integers(0, 100))
def test_everything_but_the_damage_is_read_once_and_in_order(damaged: set[int], start: int) -> None:
    """A range that fails is halved until only what is damaged is left."""

    def read(low: int, high: int) -> list[int]:
        if any(low <= one < high for one in damaged):
            raise LedgerError("damaged")
        return list(range(low, high))

    found = [row for rows in readable(read, start, 200) for row in rows]
    assert found == [row for row in range(start, 200) if row not in damaged]


def make(path: Path) -> SQLiteLedger:
    ledger = SQLiteLedger(path)
    ledger.write(answers(range(3000)), "reader")
    ledger.record([Timing("here", "w1", f"q{n}", 0.1, {}) for n in range(300)])
    ledger.close()
    return ledger


TABLE, INDEX = 0x0D, 0x0A
"""How the pages of a table's rows and of an index begin (https://www.sqlite.org/fileformat2.html)."""


def destroy(path: Path, what: bytes, kind: int) -> None:
    """Overwrite the page of a kind that holds some bytes."""
    data, size = bytearray(path.read_bytes()), SQLiteLedger.page_bytes
    (at,) = (at for at in range(0, len(data), size) if data[at] == kind and what in data[at : at + size])
    data[at : at + size] = b"\xa5" * size
    path.write_bytes(data)


def test_a_destroyed_page_costs_its_own_outcomes(tmp_path: Path) -> None:
    """All others and every timing are saved, and the ledger is sound and in its place."""
    ledger = make(tmp_path / "ledger.sqlite")
    destroy(ledger.path, key(1500), TABLE)
    assert verify(ledger)
    saved, aside = ledger.repair()
    assert 2980 < saved.outcomes < 3000
    assert saved.timings == 300
    assert Path(aside).exists()
    with closing(SQLiteLedger(tmp_path / "ledger.sqlite")) as repaired:
        assert verify(repaired) == []
        expected = answers(range(3000))
        assert repaired.read(expected).items() <= expected.items()
        assert len(repaired) == saved.outcomes


def test_a_destroyed_page_of_the_index_costs_nothing(tmp_path: Path) -> None:
    """Outcomes are kept apart from the index of their keys."""
    ledger = make(tmp_path / "ledger.sqlite")
    in_a_leaf = next(n for n in range(3000) if in_an_index_leaf(ledger.path, key(n)))
    destroy(ledger.path, key(in_a_leaf), INDEX)
    assert verify(ledger)
    assert ledger.repair()[0] == Counts(outcomes=3000, timings=300)


def in_an_index_leaf(path: Path, what: bytes) -> bool:
    data, size = path.read_bytes(), SQLiteLedger.page_bytes
    return any(data[at] == INDEX and what in data[at : at + size] for at in range(0, len(data), size))


def test_a_destroyed_timing_costs_no_outcome(tmp_path: Path) -> None:
    """The two records are saved apart."""
    ledger = make(tmp_path / "ledger.sqlite")
    destroy(ledger.path, b"q150", TABLE)
    saved, _ = ledger.repair()
    assert saved.outcomes == 3000
    assert 250 < saved.timings < 300


def test_a_destroyed_last_page_costs_its_own_outcomes(tmp_path: Path) -> None:
    """Though how many rows there were can then not be asked."""
    ledger = make(tmp_path / "ledger.sqlite")
    destroy(ledger.path, list(ledger.entries())[-1][-1].key, TABLE)
    assert 2980 < ledger.repair()[0].outcomes < 3000


def test_a_flipped_byte_costs_one_outcome(tmp_path: Path) -> None:
    """Where the structure is whole, the checksum finds it."""
    ledger = make(tmp_path / "ledger.sqlite")
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b"answer 1500", b"answer 1501"))
    (fault,) = verify(ledger)
    assert key(1500).hex() in fault
    assert ledger.repair()[0] == Counts(outcomes=2999, timings=300)
    assert key(1500) not in ledger.read([key(1500)])


def test_a_sound_ledger_is_saved_whole(tmp_path: Path) -> None:
    """Outcomes that are in the journal only are saved too."""
    ledger = make(tmp_path / "ledger.sqlite")
    ledger.write(answers(range(3000, 3010)), "reader")
    assert ledger.repair()[0] == Counts(outcomes=3010, timings=300)


def test_a_repair_that_was_killed_can_be_started_again(tmp_path: Path) -> None:
    """What it left, a journal among it, does not get into the new ledger."""
    ledger = make(tmp_path / "ledger.sqlite")
    half_done = SQLiteLedger(tmp_path / "ledger.repaired.sqlite")
    half_done.write({key(-5): b"half done"})
    assert (tmp_path / "ledger.repaired.sqlite-wal").exists()
    assert ledger.repair()[0] == Counts(outcomes=3000, timings=300)
    assert not list(tmp_path.glob("ledger.repaired*"))


def test_a_destroyed_first_page_is_explained(tmp_path: Path) -> None:
    """Nothing can be read without it; the message says what is left to do."""
    ledger = make(tmp_path / "ledger.sqlite")
    with ledger.path.open("r+b") as file:
        file.write(b"\xa5" * 1024)
    with pytest.raises(LedgerError, match="restore it from a copy, or move it away"):
        SQLiteLedger(ledger.path)
