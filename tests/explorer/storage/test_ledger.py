"""The ledger keeps outcomes once and timings as samples."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import MonkeyPatch

from tradespace.errors import LedgerError
from tradespace.explorer.storage.ledger import KEYS_PER_QUERY, Ledger, Timing


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def test_outcomes_are_read_back_by_key_and_unknown_keys_are_left_out(tmp_path: Path) -> None:
    """More keys than one query may hold are no obstacle."""
    ledger = Ledger(tmp_path / "ledger.sqlite")
    outcomes = {key(n): b"%d" % n for n in range(2 * KEYS_PER_QUERY + 7)}
    ledger.write(outcomes)
    assert ledger.read([*outcomes, key(10**6)]) == outcomes


def test_the_first_outcome_of_a_call_stays(tmp_path: Path) -> None:
    """An outcome is stored once; a second one does not replace it."""
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.write({key(1): b"first"})
    ledger.write({key(1): b"second", key(2): b"other"})
    assert ledger.read([key(1), key(2)]) == {key(1): b"first", key(2): b"other"}
    assert len(ledger) == 2


def test_a_ledger_that_was_closed_is_still_there(tmp_path: Path) -> None:
    """What was written is on disk when `write` returns."""
    Ledger(tmp_path / "ledger.sqlite").write({key(1): b"kept"})
    assert Ledger(tmp_path / "ledger.sqlite").read([key(1)]) == {key(1): b"kept"}


def test_timings_are_samples_told_apart_by_host_and_work(tmp_path: Path) -> None:
    """Samples of the same work add up; those of another host never mix in."""
    ledger = Ledger(tmp_path / "ledger.sqlite")
    here = [Timing("here", "w", "q1", 0.1, {}), Timing("here", "w", "q1", 0.3, {"load": 1.5})]
    there, other = Timing("there", "w", "q1", 9.0, {}), Timing("here", "v", "q1", 5.0, {})
    ledger.record([*here, there, other])
    assert ledger.timings(["w"], "here") == here
    assert ledger.timings(["w"]) == [*here, there]
    assert ledger.timings(["w", "v", "w", "unknown"], "here") == [*here, other]


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    """The message names the file and says what to do."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is not a database at all, not even remotely" * 100)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite.*damaged.*restore it"):
        Ledger(path)


def test_an_outcome_that_changed_on_the_disk_is_not_handed_out(tmp_path: Path) -> None:
    """A flipped byte inside a value breaks no structure; the checksum tells."""
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.write({key(1): b"an answer that is right"})
    ledger.close()
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b"that is right", b"that is wrong"))
    with pytest.raises(LedgerError, match=f"outcome of call {key(1).hex()}.*tradespace ledger repair {tmp_path}"):
        ledger.read([key(1)])


@given(keys=st.lists(st.binary(min_size=32, max_size=32), unique=True))
@settings(max_examples=50)
def test_entries_come_in_the_order_they_were_stored(keys: list[bytes]) -> None:
    """All of them, a batch at a time, as they were stored."""
    with TemporaryDirectory() as folder, closing(Ledger(Path(folder) / "ledger.sqlite")) as ledger:
        for one in keys:
            ledger.write({one: one[:5]}, "reader")
        with MonkeyPatch.context() as patch:
            patch.setattr("tradespace.explorer.storage.ledger.ENTRIES_PER_BATCH", 3)
            found = [entry for batch in ledger.entries() for entry in batch]
    assert [entry.key for entry in found] == keys
    assert all(entry.sound and entry.value == entry.key[:5] and entry.component == "reader" for entry in found)


def test_adding_says_how_many_are_new(tmp_path: Path) -> None:
    """Entries of another ledger that are here already are not counted."""
    one, other = Ledger(tmp_path / "one.sqlite"), Ledger(tmp_path / "other.sqlite")
    one.write({key(n): b"one" for n in range(5)})
    other.write({key(n): b"other" for n in range(3, 10)})
    (entries,) = other.entries()
    assert one.add(entries) == 5
    assert one.read([key(4), key(5)]) == {key(4): b"one", key(5): b"other"}
