"""Dollars and tokens are read from the ledger, and are those that a bill would show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from tradespace.components.base import Call, Pipeline, Process, Reranker
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.strategies.direct import Direct
from tradespace.components.strategies.self_refine import SelfRefine
from tradespace.explorer.costs import Costs
from tradespace.explorer.planning.estimate import Estimator
from tradespace.explorer.planning.plan import plan
from tradespace.explorer.planning.speeds import Trial
from tradespace.explorer.running.bill import Bill
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import Trace, run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.sections import ModelPrice, Prices
from tradespace.testing.completion_server import CompletionServer, ServerFault, completion_server
from tradespace.testing.paragraphs import documents, questions
from tradespace.types import Message, Prompt, Request, ScoredPassage

PRICES = Prices(
    host_usd_per_hour=3.6, models={"tiny": ModelPrice(usd_per_million_in=1000.0, usd_per_million_out=5000.0)}
)


@pytest.fixture(scope="module")
def running_server() -> Iterator[CompletionServer]:
    """A tiny reasoner behind HTTP."""
    with completion_server() as server:
        yield server


@pytest.fixture
def server(running_server: CompletionServer) -> CompletionServer:
    """The server, as new."""
    running_server.forget()
    return running_server


@pytest.fixture
def recorded_calls(tmp_path: Path) -> RecordedCalls:
    """An empty ledger over a few paragraphs."""
    return RecordedCalls(OpenedComponents(documents(), tmp_path), open_ledger(tmp_path / "ledger.sqlite"))


class Asking(Reranker):
    """Asks a model about all that it is given, and keeps the first."""

    name: ClassVar[str] = "asking"
    model: LanguageModel
    keep: int

    def process(self, request: Request) -> Process:
        text = " ".join(passage.text for passage in request.passages)
        yield (Call(self.model, Prompt((Message("user", text),), max_tokens=4)),)
        return tuple(ScoredPassage(passage, 0.0) for passage in request.passages[: self.keep])


def pipeline(model: LanguageModel, strategy: Strategy | None = None) -> Pipeline:
    """One passage is found and read."""
    return BM25(top_k=1) >> LLMReader(model=model, strategy=strategy or Direct(), passages=1, max_tokens=20)


def traced(recorded_calls: RecordedCalls, chosen: Pipeline, count: int = 1) -> list[Trace]:
    """Run a pipeline on the first questions."""
    return run(recorded_calls, [chosen], [question.text for question in questions()[:count]])[chosen]


def costs_of(recorded_calls: RecordedCalls, prices: Prices | None) -> Costs:
    """Costs by a price list."""
    return Costs(recorded_calls.ledger, recorded_calls.corpus, prices)


def usd(
    recorded_calls: RecordedCalls, chosen: Pipeline, prices: Prices | None = PRICES, count: int = 1
) -> tuple[float | None, ...]:
    """Dollars for each of the first questions, each of which took the host a second."""
    costs = costs_of(recorded_calls, prices)
    return costs.usd({"generate": (1.0,) * count}, costs.usage(chosen, traced(recorded_calls, chosen, count)))


def test_tokens_and_seconds_are_paid_for(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """A second of the host at $3.60 an hour, and the tokens that the server counted."""
    chosen = pipeline(OpenAI(model="tiny", base_url=server.url))
    (paid,) = usd(recorded_calls, chosen)
    usage = server.complete(server.bodies[0])["usage"]
    assert paid == pytest.approx(0.001 + usage["prompt_tokens"] * 0.001 + usage["completion_tokens"] * 0.005)


@pytest.mark.parametrize(("several", "readings"), [(True, 1), (False, 8)])
def test_samples_are_read_once_where_the_server_can(
    recorded_calls: RecordedCalls, server: CompletionServer, several: bool, readings: int
) -> None:
    """Eight samples of one prompt are one request with one prompt, or eight with eight."""
    chosen = pipeline(
        OpenAI(model="tiny", base_url=server.url, several=several), ChainOfThoughtAtK(k=8, temperature=1.0)
    )
    (usage,) = costs_of(recorded_calls, PRICES).usage(chosen, traced(recorded_calls, chosen))["generate"]
    replies = [server.complete(body)["usage"] for body in server.bodies]
    sampled = [body for body in server.bodies if body["temperature"] > 0]
    assert usage is not None
    assert len(sampled) == readings
    assert usage.tokens_in == sum(reply["prompt_tokens"] for reply in replies)
    assert usage.tokens_out == sum(reply["completion_tokens"] for reply in replies)


@pytest.mark.parametrize("several", [True, False])
def test_the_estimate_is_the_bill_of_completions_as_long_as_they_may_be(
    recorded_calls: RecordedCalls, several: bool
) -> None:
    """Every k shares its samples: k = 2 beside k = 4 costs no more than k = 4 alone, and nothing is asked for it."""
    model = OpenAI(model="tiny", base_url="http://localhost:1/v1", several=several)
    two, four = (pipeline(model, ChainOfThoughtAtK(k=k, temperature=1.0)) for k in (2, 4))
    bill, texts = Bill(PRICES).total, [questions()[0].text]
    alone, both = (plan(some, texts, recorded_calls.opened_components, bill=bill) for some in ([four], [two, four]))
    calls = alone.missing[model]
    assert both.missing[model] == calls
    assert both.usd == pytest.approx(alone.usd)
    assert alone.usd > calls * 20 * 0.005
    estimated = Estimator(Trial(recorded_calls.opened_components, 10.0), PRICES).estimate(alone, [four])
    assert estimated.outlay.usd == pytest.approx(alone.usd + estimated.outlay.seconds * PRICES.host_usd_per_hour / 3600)
    assert plan([four], texts, recorded_calls.opened_components).usd == 0


def test_a_new_price_list_makes_no_call(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """What was asked is in the ledger: twice the price is twice the dollars."""
    chosen = pipeline(OpenAI(model="tiny", base_url=server.url))
    free = Prices(host_usd_per_hour=0.0, models=PRICES.models)
    twice = ModelPrice(usd_per_million_in=2000.0, usd_per_million_out=10000.0)
    (once,) = usd(recorded_calls, chosen, free)
    asked = len(server.bodies)
    (double,) = usd(recorded_calls, chosen, Prices(host_usd_per_hour=0.0, models={"tiny": twice}))
    assert once is not None
    assert double == pytest.approx(2 * once)
    assert len(server.bodies) == asked


def test_a_machine_is_paid_for_as_long_as_it_is_busy(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """By the hour: the service seconds of each call, and none of its waits."""
    server.faults.append(ServerFault(503, "", {"Retry-After": "0.5"}))
    chosen = pipeline(OpenAI(model="tiny", base_url=server.url))
    hourly = Prices(host_usd_per_hour=0.0, models={"tiny": ModelPrice(usd_per_hour=3600.0)})
    (paid,) = usd(recorded_calls, chosen, hourly)
    (timing,) = recorded_calls.ledger.timings({key.hex() for key in _llm_keys(recorded_calls, chosen)})
    assert timing.conditions["waited"] >= 0.5
    assert paid == pytest.approx(timing.seconds)


def test_a_server_of_ones_own_is_paid_for_once_however_many_prompts_it_answers_together(
    recorded_calls: RecordedCalls, server: CompletionServer
) -> None:
    """The seconds that it works alone for a stage are those of all its calls; prices for tokens do not ask for them."""
    model = OpenAI(model="tiny", base_url=server.url)
    chosen = pipeline(model, SelfRefine())
    hourly = Prices(host_usd_per_hour=0.0, models={"tiny": ModelPrice(usd_per_hour=3600.0)})
    traces, served = traced(recorded_calls, chosen), {"generate": [{model.key: 2.5}]}
    assert len(server.bodies) > 1
    (usage,) = costs_of(recorded_calls, hourly).usage(chosen, traces, served)["generate"]
    assert usage is not None
    assert usage.usd == pytest.approx(2.5)
    by_token = costs_of(recorded_calls, PRICES)
    assert by_token.usage(chosen, traces, served) == by_token.usage(chosen, traces)


def _llm_keys(recorded_calls: RecordedCalls, chosen: Pipeline) -> list[bytes]:
    from tradespace.explorer.running.replayed_calls import StageJob, replayed_calls

    (trace,) = traced(recorded_calls, chosen)
    role, reader = list(chosen.online.items())[-1]
    rounds = replayed_calls(recorded_calls.ledger, StageJob(reader, trace.inputs[role], recorded_calls.corpus(chosen)))
    assert rounds
    return [bytes.fromhex(one.key) for calls in rounds for one in calls]


def test_without_a_price_a_cost_is_missing(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """Not zero: for a model elsewhere that the list does not name, or without any list."""
    chosen = pipeline(OpenAI(model="tiny", base_url=server.url))
    assert usd(recorded_calls, chosen, Prices(host_usd_per_hour=1.0)) == (None,)
    assert usd(recorded_calls, chosen, None) == ()


def test_the_host_s_price_covers_what_runs_on_it(recorded_calls: RecordedCalls) -> None:
    """An embedded model has no price of its own."""
    chosen = pipeline(TinyReasoner(size="small"))
    assert usd(recorded_calls, chosen) == (pytest.approx(0.001),)
    (usage,) = costs_of(recorded_calls, PRICES).usage(chosen, traced(recorded_calls, chosen))["generate"]
    assert usage is not None
    assert usage.tokens_in > 0
    assert usage.tokens_out > 0
    assert usage.usd == 0.0


def test_each_of_two_stages_of_a_kind_has_its_own_usage(recorded_calls: RecordedCalls) -> None:
    """Two rerankers that ask a language model are told apart, and both are paid for."""
    model = TinyReasoner(size="small")
    chosen = BM25(top_k=3) >> Asking(model=model, keep=2) >> Asking(model=model, keep=1)
    usage = costs_of(recorded_calls, PRICES).usage(chosen, traced(recorded_calls, chosen))
    (first,), (second,) = usage["rerank"], usage["rerank_2"]
    assert list(usage) == ["rerank", "rerank_2"]
    assert first is not None
    assert second is not None
    assert first.tokens_in > second.tokens_in > 0


def test_a_question_that_failed_has_no_cost(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """The others have."""
    server.faults.append(ServerFault(400))
    chosen = pipeline(OpenAI(model="tiny", base_url=server.url, concurrency=1))
    paid = usd(recorded_calls, chosen, count=3)
    assert paid.count(None) == 1
    assert len(paid) == 3


def test_a_pipeline_without_a_language_model_costs_the_host_alone(recorded_calls: RecordedCalls) -> None:
    """There is nothing else to pay for."""
    chosen = Pipeline((BM25(top_k=1),))
    costs = costs_of(recorded_calls, PRICES)
    assert costs.usd({"retrieve": (1.0, None)}, costs.usage(chosen, traced(recorded_calls, chosen, 2))) == (
        pytest.approx(0.001),
        None,
    )
