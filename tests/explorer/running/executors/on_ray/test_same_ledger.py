"""What comes of a space does not depend on where its calls are made, or by how many workers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.soak import repetitions
from tradespace.components.base import Component, Pipeline
from tradespace.components.notation import parse
from tradespace.explorer.running.executors import Executor, executor_on
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import Traces, run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Entry
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.run import RunSection
from tradespace.testing.paragraphs import documents, questions

pytestmark = [pytest.mark.ray, pytest.mark.usefixtures("cluster")]
RANKING = [
    "bm25(top_k=5)",
    "bm25(b=0.1, top_k=3)",
    "sentences(size=64) >> bm25(top_k=3)",
    "bm25(top_k=5) >> mmr(keep=2)",
    "bm25(top_k=5) >> maxsim(keep=2)",
]
ANSWERING = ["sentence(passages=1)", "sentence(passages=3)"]
SLOWER = [
    "reader(passages=2)",
    'llm(model=tiny_reasoner(size="small"), strategy=cot_at_k(k=2), passages=1, max_tokens=8)',
]
ANSWERING += repetitions([], SLOWER)
PIPELINES = st.builds(lambda first, second: parse(f"{first} >> {second}"), *map(st.sampled_from, (RANKING, ANSWERING)))
Executors = dict[int, tuple[OpenedComponents, Executor]]


@pytest.fixture(scope="module")
def executors(cluster: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executors]:
    """Executors that stay, each with what it opened: in this process, and on one, two and three workers.

    Batches are small, so that there are many.
    """
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patched:
        patched.setattr(Component, "batch_size", property(lambda self: 3))
        made: Executors = {}
        for workers in range(4):
            opened = OpenedComponents(documents(), tmp_path_factory.mktemp("artefacts"))
            place = RunSection(on=CallPlace.RAY, workers=workers) if workers else RunSection()
            made[workers] = opened, stack.enter_context(executor_on(place)(opened))
        yield made


@settings(max_examples=4)
@given(st.lists(PIPELINES, min_size=1, max_size=4, unique_by=str), st.integers(1, 7))
def test_the_ledger_is_the_same_to_the_byte(executors: Executors, pipelines: list[Pipeline], asked: int) -> None:
    """Outcomes, their order, and what pipelines make of them: in this process, and on one, two and three workers."""
    first, *others = (came_of(*executors[workers], pipelines, asked) for workers in executors)
    assert all(other == first for other in others)


def came_of(
    opened: OpenedComponents, executor: Executor, pipelines: list[Pipeline], asked: int
) -> tuple[list[list[Entry]], Traces]:
    """All that a fresh ledger holds after a run of pipelines, in its order, and their traces."""
    ledger = open_ledger("memory://")
    texts = [question.text for question in questions()[:asked]]
    traces = run(RecordedCalls(opened, ledger, executor=executor), pipelines, texts)
    return list(ledger.entries()), traces
