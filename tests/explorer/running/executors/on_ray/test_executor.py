"""Calls on Ray's nodes keep to the contract, and what is particular to several machines."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest

from tests.explorer.running.executors.on_ray.nodes import RayNodes, kill
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.probe import TASK
from tradespace.components.store import ArtefactStore
from tradespace.errors import ClusterError
from tradespace.explorer.running.executors import CallBatch, Executor, executor_on
from tradespace.explorer.running.executors.on_ray import making, pool
from tradespace.explorer.running.executors.on_ray.sending import BatchSender
from tradespace.explorer.running.executors.on_ray.under_way import RayWorker
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.run import RunSection, WorkerResources
from tradespace.testing.cluster_components import Catalogue, Deadly, Meeting, Straggling, Unhurried
from tradespace.testing.completion_server import completion_server
from tradespace.testing.executor_contract import Closed, ExecutorContract, all_answers, asked, outcomes_of
from tradespace.testing.paragraphs import documents
from tradespace.testing.process_components import Sleeper
from tradespace.types import Completion, Document, Failure, Prompt, Request, Timed

pytestmark = [pytest.mark.ray, pytest.mark.usefixtures("cluster")]


def one_on_each_node(resource: str) -> dict[str, WorkerResources]:
    """Workers that have a node to themselves, but for those that take something else of it."""
    kind = WorkerResources(num_cpus=0, custom={resource: 1})
    return {"retrieve": kind, "generate": kind}


@pytest.fixture(scope="module")
def one_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    """An executor with a single worker, which stays."""
    opened = OpenedComponents(documents(), tmp_path_factory.mktemp("artefacts"))
    with on_ray(opened, workers=1, resources={"generate": WorkerResources(num_cpus=0)}) as executor:
        yield executor


class TestOnRay(ExecutorContract):
    """One worker on a cluster."""

    most_under_way: ClassVar[int] = 2 * making.WINDOW

    def executor(self, opened_components: OpenedComponents) -> AbstractContextManager[Executor]:
        return on_ray(opened_components, workers=1)

    @pytest.fixture
    def under_test(self, one_worker: Executor) -> Executor:
        """Always the same: each test has a corpus of its own, for which components are opened anew."""
        return one_worker


def on_ray(opened_components: OpenedComponents, **settings: Any) -> AbstractContextManager[Executor]:
    """An executor on the cluster."""
    return executor_on(RunSection(on=CallPlace.RAY, **settings))(opened_components)


def folders(exploration: str) -> list[Path]:
    """What lies on nodes for an exploration."""
    return list(Path(tempfile.gettempdir()).glob(f"tradespace-{exploration}-*"))


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """A few paragraphs, and one that no other test has: what is built of them is built anew."""
    own = Document("own", str(tmp_path))
    return Corpus(whole_documents((*documents(), own)), ArtefactStore(tmp_path / "artefacts"))


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of built things where the command runs."""
    return tmp_path_factory.mktemp("artefacts")


@pytest.fixture(scope="module")
def nodes(artefacts: Path) -> Iterator[Executor]:
    """An executor with a worker on each of the three nodes."""
    with on_ray(OpenedComponents(documents(), artefacts), workers=3, resources=one_on_each_node("seat")) as executor:
        yield executor


def all_meet(executor: Executor, corpus: Corpus, folder: Path) -> set[str]:
    """Have all three workers make a batch at once, and return their processes."""
    folder.mkdir()
    meeting = Meeting(folder=str(folder), processes=3)
    made = executor.make([CallBatch(number, meeting, asked("?"), corpus) for number in range(3)])
    return {all_answers(each.outcomes)[0].text for each in made}


def test_batches_are_made_side_by_side(nodes: Executor, corpus: Corpus, tmp_path: Path) -> None:
    """By as many workers as there are to be, none of which is this process."""
    processes = all_meet(nodes, corpus, tmp_path / "met")
    assert len(processes - {str(os.getpid())}) == 3


@pytest.mark.parametrize(("seconds", "most"), [(0.001, making.AHEAD), (0.3, 2)])
def test_a_worker_has_the_next_batch_before_it_is_done(
    one_worker: Executor, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, seconds: float, most: int
) -> None:
    """Several where they are short; of long ones the next, shortly before."""
    had: list[int] = []

    def send(workers: pool.WorkerPool, worker: RayWorker, *arguments: Any) -> None:
        sent(workers, worker, *arguments)
        had.append(len(worker.under_way))

    sent = pool.WorkerPool.send
    monkeypatch.setattr(pool.WorkerPool, "send", send)
    monkeypatch.setattr(BatchSender, "expected", lambda sender, batch: seconds)
    list(one_worker.make([CallBatch(number, Unhurried(seconds=seconds), asked("?"), corpus) for number in range(6)]))
    assert max(had) == most


def test_a_thing_is_built_once_and_copied_to_the_other_nodes(
    nodes: Executor, corpus: Corpus, artefacts: Path, tmp_path: Path
) -> None:
    """They share no disk. It is where whoever explores has it, too, with everything that is in it."""
    all_meet(nodes, corpus, tmp_path / "met")
    catalogue = Catalogue(file=str(tmp_path / "built"))
    outcomes = [
        made.outcomes[0]
        for made in nodes.make([CallBatch(number, catalogue, asked("?"), corpus) for number in range(3)])
    ]
    (found,) = {outcome for outcome in outcomes if isinstance(outcome, tuple)}
    assert found[0].score == len(corpus.passages)
    catalogue.open(Corpus(corpus.passages, ArtefactStore(artefacts)))
    assert len((tmp_path / "built").read_text().splitlines()) == 1


@pytest.mark.parametrize("killed", [False, True])
def test_what_a_node_kept_for_this_exploration_is_removed_in_the_end(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """Its folder of built things goes, also where none of its workers is left."""
    exploration = uuid4()
    monkeypatch.setattr("tradespace.explorer.running.executors.on_ray.executor.uuid4", lambda: exploration)
    opened = OpenedComponents(documents(), tmp_path / "artefacts")
    with on_ray(opened, workers=3, resources=one_on_each_node("bench")) as executor:
        catalogue = Catalogue(file=str(tmp_path / "built"))
        processes = all_meet(executor, corpus, tmp_path / "met")
        list(executor.make([CallBatch(number, catalogue, asked("?"), corpus) for number in range(3)]))
        assert len(folders(exploration.hex)) == 2
        for process in processes if killed else []:
            kill(int(process))
    assert folders(exploration.hex) == []


def test_a_component_that_cannot_be_opened_names_the_node(nodes: Executor, corpus: Corpus) -> None:
    """There somebody has to look."""
    (outcome,) = outcomes_of(nodes, Closed(), asked("a"), corpus)
    assert isinstance(outcome, Failure)
    assert "no weights here" in outcome.message
    assert "(on node " in outcome.message


def test_calls_that_end_their_worker_are_failures_and_no_others_are_lost(
    nodes: Executor, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker is replaced, its batch tried again elsewhere, and given up after a few times."""
    monkeypatch.setattr(making, "LOSSES", 2)
    texts = ["a", "die", "b", "c"]
    batches = [CallBatch(number, Deadly(), asked(text), corpus) for number, text in enumerate(texts)]
    outcomes = {made.batch.number: made.outcomes[0] for made in nodes.make(batches)}
    failed = outcomes.pop(1)
    assert isinstance(failed, Failure)
    assert "deadly(): 2 workers were lost while they worked on it" in failed.message
    assert [answer.text for answer in all_answers([outcomes[place] for place in (0, 2, 3)])] == ["a", "b", "c"]


def test_a_worker_that_takes_far_too_long_holds_nobody_up(nodes: Executor, corpus: Corpus, tmp_path: Path) -> None:
    """A worker of another node makes its batch too, and the first answer counts; nothing goes on behind it."""
    straggling = Straggling(file=str(tmp_path / "asked"))
    batches = [CallBatch(number, straggling, asked("slow" if number == 3 else "quick"), corpus) for number in range(12)]
    made = list(nodes.make(batches))
    assert (tmp_path / "asked").exists()
    assert sorted(each.batch.number for each in made) == list(range(12))


def test_what_a_server_answers_is_asked_from_here(
    nodes: Executor, corpus: Corpus, cluster: RayNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its limits hold for all then, and no key is needed elsewhere: no worker is started."""
    monkeypatch.setenv("SECRET", "sk-nobody-may-read-this")
    before = cluster.workers()
    with completion_server() as server:
        model = OpenAI(model="tiny", base_url=server.url, format="tiny_reasoner", key_variable="SECRET")
        prompt = Prompt(model.messages(TASK), max_tokens=16)
        (made,) = nodes.make([CallBatch(0, model, [prompt], corpus)])
    (outcome,) = made.outcomes
    assert isinstance(outcome, Timed)
    assert isinstance(outcome.outcome, Completion)
    assert set(cluster.workers()) <= set(before)


def test_what_no_node_has_is_said(corpus: Corpus, tmp_path: Path) -> None:
    """Nobody waits for it forever."""
    opened = OpenedComponents(documents(), tmp_path)
    with on_ray(opened, resources={"sleeper": WorkerResources(num_gpus=3)}) as executor:
        with pytest.raises(ClusterError, match=r"what a worker needs .*num_gpus=3"):
            list(executor.make([CallBatch(0, Sleeper(), asked("0"), corpus)]))
        assert list(executor.make([])) == []


def test_a_component_of_a_function_is_a_failure_that_says_why(nodes: Executor, corpus: Corpus) -> None:
    """No other process can import it."""

    class Local(Deadly):
        name: ClassVar[str] = "local"

    (outcome,) = outcomes_of(nodes, Local(), asked("a"), corpus)
    assert isinstance(outcome, Failure)
    assert "local() cannot be sent to another process: its class must stand in a module" in outcome.message


def test_workers_of_another_kind_make_room(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all that they need is held by workers that have nothing to do, these give it up."""
    monkeypatch.setattr(pool, "WORKER_PATIENCE", 0.5)
    opened = OpenedComponents(documents(), tmp_path)
    kinds = {**one_on_each_node("bench"), "deadly": WorkerResources(num_cpus=1, custom={"bench": 1})}
    with on_ray(opened, workers=3, resources=kinds) as executor:
        all_meet(executor, corpus, tmp_path / "met")
        assert all_answers(outcomes_of(executor, Deadly(), [Request("a")], corpus))[0].text == "a"
