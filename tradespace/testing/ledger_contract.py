"""What holds for a ledger in every database (see `tradespace.explorer.storage.base`)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.errors import LedgerError
from tradespace.explorer.storage.base import Database, Ledger
from tradespace.explorer.storage.entries import Counts, Entry, Sample, Share, Timing, checksum_of
from tradespace.explorer.storage.in_memory import InMemoryLedger
from tradespace.explorer.storage.upkeep import merge
from tradespace.explorer.storage.verification import verify
from tradespace.testing.storage_contract import (
    DRAWN_EXAMPLES,
    WRITERS,
    StorageContract,
    in_processes,
    in_threads,
    results_of,
    started,
)

MANY = 2007
"""Keys that are asked for at once."""
BATCH, BATCHES, KILLS = 50, 10, 5

_keys = st.binary(min_size=32, max_size=32)
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_outcomes = st.dictionaries(_keys, st.binary(max_size=300), max_size=20)
_timings = st.builds(
    Timing,
    host=_texts,
    work=_texts,
    question=_texts,
    seconds=st.floats(0, 1e6),
    conditions=st.dictionaries(_texts, st.integers(-9, 9) | st.floats(-9, 9) | _texts, max_size=3),
)
_numbers = st.lists(st.integers(0, 20), unique=True)


def key(number: int) -> bytes:
    """The key of a call."""
    return sha256(b"%d" % number).digest()


def batch_of(number: int, writer: str = "") -> dict[bytes, bytes]:
    """Outcomes that are written together."""
    return {key(n): f"{n} {writer}".encode() for n in range(number * BATCH, (number + 1) * BATCH)}


def timing(work: str, number: int, host: str = "here") -> Timing:
    """A sample; each number has its own question and seconds."""
    return Timing(host, work, f"q{number}", 0.1 * number, {"load": 1.5})


def stored(ledger: Ledger) -> list[Entry]:
    """All outcomes."""
    return [entry for entries in ledger.entries() for entry in entries]


def samples_of(ledger: Ledger) -> list[Sample]:
    """All samples."""
    return [sample for batch in ledger.samples() for sample in batch]


def fill(ledger: Ledger, numbers: list[int]) -> None:
    """Store an outcome and a timing of each number."""
    for number in numbers:
        ledger.write({key(number): b"%d" % number})
        ledger.record([timing(f"w{number % 2}", number)])


def write_together(ledger: Ledger, writer: int) -> int:
    """Write the outcomes that others write too, and samples of one's own; return how many outcomes were new."""
    added = 0
    for number in range(BATCHES):
        batch = batch_of(number, f"by {writer}")
        added += ledger.add([Entry(key, value, "", checksum_of(key, value)) for key, value in batch.items()])
        ledger.record([timing(f"w{writer}", number)])
        assert ledger.read(batch).keys() == batch.keys()
    return added


class LedgerContract(StorageContract):
    """Inherit it; parametrize `database`."""

    @pytest.fixture
    def url_of_ledger(self, database: Database, tmp_path: Path) -> str:
        """Where the ledger of a test is kept."""
        return self.url(database, tmp_path)

    @pytest.fixture
    def ledger(self, database: Database, url_of_ledger: str) -> Iterator[Ledger]:
        """A ledger that holds nothing yet."""
        with closing(database.ledger(url_of_ledger)) as ledger:
            yield ledger

    def test_outcomes_are_read_back_by_key_and_unknown_keys_are_left_out(self, ledger: Ledger) -> None:
        """However many are asked for at once."""
        outcomes = {key(n): b"%d" % n for n in range(MANY)}
        ledger.write(outcomes)
        assert ledger.read([*outcomes, key(-1), key(0)]) == outcomes
        assert ledger.read([]) == {}
        assert len(ledger) == MANY

    def test_whether_there_is_any_outcome_is_known(self, ledger: Ledger) -> None:
        """Without counting them; timings are none. What can be stored is said beforehand."""
        assert ledger.writable
        ledger.record([timing("w", 1)])
        assert not ledger
        ledger.write({key(1): b"outcome"})
        assert ledger

    def test_the_first_outcome_of_a_call_stays(self, ledger: Ledger) -> None:
        """A second one does not replace it, and is not counted as new."""
        ledger.write({key(1): b"first"}, "reader")
        ledger.write({key(1): b"second", key(2): b"other"}, "another reader")
        assert ledger.read([key(1), key(2)]) == {key(1): b"first", key(2): b"other"}
        assert [entry.component for entry in stored(ledger)] == ["reader", "another reader"]
        assert ledger.add([Entry(key(n), b"third", "", checksum_of(key(n), b"third")) for n in (1, 2, 3)]) == 1

    @settings(max_examples=DRAWN_EXAMPLES)
    @given(outcomes=_outcomes, component=_texts)
    def test_outcomes_come_back_as_they_were_stored(
        self, database: Database, outcomes: dict[bytes, bytes], component: str
    ) -> None:
        """Whatever bytes they are, by key or all of them, in the order they were stored."""
        with self.fresh_url(database) as url, closing(database.ledger(url)) as ledger:
            for each, value in outcomes.items():
                ledger.write({each: value}, component)
            assert ledger.read(outcomes) == outcomes
            assert [(entry.key, entry.value, entry.component) for entry in stored(ledger)] == [
                (each, value, component) for each, value in outcomes.items()
            ]
            assert all(entry.sound for entry in stored(ledger))

    @settings(max_examples=DRAWN_EXAMPLES)
    @given(timings=st.lists(_timings, max_size=10))
    def test_timings_come_back_as_they_were_recorded(self, database: Database, timings: list[Timing]) -> None:
        """Floats exact, any text, in the order they were recorded; equal ones are as many samples."""
        with self.fresh_url(database) as url, closing(database.ledger(url)) as ledger:
            for one in timings:
                ledger.record([one])
            assert ledger.timings({one.work for one in timings}) == timings
            assert [sample.timing for sample in samples_of(ledger)] == timings

    def test_timings_are_told_apart_by_host_and_work(self, ledger: Ledger) -> None:
        """Samples of the same work add up; those of another host never mix in."""
        here, there, other = [timing("w", 1), timing("w", 2)], timing("w", 1, "there"), timing("v", 1)
        ledger.record([*here, there, other])
        ledger.record([])
        assert ledger.timings(["w"], "here") == here
        assert ledger.timings(["w"]) == [*here, there]
        assert ledger.timings(["w", "v", "w", "unknown"], "here") == [*here, other]
        assert ledger.timings([]) == []

    def test_an_outcome_that_was_changed_is_not_handed_out(self, ledger: Ledger) -> None:
        """It is named, with what to do; the others are read as ever, and whoever looks after the ledger sees it."""
        ledger.write({key(1): b"right"})
        ledger.add([Entry(key(2), b"changed", "reader", checksum_of(key(2), b"as it was"))])
        with pytest.raises(LedgerError) as raised:
            ledger.read([key(1), key(2)])
        assert f"the outcome of call {key(2).hex()} is not what was stored. {ledger.rescue}" in str(raised.value)
        assert ledger.where in str(raised.value)
        assert ledger.read([key(1)]) == {key(1): b"right"}
        assert {entry.key: entry.sound for entry in stored(ledger)} == {key(1): True, key(2): False}
        assert any(key(2).hex() in fault for fault in verify(ledger))

    def test_a_storage_that_nothing_happened_to_has_no_faults(self, ledger: Ledger) -> None:
        """Compacting it or closing it loses nothing: it opens again when it is used."""
        fill(ledger, [1, 2])
        ledger.compact()
        ledger.close()
        assert ledger.faults() == []
        assert (len(ledger), len(samples_of(ledger))) == (2, 2)

    def test_calls_that_are_forgotten_are_made_again(self, ledger: Ledger) -> None:
        """Their outcomes and what they took go; the others stay."""
        calls = [key(n) for n in range(MANY)]
        ledger.write({**dict.fromkeys(calls, b"forgotten"), key(-1): b"kept"})
        ledger.record([timing(calls[-1].hex(), 1), timing(key(-1).hex(), 2)])
        ledger.forget(calls)
        assert ledger.read([*calls, key(-1)]) == {key(-1): b"kept"}
        assert samples_of(ledger)[0].timing == timing(key(-1).hex(), 2)
        ledger.write({calls[0]: b"made again"})
        assert ledger.read(calls) == {calls[0]: b"made again"}

    def test_components_and_hosts_are_forgotten_by_name(self, ledger: Ledger) -> None:
        """How many outcomes or samples there were is counted."""
        for number, component in enumerate(["reader", "reader", "bm25"]):
            ledger.write({key(number): b"outcome"}, component)
        ledger.record([timing("w", n, host) for n, host in enumerate(["here", "here", "there"])])
        assert ledger.forget_components(["reader", "unknown"]) == 2
        assert ledger.forget_hosts(["there"]) == 1
        assert ledger.forget_components([]) == ledger.forget_hosts([]) == 0
        assert [entry.component for entry in stored(ledger)] == ["bm25"]
        assert [sample.host for sample in samples_of(ledger)] == ["here", "here"]

    def test_contents_are_counted_by_component_and_by_host(self, ledger: Ledger) -> None:
        """The largest first; sizes are bytes of keys and values."""
        assert (ledger.contents().outcomes, ledger.contents().timings) == ((), ())
        ledger.write({key(1): b"short"}, "bm25")
        ledger.write({key(2): b"long" * 100, key(3): b""}, "reader")
        ledger.record([timing("w", n, host) for n, host in enumerate(["here", "there", "there"])])
        held = ledger.contents()
        assert held.outcomes == (Share("reader", 2, 464), Share("bm25", 1, 37))
        assert held.timings == (Share("there", 2), Share("here", 1))
        assert held.stored_bytes >= 464 + 37

    @settings(max_examples=DRAWN_EXAMPLES)
    @given(ours=_numbers, theirs=_numbers)
    def test_merging_is_the_union_and_again_adds_nothing(
        self, database: Database, ours: list[int], theirs: list[int]
    ) -> None:
        """From another database and back; what is merged is left as it was."""
        source = InMemoryLedger()
        with self.fresh_url(database) as url, closing(database.ledger(url)) as into:
            fill(into, ours)
            fill(source, theirs)
            before = stored(source), samples_of(source)
            new = len({*theirs} - {*ours})
            assert merge(into, source) == Counts(outcomes=new, timings=len(theirs))
            assert merge(into, source) == Counts()
            assert (stored(source), samples_of(source)) == before
            assert merge(source, into) == Counts(outcomes=len({*ours} - {*theirs}), timings=len(ours))
            assert {*stored(source)} == {*stored(into)}
            assert {*samples_of(source)} == {*samples_of(into)}
            assert len(samples_of(into)) == len(ours) + len(theirs)

    def test_a_ledger_is_opened_again_where_it_was_kept(
        self, database: Database, url_of_ledger: str, ledger: Ledger
    ) -> None:
        """What was written counts at once for others; a database that is not persistent opens an empty one."""
        fill(ledger, [1])
        with closing(database.ledger(url_of_ledger)) as again:
            assert (len(again), len(samples_of(again))) == ((1, 1) if database.persistent else (0, 0))

    def test_threads_that_write_at_once_store_each_outcome_once(self, ledger: Ledger) -> None:
        """They share the ledger; whoever came first with an outcome keeps it, and no timing is lost."""
        added = in_threads(lambda writer: write_together(ledger, writer))
        self._require_each_once(ledger, added)

    def test_processes_that_write_at_once_store_each_outcome_once(self, database: Database, url_of_ledger: str) -> None:
        """They open a ledger that is not there yet at the same moment."""
        if not database.persistent:
            pytest.skip("other processes cannot open it")

        def work(writer: int) -> int:
            with closing(database.ledger(url_of_ledger)) as ledger:
                return write_together(ledger, writer)

        added = in_processes(work)
        with closing(database.ledger(url_of_ledger)) as ledger:
            self._require_each_once(ledger, added)

    def _require_each_once(self, ledger: Ledger, added: list[int]) -> None:
        assert sum(added) == len(ledger) == BATCHES * BATCH
        assert ledger.faults() == []
        assert len(ledger.timings([f"w{writer}" for writer in range(WRITERS)])) == BATCHES * WRITERS
        for number in range(BATCHES):
            writers = {value.partition(b" by ")[2] for value in ledger.read(batch_of(number)).values()}
            assert len(writers) == 1, "a batch is stored whole: all of it came first"

    def test_no_reader_sees_half_of_what_is_written(self, ledger: Ledger) -> None:
        """However many outcomes are read at once, while others write them."""
        rounds = [{key(n): b"%d" % n for n in range(first, first + MANY)} for first in range(0, 4 * MANY, MANY)]

        def work(writer: int) -> set[int]:
            if writer:
                return {len(ledger.read(outcomes)) for _ in range(5) for outcomes in rounds}
            for outcomes in rounds:
                ledger.write(outcomes)
            return set()

        assert set().union(*in_threads(work)) <= {0, MANY}

    def test_a_writer_that_is_killed_loses_at_most_what_it_was_writing(
        self, database: Database, url_of_ledger: str
    ) -> None:
        """Every batch that was said to be stored is there, and the one in flight is there whole or not at all."""
        if not database.persistent:
            pytest.skip("it ends with its process")

        def write_on(pipe: Connection, first: int) -> None:
            ledger = database.ledger(url_of_ledger)
            for number in range(first, 10**6):
                ledger.write(batch_of(number))
                pipe.send(number)

        following = 0
        for kill in range(KILLS):
            process, pipe = started(write_on, following)
            following = pipe.recv() + 1
            time.sleep(0.02 * kill)
            process.kill()
            following = max([following - 1, *results_of(process, pipe)]) + 1
            with closing(database.ledger(url_of_ledger)) as ledger:
                assert all(len(ledger.read(batch_of(number))) == BATCH for number in range(following))
                in_flight = len(ledger.read(batch_of(following)))
                assert in_flight in (0, BATCH)
                assert len(ledger) == following * BATCH + in_flight
                assert ledger.faults() == []
