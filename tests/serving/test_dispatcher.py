"""A dispatcher loses no request: neither to a full queue or a dead replica, nor to a change of its configuration."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tradespace.components.base import Pipeline
from tradespace.errors import ComponentError, InputError, RequestRefusedError
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.search_space.deployment import Deployment, Host, StageGroup
from tradespace.serving.dispatcher import Dispatcher, ServedAnswer, ServingConfiguration
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.server_settings import ServerSettings
from tradespace.testing.gated_components import Calm, First, Gated
from tradespace.types import Document

PATIENCE = 120
"""Seconds that a loaded machine may take for what a quiet one does at once."""
DOCUMENTS = (Document("cat", "The cat sat."),)
DEPLOYMENT = Deployment((StageGroup(("retrieve", "generate"), batch=2, host="here"),), (Host("here", cores=2),))


@dataclass
class Bench:
    """A dispatcher with one replica, whose reader waits as long as there is a gate."""

    runner: asyncio.Runner
    dispatcher: Dispatcher
    gate: Path
    gated: Pipeline
    calm: Pipeline

    def run(self, *questions: str) -> list[ServedAnswer | BaseException]:
        """Ask all at once, and wait for what becomes of each."""
        return self.runner.run(self._all(questions))

    async def _all(self, questions: tuple[str, ...]) -> list[ServedAnswer | BaseException]:
        asked = [self.dispatcher.answer(question) for question in questions]
        return await asyncio.gather(*asked, return_exceptions=True)

    def apply(self, pipeline: Pipeline, deployment: Deployment) -> None:
        """Change the configuration, in the event loop."""

        async def change() -> None:
            self.dispatcher.apply(ServingConfiguration(pipeline, deployment))

        self.runner.run(change())

    async def until_open(self, replicas: int) -> None:
        """Wait until there are so many replicas, and all are open."""
        async with asyncio.timeout(PATIENCE):
            while (len(self.group.keepers), self.group.open_replicas) != (replicas, replicas):
                await asyncio.sleep(0.02)

    @property
    def group(self):
        """The only group."""
        return self.dispatcher.groups[0]


def said(answer: ServedAnswer | BaseException) -> str:
    """What was answered."""
    assert isinstance(answer, ServedAnswer), repr(answer)
    assert answer.answer
    return answer.answer.text


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Opened once for this module; every test leaves the gate open and one replica."""
    folder = tmp_path_factory.mktemp("serving")
    gate = folder / "gate"
    gated, calm = First() >> Gated(gate=str(gate)), First() >> Calm()
    setup = ReplicaSetup(DOCUMENTS, folder, (gated, calm), stages=())
    with asyncio.Runner() as runner:

        async def opened() -> Dispatcher:
            configuration = ServingConfiguration(gated, DEPLOYMENT)
            made = Dispatcher(setup, configuration, ServerSettings(queue=3, seconds=PATIENCE), ServerMetrics())
            await made.open()
            return made

        dispatcher = runner.run(opened())
        yield Bench(runner, dispatcher, gate, gated, calm)
        gate.unlink(missing_ok=True)
        runner.run(dispatcher.close())


def test_each_gets_the_answer_to_its_own_question(bench: Bench) -> None:
    """However they are batched."""
    questions = ["one", "two", "three"]
    assert [said(answer) for answer in bench.run(*questions)] == questions


def test_those_who_come_at_once_are_taken_together(bench: Bench) -> None:
    """As the requests of a batch come that ends elsewhere: the free replica does not take the first of them alone."""
    answers = [answer for answer in bench.run("one", "two") if isinstance(answer, ServedAnswer)]
    one, two = ([span.seconds for span in answer.spans] for answer in answers)
    assert one == two, "the seconds are those of the whole batch"


def test_a_full_queue_refuses_and_the_others_are_answered(bench: Bench) -> None:
    """One in work, three that wait; the fifth is told to come later."""
    bench.gate.touch()

    async def five() -> list[ServedAnswer | BaseException]:
        first = asyncio.create_task(bench.dispatcher.answer("first"))
        while not (bench.dispatcher.in_flight == 1 and not len(bench.group.queue)):
            await asyncio.sleep(0.01)
        waiting = [asyncio.create_task(bench.dispatcher.answer(text)) for text in ("second", "third", "fourth")]
        await asyncio.sleep(0)
        with pytest.raises(RequestRefusedError, match="3 requests wait for retrieve"):
            await bench.dispatcher.answer("fifth")
        bench.gate.unlink()
        return list(await asyncio.gather(first, *waiting))

    answers = bench.runner.run(five())
    assert [said(answer) for answer in answers] == ["first", "second", "third", "fourth"]
    assert [answer.answer.score for answer in answers if isinstance(answer, ServedAnswer) and answer.answer] == [
        1.0,
        2.0,
        2.0,
        1.0,
    ], "a free replica takes a batch as large as it may be, of what waits"


def test_a_deadline_ends_the_wait(bench: Bench) -> None:
    """The request leaves; the replica goes on with what is asked next."""
    bench.gate.touch()
    with pytest.raises(TimeoutError):
        bench.runner.run(bench.dispatcher.answer("late", seconds=0.05))
    bench.gate.unlink()
    assert said(bench.run("next")[0]) == "next"
    assert bench.dispatcher.in_flight == 0


def test_a_replica_that_dies_is_replaced(bench: Bench) -> None:
    """What it worked on is asked once more; what ends two replicas is told so, and nothing else is lost."""
    bench.apply(bench.gated, _deployment(batch=1))
    poison, *others = bench.run("die", "one", "two")
    assert isinstance(poison, ComponentError)
    assert "two replicas ended" in str(poison)
    assert [said(answer) for answer in others] == ["one", "two"]
    bench.runner.run(bench.until_open(1))


def test_a_failure_is_one_request_s_own(bench: Bench) -> None:
    """Those in its batch are answered."""
    bench.apply(bench.gated, _deployment(batch=3))
    failed, answered = bench.run("fail", "one")
    assert isinstance(failed, ComponentError)
    assert "it was asked to" in str(failed)
    assert said(answered) == "one"


def test_changes_drop_nothing(bench: Bench) -> None:
    """Other pipelines, batches and replicas while requests are under way: each is answered by what it began with."""
    bench.gate.touch()

    async def changed() -> list[ServedAnswer]:
        before = [asyncio.create_task(bench.dispatcher.answer(text)) for text in ("one", "two")]
        await asyncio.sleep(0)
        bench.dispatcher.apply(ServingConfiguration(bench.calm, _deployment(replicas=2)))
        after = asyncio.create_task(bench.dispatcher.answer("three"))
        bench.gate.unlink()
        answers = await asyncio.gather(*before, after)
        await bench.until_open(2)
        bench.dispatcher.apply(ServingConfiguration(bench.gated, _deployment()))
        await bench.until_open(1)
        return answers

    assert [said(answer) for answer in bench.runner.run(changed())] == ["one", "two", "calm"]
    assert said(bench.run("four")[0]) == "four"


def test_what_cannot_be_changed_is_refused(bench: Bench) -> None:
    """Pipelines that no replica holds, and other groups of stages."""
    with pytest.raises(InputError, match="name it when the server starts"):
        bench.apply(First() >> Gated(gate="another"), DEPLOYMENT)
    apart = Deployment((StageGroup(("retrieve",)), StageGroup(("generate",))))
    with pytest.raises(InputError, match=r"which are retrieve \+ generate; given: retrieve, generate"):
        bench.apply(bench.gated, apart)


def test_arrivals_are_kept(bench: Bench) -> None:
    """For whoever foretells the next ones."""
    before = len(bench.dispatcher.arrivals)
    bench.run("one", "two")
    arrivals = list(bench.dispatcher.arrivals)
    assert len(arrivals) == before + 2
    assert arrivals == sorted(arrivals)


def _deployment(**changes: int) -> Deployment:
    (group,) = DEPLOYMENT.groups
    return replace(DEPLOYMENT, groups=(replace(group, **changes),))
