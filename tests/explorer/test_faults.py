"""Kills, full disks, raising components and several processes: what was paid for is kept, and counted once."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.explorer.conftest import LastWord, Overlap
from tests.explorer.test_crash import start, write_space
from tests.soak import repetitions
from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.store import ArtefactStore
from tradespace.errors import LedgerError
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.codec import encode
from tradespace.explorer.storage.sqlite import file
from tradespace.explorer.storage.sqlite.ledger import SQLiteLedger
from tradespace.explorer.storage.study import StudyFolder
from tradespace.explorer.storage.verification import verify
from tradespace.types import Answer, Outcome, Request

FORK: Any = multiprocessing.get_context("fork")  # a child that starts in milliseconds: nothing is imported again
KILLS = repetitions(100, 1000)
BATCH = 50
pytestmark = pytest.mark.crash


def outcomes(first: int) -> dict[bytes, bytes]:
    """A batch of outcomes that can be decoded."""
    corpus = Corpus((), ArtefactStore(Path()))
    numbers = range(first, first + BATCH)
    return {sha256(b"%d" % n).digest(): encode(Answer(f"answer {n}", 1.0), corpus) for n in numbers}


def write_on(path: Path, batch: int, done: Connection) -> None:
    """Write batch after batch, and say of each that it is stored, until killed or until the disk is full."""
    ledger = SQLiteLedger(path)
    try:
        while True:
            ledger.write(outcomes(batch * BATCH))
            done.send(batch)
            batch += 1
    except LedgerError as error:
        done.send(str(error))


def said(child: Connection) -> list[Any]:
    """Everything that a child has said."""
    heard = []
    while child.poll():
        try:
            heard.append(child.recv())
        except EOFError:
            break
    return heard


def batches_stored(path: Path, batches: range) -> list[int]:
    """Those of the batches that are stored; none may be there in part."""
    with closing(SQLiteLedger(path)) as ledger:
        counts = {batch: len(ledger.read(outcomes(batch * BATCH))) for batch in batches}
    assert set(counts.values()) <= {0, BATCH}
    return [batch for batch, count in counts.items() if count]


def test_a_writer_killed_a_hundred_times_loses_the_open_transaction_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kill -9` at random moments, also while the file is made and while the journal is copied into it: every batch
    that was said to be stored is, the one in flight is there whole or not at all, and the file is sound.
    """
    monkeypatch.setattr(file, "CHECKPOINT_BYTES", 2**17)
    path, generator, following = tmp_path / "ledger.sqlite", random.Random(11), 0
    for _ in range(KILLS):
        parent, child = FORK.Pipe(duplex=False)
        process = FORK.Process(target=write_on, args=(path, following, child))
        process.start()
        time.sleep(generator.uniform(0.0, 0.12))
        process.kill()
        process.join()
        child.close()
        stored = said(parent)
        in_flight = following + len(stored)
        found = batches_stored(path, range(following, in_flight + 1))
        assert found in (stored, [*stored, in_flight])
        following += len(found)
    with closing(SQLiteLedger(path)) as ledger:
        assert len(ledger) == following * BATCH > KILLS
        assert verify(ledger) == []


def test_a_second_exploration_of_a_study_is_turned_away(tmp_path: Path) -> None:
    """It says why and changes nothing; when the first is killed, the study can be explored again at once."""
    space, folder = write_space(tmp_path), tmp_path / "study"
    first = start(space, folder)
    try:
        while not StudyFolder(folder).exists:
            assert first.poll() is None
            time.sleep(0.02)
        first.send_signal(signal.SIGSTOP)  # or it may be done before the second has begun
        second = start(space, folder)
        assert second.wait(timeout=300) == 1
        assert "is being explored by another process" in second.communicate()[0]
    finally:
        first.kill()
        first.wait()
    with StudyFolder(folder).lock():
        assert verify(StudyFolder(folder).ledger) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a disk of a given size in memory; called again, it gives it another size."""
    disk = tmp_path / "disk"
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk takes root")

    def resize(size: str) -> Path:
        again = "remount," if disk.is_mount() else ""
        disk.mkdir(exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"{again}size={size}", "tmpfs", disk], check=False).returncode:
            pytest.skip("this machine does not allow mounting")
        return disk

    yield resize
    subprocess.run(["umount", "-l", disk], check=False)


def test_a_full_disk_loses_nothing_that_was_stored(small_disk: Callable[[str], Path]) -> None:
    """The message says what to do; what was stored can be read while the disk is full; with room it goes on."""
    path = small_disk("1m") / "ledger.sqlite"
    parent, child = FORK.Pipe(duplex=False)
    write_on(path, 0, child)
    *stored, message = said(parent)
    assert "Free some disk space and run the same command again" in message
    assert batches_stored(path, range(len(stored) + 1)) == stored
    small_disk("50m")
    with closing(SQLiteLedger(path)) as ledger:
        ledger.write(outcomes(len(stored) * BATCH))
        assert len(ledger) == (len(stored) + 1) * BATCH
        assert verify(ledger) == []


def write_until_limited(path: Path, done: Connection) -> None:
    """Write with a limit on the size of files, which any user may set."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**19, 2**19))
    write_on(path, 0, done)


def test_a_file_that_may_not_grow_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    """A quota is a full disk."""
    path = tmp_path / "ledger.sqlite"
    parent, child = FORK.Pipe(duplex=False)
    process = FORK.Process(target=write_until_limited, args=(path, child))
    process.start()
    process.join()
    *stored, message = said(parent)
    assert "Free some disk space and run the same command again" in message
    assert stored
    assert batches_stored(path, range(len(stored) + 1)) == stored


class EveryTenth(Overlap):
    """Raises on every tenth question, until it is mended."""

    name: ClassVar[str] = "every_tenth"
    mended: ClassVar[bool] = False

    def open(self, corpus: Corpus) -> Operator:
        find = super().open(corpus)

        def operate(requests: Sequence[Request]) -> Sequence[Outcome]:
            if not EveryTenth.mended and any(request.question.endswith("0") for request in requests):
                raise OSError("the tenth")
            return find(requests)

        return operate


def test_a_component_that_raises_on_every_tenth_question_costs_those_only(
    recorded_calls: RecordedCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine in ten are answered, stored and counted once; a later run asks for the others and for nothing else."""
    questions = [f"who saw cat {number}" for number in range(100)]
    pipeline = EveryTenth() >> LastWord()
    traces = run(recorded_calls, [pipeline], questions)[pipeline]
    failed = [question for question, trace in zip(questions, traces, strict=True) if trace.failure]
    assert failed == [question for question in questions if question.endswith("0")]
    assert all("the tenth" in trace.failure.message for trace in traces if trace.failure)
    stored, made = len(recorded_calls.ledger), recorded_calls.budget.made
    assert made == stored + len(failed)
    monkeypatch.setattr(EveryTenth, "mended", True)
    answered = run(recorded_calls, [EveryTenth() >> LastWord()], questions)[pipeline]
    assert not any(trace.failure for trace in answered)
    assert (
        recorded_calls.budget.made - made
        == len(recorded_calls.ledger) - stored
        == len(failed) * (1 + LastWord().passages)
    )
