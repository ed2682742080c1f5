"""A replica answers in a process of its own, says how that ends, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import uvloop

from tests.processes import without_coverage
from tradespace.components.base import Pipeline
from tradespace.components.chunkers import Sentences
from tradespace.components.rerankers import WordOverlap
from tradespace.components.retrievers import BM25
from tradespace.errors import ComponentError, ReplicaLostError
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replicas import Replica, ReplicaSetup
from tradespace.explorer.running.replicas.asynchronous import answer_batch, start_replica
from tradespace.explorer.running.replicas.batch_run import UnrecordedCalls, run_batch
from tradespace.testing.executor_contract import Closed, Numbered, Selective
from tradespace.testing.paragraphs import documents
from tradespace.testing.process_components import Sleeper, Threads
from tradespace.types import Answer, Failure, Request

FIRST = BM25(top_k=3) >> WordOverlap(keep=2) >> Selective()
SECOND = Sentences(size=64) >> BM25(top_k=4) >> WordOverlap(keep=2)
BROKEN = BM25() >> Closed()
QUESTIONS = ("Who discovered penicillin?", "raise", "What is the capital of France?", "fail")
ONLINE = ("retrieve", "rerank", "generate")
GONE = 30
"""Seconds after which a process that should have ended has not."""


def setup(folder: Path, *pipelines: Pipeline, **settings: Any) -> ReplicaSetup:
    return ReplicaSetup(documents(), folder, pipelines, **{"stages": ONLINE, **settings})


def asked(*questions: str) -> list[Request]:
    return [Request(question) for question in questions]


def said(result: Answer | Request | Failure) -> object:
    """An answer's words: its score counts the calls that its reader had before."""
    return result.text if isinstance(result, Answer) else result


@pytest.fixture(scope="module")
def replica(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    """A replica of three pipelines, one of which cannot be opened."""
    folder = tmp_path_factory.mktemp("artefacts")
    with Replica(setup(folder, FIRST, SECOND, BROKEN, preload=False, threads=2)) as started:
        yield started


@pytest.mark.parametrize("pipeline", [FIRST, SECOND], ids=["with a failing question", "on other passages"])
def test_it_answers_as_this_process_would(replica: Replica, pipeline: Pipeline) -> None:
    """For each batch by the pipeline that it names; a request that fails leaves the others alone."""
    opened = OpenedComponents(documents(), replica.setup.artefacts)
    here = run_batch(pipeline.online, asked(*QUESTIONS), opened.corpus(pipeline), UnrecordedCalls.of(opened))
    there = replica.answer(asked(*QUESTIONS), pipeline)
    assert list(map(said, there.results)) == list(map(said, here.results))
    assert [span.stage for span in there.spans] == list(pipeline.online)
    assert there.seconds > 0


def test_a_pipeline_that_cannot_be_opened_leaves_the_others_alone(replica: Replica) -> None:
    """Where each is opened by the first batch that names it: its requests fail with the reason."""
    broken = replica.answer(asked("a", "b"), BROKEN).results
    assert [type(result) for result in broken] == [Failure, Failure]
    assert "closed() raised FileNotFoundError: no weights here" in str(broken[0])
    assert isinstance(replica.answer(asked(QUESTIONS[0])).results[0], Answer)


def test_stages_that_it_does_not_hold_are_left_to_others(tmp_path: Path) -> None:
    """What it hands on is what the next stage is given."""
    with Replica(setup(tmp_path, FIRST, stages=("retrieve", "rerank"))) as ranking:
        (handed_on,) = ranking.answer(asked(QUESTIONS[0])).results
    assert isinstance(handed_on, Request)
    with Replica(setup(tmp_path, FIRST, stages=("generate",))) as reading:
        (answer,) = reading.answer([handed_on]).results
    with Replica(setup(tmp_path, FIRST)) as whole:
        assert whole.answer(asked(QUESTIONS[0])).results == (answer,)
    assert said(answer) == QUESTIONS[0]


@pytest.mark.parametrize("threads", [1, 3])
def test_it_computes_in_so_many_threads(tmp_path: Path, threads: int) -> None:
    """Told before any library is loaded: numpy uses as many itself, where it has the cores."""
    with Replica(setup(tmp_path, BM25() >> Threads(), threads=threads)) as replica:
        (answer,) = replica.answer(asked("how many")).results
    assert isinstance(answer, Answer)
    assert answer.text == f"{threads} [{min(threads, len(os.sched_getaffinity(0)))}]"


def test_a_component_that_cannot_be_opened_is_named_at_the_start(tmp_path: Path) -> None:
    """With the reason, as an exploration says it; nothing is left of the process."""
    replica = Replica(setup(tmp_path, BROKEN))
    with pytest.raises(ComponentError, match=r"closed\(\) raised FileNotFoundError: no weights here\. .*fix"):
        replica.start()
    assert replica.process_id is None


def test_a_component_of_this_program_alone_is_refused(tmp_path: Path) -> None:
    """Another process could not import it, and that is said."""

    class Mine(Numbered):
        pass

    with pytest.raises(ComponentError, match=r"its class must stand in a module that can be imported .*Mine"):
        Replica(setup(tmp_path, BM25() >> Mine())).start()


def test_who_waits_for_a_killed_replica_is_told_and_may_start_it_again(tmp_path: Path) -> None:
    """At once, though the batch would have taken a minute."""
    replica = Replica(setup(tmp_path, BM25() >> Sleeper()))
    replica.start()
    replica.send(asked("60"))
    assert replica.process_id
    os.kill(replica.process_id, signal.SIGKILL)
    with pytest.raises(
        ReplicaLostError, match=r"retrieve \+ rerank \+ generate \(process \d+\) was killed by signal 9"
    ):
        replica.receive()
    with pytest.raises(ReplicaLostError, match="was not started, or has been ended"):
        replica.send(asked("0"))
    with replica:
        assert isinstance(replica.answer(asked("0")).results[0], Answer)


def test_one_that_is_told_to_end_finishes_its_batch_and_is_gone(tmp_path: Path) -> None:
    """No zombie is left; signals that end programs are not for it."""
    replica = Replica(setup(tmp_path, BM25() >> Sleeper()))
    replica.start()
    process = psutil.Process(replica.process_id)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    replica.send(asked("0.2"))
    assert isinstance(replica.receive().results[0], Answer)
    replica.stop()
    assert not process.is_running()


STARTER = """
import sys
from pathlib import Path
from tradespace.components.retrievers import BM25
from tradespace.explorer.running.replicas import Replica, ReplicaSetup
from tradespace.testing.paragraphs import documents
from tradespace.testing.process_components import Sleeper
from tradespace.types import Request
replica = Replica(ReplicaSetup(documents(), Path(sys.argv[1]), (BM25() >> Sleeper(),), ("generate",)))
replica.start()
replica.send([Request("600")])
print(replica.process_id, flush=True)
sys.stdin.read()
"""


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """However that ends, and in the middle of a batch."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", STARTER, tmp_path], env=without_coverage(), **pipes) as starter:  # type: ignore[call-overload]
        replica = psutil.Process(int(starter.stdout.readline()))
        starter.kill()
        replica.wait(GONE)
    assert not replica.is_running()


def test_an_event_loop_waits_for_several_at_once(tmp_path: Path) -> None:
    """Without a thread for each; the loss of one does not hold up the others."""

    async def together() -> list[object]:
        replicas = [Replica(setup(tmp_path, BM25() >> Sleeper())) for _ in range(2)]
        try:
            await asyncio.gather(*map(start_replica, replicas))
            lost = asyncio.create_task(answer_batch(replicas[0], asked("60")))
            answered = [await answer_batch(replicas[1], asked("0")) for _ in range(3)]
            assert replicas[0].process_id
            os.kill(replicas[0].process_id, signal.SIGKILL)
            return [*(batch.results[0] for batch in answered), *await asyncio.gather(lost, return_exceptions=True)]
        finally:
            for replica in replicas:
                replica.stop()

    *answers, loss = asyncio.run(together())
    assert len(set(map(str, answers))) == 1
    assert isinstance(loss, ReplicaLostError)


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_batches_that_come_in_pieces_are_whole(replica: Replica, new_loop: Callable[[], Any]) -> None:
    """A connection passes some hundred kilobytes at once: longer batches and answers are waited for, one after the
    other, whichever loop is told that the first of them can be read."""
    long = "Who discovered penicillin? " * 40_000

    async def twice() -> list[object]:
        return [said((await answer_batch(replica, asked(long), FIRST)).results[0]) for _ in range(2)]

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(twice()) == [long, long]


def test_its_memory_stays_as_it_is(replica: Replica) -> None:
    """Thousands of batches leave nothing behind, in either process."""
    here, there = psutil.Process(), psutil.Process(replica.process_id)

    def taken(batches: int) -> tuple[int, int]:
        for _ in range(batches):
            replica.answer(asked(*QUESTIONS), SECOND)
        return here.memory_info().rss, there.memory_info().rss

    before, after = taken(500), taken(1500)
    assert max(now - then for now, then in zip(after, before, strict=True)) < 4 * 2**20
