"""An embedder behind a server: its calls are shared, timed and paid for as those of language models are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.explorer.conftest import DOCUMENTS, QUESTIONS
from tradespace.components.base import Pipeline
from tradespace.components.embedders.openai import OpenAIEmbeddings
from tradespace.components.indexes.flat import Flat
from tradespace.components.indexes.hnsw import HNSW
from tradespace.components.rerankers.mmr import MMR
from tradespace.components.retrievers.dense import Dense
from tradespace.components.retrievers.langchain_vector_store import LangChainVectorStore
from tradespace.explorer.costs import Costs
from tradespace.explorer.planning.estimate import Estimator
from tradespace.explorer.planning.plan import plan
from tradespace.explorer.planning.speeds import Trial
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.timing.quiet import Effort
from tradespace.explorer.timing.stage_timer import StageTimer
from tradespace.search_space.sections import ModelPrice, Prices
from tradespace.testing.completion_server import CompletionServer, completion_server
from tradespace.types import Question

STORE = "langchain_core.vectorstores.InMemoryVectorStore"
PRICES = Prices(host_usd_per_hour=0.0, models={"minilm": ModelPrice(usd_per_million_in=1e6)})
"""At a dollar a token."""


@pytest.fixture
def server() -> Iterator[CompletionServer]:
    with completion_server() as server:
        yield server


def embedder(server: CompletionServer) -> OpenAIEmbeddings:
    """One that is somebody else's, wherever it runs."""
    return OpenAIEmbeddings(model="minilm", base_url=server.url, own=False)


def asked(server: CompletionServer) -> list[str]:
    """The questions that the server embedded: each in a request of its own."""
    return [body["input"][0] for body in server.bodies if body["input"] and body["input"][0] in QUESTIONS]


def test_a_question_is_embedded_once_for_all_pipelines(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """Whichever index searches for its vector, however deep, in whichever store; and once for what reranks by it."""
    one = embedder(server)
    pipelines = [
        Pipeline((Dense(embedder=one, top_k=1),)),
        Pipeline((Dense(embedder=one, index=Flat(precision="int8"), top_k=2),)),
        Pipeline((Dense(embedder=one, index=HNSW(), top_k=1),)),
        Pipeline((LangChainVectorStore(path=STORE, embedder=one, top_k=2),)),
        Dense(embedder=one, top_k=2) >> MMR(embedder=one, keep=1),
    ]
    traces = run(recorded_calls, pipelines, list(QUESTIONS))
    assert not any(trace.failure for of_pipeline in traces.values() for trace in of_pipeline)
    assert sorted(asked(server)) == sorted(QUESTIONS)


def test_a_search_takes_the_time_of_the_server_and_of_the_index(
    recorded_calls: RecordedCalls, server: CompletionServer
) -> None:
    """The server's as it was made, and nobody is asked again to time it."""
    explored = Pipeline((Dense(embedder=embedder(server), top_k=1),))
    questions = [Question(f"q{place}", text) for place, text in enumerate(QUESTIONS)]
    traces = run(recorded_calls, [explored], list(QUESTIONS))
    server.bodies.clear()
    times = StageTimer(recorded_calls, questions, "here", "latency_p95", Effort(rounds=1, seconds=20))
    found = times.of_stages(traces)[explored]
    assert server.bodies == []
    works = list({sample.work for samples in recorded_calls.ledger.samples() for sample in samples})
    as_made = [
        timing.seconds for timing in recorded_calls.ledger.timings(works) if timing.host == embedder(server).address
    ]
    assert len(as_made) == len(QUESTIONS)
    for total, called in zip(sorted(found.seconds["retrieve"]), sorted(as_made), strict=True):  # type: ignore[type-var]
        assert total is not None
        assert total > called


def test_tokens_of_questions_are_paid_for(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """By the price list, each question's own, in each pipeline that embeds it."""
    explored = Pipeline((Dense(embedder=embedder(server), top_k=1),))
    traces = run(recorded_calls, [explored], list(QUESTIONS))
    usage = Costs(recorded_calls.ledger, recorded_calls.corpus, PRICES).usage(explored, traces[explored])["retrieve"]
    tokens = [len(question.split()) for question in QUESTIONS]
    assert [each and (each.tokens_in, each.tokens_out, each.usd) for each in usage] == [
        (count, 0, pytest.approx(count)) for count in tokens
    ]


def test_planning_asks_no_server(tmp_path: Path, server: CompletionServer) -> None:
    """Calls are counted, and passages are sent to nobody, before anything is explored."""
    opened = OpenedComponents(DOCUMENTS, tmp_path)
    pipelines = [Pipeline((Dense(embedder=embedder(server), top_k=1),)), Pipeline((Dense(top_k=1),))]
    planned = plan(pipelines, list(QUESTIONS), opened)
    estimated = Estimator(Trial(opened, seconds=5), PRICES).estimate(planned, pipelines)
    assert planned.remote == len(QUESTIONS)
    assert estimated.untimed == (f"{len(QUESTIONS)} calls of minilm",)
    assert server.bodies == []
