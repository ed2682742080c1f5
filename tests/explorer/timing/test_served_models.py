"""Servers of one's own are timed apart, one call at a time; a provider's calls keep the seconds that they took."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.explorer.conftest import DOCUMENTS, QUESTIONS, Overlap
from tradespace.components.base import Pipeline
from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers.llm import LLMReader
from tradespace.components.remote import requests
from tradespace.components.roles import Role
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.strategies.direct import Direct
from tradespace.explorer.costs import Costs
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.entries import FIRST_TOKEN
from tradespace.explorer.timing.quiet import Effort
from tradespace.explorer.timing.stage_seconds import PipelineSeconds
from tradespace.explorer.timing.stage_timer import StageTimer
from tradespace.search_space.sections import ModelPrice, Prices
from tradespace.testing.completion_server import CompletionServer, ServerFault, completion_server
from tradespace.types import Question

ASKED = [Question(f"s{n}", f"{text} {one.id}") for n, text in enumerate(QUESTIONS) for one in DOCUMENTS[:2]]
NUMBERS = count()


@pytest.fixture(scope="module")
def running() -> Iterator[CompletionServer]:
    with completion_server() as server:
        yield server


@pytest.fixture
def server(running: CompletionServer, monkeypatch: pytest.MonkeyPatch) -> CompletionServer:
    """A server that is busy with several requests at a time while it is explored."""
    monkeypatch.setattr(requests, "FIRST_PAUSE", 0.01)
    running.forget()
    running.faults.extend([ServerFault(delay=0.1, answered=True)] * len(ASKED))
    return running


def pipeline(server: CompletionServer, **settings: object) -> Pipeline:
    model = OpenAI(model=f"served-{next(NUMBERS)}", base_url=server.url, format="tiny_reasoner", concurrency=4)
    return Overlap() >> LLMReader(model=model.with_settings(**settings), strategy=Direct(), passages=1)


def timed(
    recorded_calls: RecordedCalls, explored: Pipeline, *, effort: Effort, server: CompletionServer
) -> PipelineSeconds:
    """Explore, forget what the server was asked meanwhile, and time."""
    traces = run(recorded_calls, [explored], [question.text for question in ASKED])
    assert server.most_at_once > 1
    server.most_at_once = 0
    server.bodies.clear()
    times = StageTimer(recorded_calls, ASKED, "here", "latency_p95", effort, whole=True)
    return times.of_stages(traces)[explored]


def test_a_server_on_this_machine_is_timed_one_call_at_a_time(
    recorded_calls: RecordedCalls, server: CompletionServer
) -> None:
    """With prompts that it reads anew, and not under the load of the exploration."""
    found = timed(recorded_calls, pipeline(server), effort=Effort(rounds=1, seconds=20), server=server)
    assert server.most_at_once == 1
    assert len(server.bodies) >= len(ASKED)
    assert all(body["cache_prompt"] is False for body in server.bodies)
    assert None not in found.seconds["generate"]
    conditions = found.conditions
    assert (conditions.as_made, conditions.concurrency) == ((), None)
    assert conditions.served >= len(ASKED)
    assert conditions.cached == 0


def test_each_timing_says_under_which_conditions_it_was_taken(
    recorded_calls: RecordedCalls, server: CompletionServer
) -> None:
    """Those of the exploration with the requests that were under way, those taken apart with none beside them."""
    timed(recorded_calls, pipeline(server), effort=Effort(rounds=1, seconds=20), server=server)
    entries = recorded_calls.ledger.timings(_works(recorded_calls))
    made = [one.conditions for one in entries if one.host != "here"]
    apart = [one.conditions for one in entries if "cache" in one.conditions]
    assert max(int(one["concurrency"]) for one in made) > 1
    assert {(one["concurrency"], one["cache"]) for one in apart} == {(1, "unused")}


@pytest.mark.parametrize("own", [True, False], ids=["timed apart", "as they were made"])
def test_first_tokens_are_recorded_among_the_timings(
    recorded_calls: RecordedCalls, server: CompletionServer, own: bool
) -> None:
    """Beside each sample of a call that was streamed, and in the median among the conditions of the pipeline."""
    explored = pipeline(server, own=own)
    found = timed(recorded_calls, explored, effort=Effort(rounds=1, seconds=20), server=server).conditions
    samples = [one for one in recorded_calls.ledger.timings(_works(recorded_calls)) if FIRST_TOKEN in one.conditions]
    assert len(samples) >= len(ASKED)
    assert all(0 < float(one.conditions[FIRST_TOKEN]) <= one.seconds for one in samples)
    seconds = [float(one.conditions[FIRST_TOKEN]) for one in samples]
    assert found.streamed == len(ASKED)
    assert found.first_token is not None
    assert min(seconds) <= found.first_token <= max(seconds)


def test_whole_replies_have_no_first_token(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """Nobody saw it."""
    whole = pipeline(server, own=False, stream=False)
    found = timed(recorded_calls, whole, effort=Effort(rounds=1, seconds=20), server=server).conditions
    assert (found.streamed, found.first_token) == (0, None)


def _works(recorded_calls: RecordedCalls) -> list[str]:
    return list({sample.work for samples in recorded_calls.ledger.samples() for sample in samples})


def test_an_hour_of_a_server_is_divided_by_the_seconds_that_it_works_alone(
    recorded_calls: RecordedCalls, server: CompletionServer
) -> None:
    """And not by those that its calls took while it had others to answer: at $1 a second, dollars are seconds."""
    explored = pipeline(server)
    traces = run(recorded_calls, [explored], [question.text for question in ASKED])
    found = StageTimer(recorded_calls, ASKED, "here", "latency_p95", Effort(rounds=1, seconds=20)).of_stages(traces)
    (model,) = (part for part in explored.stages[Role.GENERATE].parts() if isinstance(part, OpenAI))
    prices = Prices(host_usd_per_hour=0.0, models={model.listed_as: ModelPrice(usd_per_hour=3600.0)})
    costs = Costs(recorded_calls.ledger, recorded_calls.corpus, prices)
    alone = costs.usage(explored, traces[explored], found[explored].served)["generate"]
    assert [usage and usage.usd for usage in alone] == pytest.approx(list(found[explored].seconds["generate"]))
    under_load = costs.usage(explored, traces[explored])["generate"]
    assert all(usage and usage.usd and usage.usd >= 0.1 for usage in under_load)


def test_every_call_of_a_server_of_ones_own_is_told(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """One call that is made alone takes what its stage takes; others who ask meanwhile share the server with it."""
    found = timed(recorded_calls, pipeline(server), effort=Effort(rounds=1, seconds=20), server=server)
    assert found.server_calls == {"generate": tuple(((alone,),) for alone in found.seconds["generate"])}


def test_each_of_several_samples_has_its_share_of_their_round(
    recorded_calls: RecordedCalls, server: CompletionServer
) -> None:
    """They are timed together: alone, one of them takes at most as long as all."""
    direct = pipeline(server)
    sampled = direct.stages[Role.GENERATE].with_settings(strategy=ChainOfThoughtAtK(k=3))
    found = timed(recorded_calls, Overlap() >> sampled, effort=Effort(rounds=1, seconds=20), server=server)
    for whole, rounds in zip(found.seconds["generate"], found.server_calls["generate"], strict=True):
        assert whole is not None
        assert rounds is not None
        (calls,) = rounds
        assert len(calls) == 3
        assert 0 < max(calls) <= whole <= sum(calls) * (1 + 1e-9)


def test_a_server_that_uses_what_it_kept_is_told(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """It knows no field that forbids it."""
    server.refused = dict.fromkeys(("cache_salt", "cache_prompt"), "unknown field")
    found = timed(recorded_calls, pipeline(server), effort=Effort(rounds=2, width=0.0, seconds=20), server=server)
    assert 0 < found.conditions.cached <= found.conditions.served


def test_calls_of_a_provider_are_never_made_again(recorded_calls: RecordedCalls, server: CompletionServer) -> None:
    """Their seconds are those that they took, and the load under which they were taken is told."""
    found = timed(recorded_calls, pipeline(server, own=False), effort=Effort(rounds=1, seconds=20), server=server)
    assert server.bodies == []
    assert found.server_calls == {}
    assert None not in found.seconds["generate"]
    assert found.conditions.as_made == ("generate",)
    assert (found.conditions.concurrency or 0) > 1
    assert found.end_to_end == ()


def test_a_server_that_is_gone_keeps_the_seconds_that_its_calls_took(
    recorded_calls: RecordedCalls, server: CompletionServer
) -> None:
    """Better than none, and marked."""
    explored = pipeline(server, attempts=1)
    run(recorded_calls, [explored], [question.text for question in ASKED])
    server.faults.extend([ServerFault(0)] * 1000)
    found = timed(recorded_calls, explored, effort=Effort(rounds=1, seconds=5), server=server)
    assert None not in found.seconds["generate"]
    assert found.conditions.as_made == ("generate",)
    assert (found.conditions.concurrency or 0) > 1
