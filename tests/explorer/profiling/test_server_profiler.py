"""A server of one's own is measured with the calls of a study, one at a time and several at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers import BM25
from tradespace.components.strategies.direct import Direct
from tradespace.errors import ComponentError
from tradespace.explorer.profiling.server_profiler import ServerProfiler, ServerRecords, calls_of_servers
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.testing.completion_server import CompletionServer, ServerFault, completion_server
from tradespace.testing.paragraphs import documents, questions

ASKED = questions()[:4]


@pytest.fixture
def server() -> Iterator[CompletionServer]:
    with completion_server() as running:
        yield running


def profiler(server: CompletionServer, folder: Path, **settings: object) -> ServerProfiler:
    """Of a pipeline that was explored; what the server was asked for that is forgotten."""
    model = OpenAI(model="shared", base_url=server.url, format="tiny_reasoner").with_settings(**settings)
    pipeline = BM25(top_k=1) >> LLMReader(model=model, strategy=Direct(), passages=1)
    opened, ledger = OpenedComponents(documents(), folder / "artefacts"), open_ledger(folder / "ledger.sqlite")
    run(RecordedCalls(opened, ledger), [pipeline], [question.text for question in ASKED])
    calls = calls_of_servers(opened, ledger, pipeline, ASKED)
    server.bodies.clear()
    server.most_at_once = 0
    return ServerProfiler(ServerRecords(ledger, "here", model), opened, calls.get(model, {}), pipeline)


def test_as_many_calls_are_under_way_as_is_measured(server: CompletionServer, tmp_path: Path) -> None:
    """With prompts that the server reads anew; what the ledger has is not measured again."""
    measured = profiler(server, tmp_path)
    assert measured.records.profile() is None
    measured.measure(1)
    assert server.most_at_once == 1
    assert len(server.bodies) == len(ASKED)
    server.faults.extend([ServerFault(delay=0.2, answered=True)] * 100)
    measured.measure(4)
    assert server.most_at_once == 4
    assert all(body["cache_prompt"] is False for body in server.bodies)
    asked = len(server.bodies)
    measured.measure(4)
    assert len(server.bodies) == asked


def test_a_profile_comes_from_what_was_measured(server: CompletionServer, tmp_path: Path) -> None:
    """Slowdowns, and speeds of tokens, by the number of calls under way."""
    measured = profiler(server, tmp_path)
    measured.measure(2)
    profile, speeds = measured.records.profile(), measured.records.speeds()
    assert profile
    assert (profile.running, profile.slowdown[0], profile.slots) == ((1, 2), 1.0, 2)
    assert [speed.running for speed in speeds] == [1, 2]
    calls = measured.records.calls()
    assert {call.call for call in calls} == measured.calls.keys()
    assert all(call.tokens_in > 0 and 0 < (call.first_token or 0) <= call.seconds for call in calls)


def test_a_provider_is_not_measured(server: CompletionServer, tmp_path: Path) -> None:
    """It would cost, and is as fast for many as for one: it has no calls to measure."""
    measured = profiler(server, tmp_path, own=False)
    assert measured.calls == {}
    measured.measure(4)
    assert server.bodies == []
    assert measured.records.profile() is None


def test_a_server_that_fails_is_said(server: CompletionServer, tmp_path: Path) -> None:
    """Nothing is made up of what could not be measured."""
    measured = profiler(server, tmp_path, attempts=1)
    server.faults.extend([ServerFault(0)] * 100)
    with pytest.raises(ComponentError, match="could not be measured"):
        measured.measure(1)
