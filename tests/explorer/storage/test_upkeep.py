"""A ledger says what it holds, is checked, joined with another, and made smaller; nothing is counted twice."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradespace.components.corpus import Corpus
from tradespace.components.store import ArtefactStore
from tradespace.errors import LedgerError
from tradespace.explorer.storage.codec import encode
from tradespace.explorer.storage.ledger import Entry, Ledger, Timing, checksum_of
from tradespace.explorer.storage.upkeep import Counts, Share, contents, merge, verify
from tradespace.types import Answer, Passage, ScoredPassage

CORPUS = Corpus((Passage("p1", "d", "some text"),), ArtefactStore(Path()))


def key(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


def answers(numbers: range) -> dict[bytes, bytes]:
    return {key(n): encode(Answer(f"answer {n}", 1.0), CORPUS) for n in numbers}


def timings(ledger: Ledger) -> list[Timing]:
    return ledger.timings(["w1", "w2"])


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A sound ledger of two components and two hosts."""
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.write(answers(range(30)), "reader")
    ledger.write({key(-1): encode((ScoredPassage(CORPUS.passages[0], 1.0),), CORPUS)}, "bm25")
    ledger.record([Timing("here", "w1", f"q{n}", 0.1, {"load": 1.0}) for n in range(4)])
    ledger.record([Timing("there", "w1", "q0", 0.1, {})])
    return ledger


def test_contents_are_counted_by_component_and_by_host(ledger: Ledger) -> None:
    """The largest first; sizes are bytes of keys and values."""
    held = contents(ledger)
    stored = sum(len(key) + len(value) for key, value in answers(range(30)).items())
    assert held.outcomes[0] == Share("reader", 30, stored)
    assert (held.outcomes[1].name, held.outcomes[1].count) == ("bm25", 1)
    assert held.timings == (Share("here", 4), Share("there", 1))
    assert held.file_bytes > stored


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


numbers = st.lists(st.integers(0, 20), unique=True)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=numbers, theirs=numbers)
def test_merging_is_the_union_and_again_adds_nothing(ours: list[int], theirs: list[int], tmp_path_factory) -> None:
    """For outcomes and timings alike; the other ledger is left as it was."""
    folder = tmp_path_factory.mktemp("merge")
    into, source = (Ledger(folder / f"{name}.sqlite") for name in ("into", "source"))
    for ledger, has in ((into, ours), (source, theirs)):
        for n in has:
            ledger.write({key(n): b"%d" % n})
            ledger.record([Timing("here", f"w{n % 2 + 1}", f"q{n}", 0.1 * n, {})])
    new = [n for n in theirs if n not in ours]
    assert merge(into, source) == Counts(outcomes=len(new), timings=len(theirs))
    assert merge(into, source) == Counts()
    assert into.read(map(key, range(21))) == {key(n): b"%d" % n for n in {*ours, *theirs}}
    assert len(timings(into)) == len(ours) + len(theirs)
    assert len(source) == len(theirs)


def test_a_sample_that_both_ledgers_have_is_counted_once(ledger: Ledger, tmp_path: Path) -> None:
    """A copy of a study, timed further and merged back, adds what is new only."""
    copy = Ledger(tmp_path / "copy.sqlite")
    assert merge(copy, ledger) == Counts(outcomes=31, timings=5)
    copy.record([replace(timings(ledger)[0])])
    assert merge(ledger, copy) == Counts(timings=1)
    assert timings(ledger) == timings(copy)


def test_a_damaged_outcome_is_not_merged(ledger: Ledger, tmp_path: Path) -> None:
    """The message names the ledger that is damaged."""
    source = Ledger(tmp_path / "source.sqlite")
    source.add([Entry(key(99), b"jother", "", 0)])
    with pytest.raises(LedgerError, match=r"source\.sqlite is damaged"):
        merge(ledger, source)
    assert len(ledger) == 31
