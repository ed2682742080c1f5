"""A ledger is checked, and what is wrong with it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.store import ArtefactStore
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.codec import encode
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Entry, Timing, checksum_of
from tradespace.explorer.storage.verification import verify
from tradespace.testing.ledger_contract import key
from tradespace.types import Answer, Passage, ScoredPassage

CORPUS = Corpus((Passage("p1", "d", "some text"),), ArtefactStore(Path()))


def answers(numbers: range) -> dict[bytes, bytes]:
    return {key(n): encode(Answer(f"answer {n}", 1.0), CORPUS) for n in numbers}


@pytest.fixture
def ledger() -> Ledger:
    """A sound ledger of two components and two hosts."""
    ledger = open_ledger("memory://")
    ledger.write(answers(range(30)), "reader")
    ledger.write({key(-1): encode((ScoredPassage(CORPUS.passages[0], 1.0),), CORPUS)}, "bm25")
    ledger.record([Timing("here", "w1", f"q{n}", 0.1, {"load": 1.0}) for n in range(4)])
    ledger.record([Timing("there", "w1", "q0", 0.1, {})])
    return ledger


def test_a_sound_ledger_has_no_faults(ledger: Ledger) -> None:
    """Rankings can be decoded without the corpus that they come from."""
    assert verify(ledger) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (Entry(b"short", b"j{}", "", checksum_of(b"short", b"j{}")), "5 bytes instead of 32"),
        (Entry(key(99), b"jother", "", 0), "not what was stored"),
        (Entry(key(99), b"jno JSON", "", checksum_of(key(99), b"jno JSON")), "cannot be decoded"),
        (Entry(key(99), b"zno zlib", "", checksum_of(key(99), b"zno zlib")), "cannot be decoded"),
        (Entry(key(99), b'j{"what": 1}', "", checksum_of(key(99), b'j{"what": 1}')), "cannot be decoded"),
    ],
)
def test_an_outcome_that_is_wrong_is_named(ledger: Ledger, entry: Entry, fault: str) -> None:
    """By its key, with what is wrong."""
    ledger.add([entry])
    (found,) = verify(ledger)
    assert entry.key.hex() in found
    assert fault in found


def test_many_wrong_outcomes_are_counted(ledger: Ledger) -> None:
    """A few are named."""
    ledger.add([Entry(key(n), b"j", "", 0) for n in range(100, 120)])
    assert verify(ledger)[-1] == "and 15 more outcomes"
