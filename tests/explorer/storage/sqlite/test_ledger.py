"""What a ledger in an SQLite file does besides what every ledger must do."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tradespace.errors import LedgerError
from tradespace.explorer.storage.sqlite.ledger import SQLiteLedger
from tradespace.testing.ledger_contract import fill, key, samples_of, stored


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    """The message names the file and says what to do."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is not a database at all, not even remotely" * 100)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite.*damaged.*restore it"):
        SQLiteLedger(path)


def test_an_outcome_that_changed_on_the_disk_is_not_handed_out(tmp_path: Path) -> None:
    """A flipped byte inside a value breaks no structure; the checksum tells."""
    ledger = SQLiteLedger(tmp_path / "ledger.sqlite")
    ledger.write({key(1): b"an answer that is right"})
    ledger.close()
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b"that is right", b"that is wrong"))
    with pytest.raises(LedgerError, match=f"outcome of call {key(1).hex()}.*tradespace ledger repair {tmp_path}"):
        ledger.read([key(1)])


def test_all_that_is_stored_is_read_a_batch_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order it was stored in, whatever was deleted in between: memory is bounded."""
    monkeypatch.setattr("tradespace.explorer.storage.sqlite.ledger.ROWS_PER_BATCH", 3)
    with closing(SQLiteLedger(tmp_path / "ledger.sqlite")) as ledger:
        fill(ledger, list(range(10)))
        ledger.forget([key(4), key(5)])
        assert [entry.key for entry in stored(ledger)] == [key(n) for n in range(10) if n not in (4, 5)]
        assert [sample.question for sample in samples_of(ledger)] == [f"q{n}" for n in range(10)]
        assert {len(batch) for batch in ledger.entries()} == {3, 2}
