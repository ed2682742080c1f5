"""The ledger keeps outcomes once and timings as samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.errors import LedgerError
from tradespace.explorer.ledger import KEYS_PER_QUERY, Ledger, Timing


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
