"""A ledger is joined with another; nothing is counted twice, and nothing that is damaged gets in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tradespace.errors import LedgerError
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Counts, Entry
from tradespace.explorer.storage.upkeep import merge
from tradespace.testing.ledger_contract import fill, key, samples_of


def test_a_sample_that_both_ledgers_have_is_counted_once(tmp_path: Path) -> None:
    """A copy of a study, timed further and merged back, adds what is new only."""
    ledger, copy = open_ledger(tmp_path / "ledger.sqlite"), open_ledger(tmp_path / "copy.sqlite")
    fill(ledger, list(range(5)))
    assert merge(copy, ledger) == Counts(outcomes=5, timings=5)
    copy.record([replace(samples_of(ledger)[0].timing)])
    assert merge(ledger, copy) == Counts(timings=1)
    assert samples_of(ledger) == samples_of(copy)


def test_a_damaged_outcome_is_not_merged(tmp_path: Path) -> None:
    """The message names the ledger that is damaged."""
    ledger, source = open_ledger("memory://"), open_ledger(tmp_path / "source.sqlite")
    fill(ledger, [1])
    source.add([Entry(key(99), b"jother", "", 0)])
    with pytest.raises(LedgerError, match=r"source\.sqlite is damaged"):
        merge(ledger, source)
    assert len(ledger) == 1
