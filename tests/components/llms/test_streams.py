"""Streamed replies: put together they are what would have come whole, and the first token's time is taken."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components import bounded_http
from tradespace.components.corpus import Corpus
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.streams import Received, assembled
from tradespace.components.remote.refusals import ParameterRefusedError, UnavailableError
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.testing.event_streams import event_stream
from tradespace.testing.language_model_contract import PROMPT, samples
from tradespace.types import Completion, Failure, Timed

NUMBERS = count()
EVENTS = {"Content-Type": "text/event-stream"}
USAGE = {"prompt_tokens": 9, "completion_tokens": 5}


def event(delta: dict[str, Any] | None = None, **more: Any) -> str:
    """One event with a piece of a message, or without choices."""
    choices = [] if delta is None else [{"index": 0, "delta": delta}]
    return f"data: {json.dumps({'choices': choices} | more)}"


ENDED = [event({}, choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}]), event(usage=USAGE), "data: [DONE]"]


def put_together(lines: list[str]) -> Received:
    """Read lines of which each comes a second after the other; the first one second after the request."""
    now = [0.0]

    async def trickling() -> AsyncIterator[str]:
        for line in lines:
            now[0] += 1
            yield line

    return asyncio.run(assembled(trickling(), started=0.0, clock=lambda: now[0]))


def message_of(received: Received) -> dict[str, Any]:
    """The message of the first choice."""
    message: dict[str, Any] = received.reply["choices"][0]["message"]
    return message


texts = st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=3)


@given(texts, st.booleans())
def test_what_is_streamed_is_what_would_have_come_whole(said: list[str], scored: bool) -> None:
    """Texts, ends, log-probabilities and tokens of every choice."""
    scores = {"logprobs": {"content": [{"token": "", "logprob": -0.5 * place} for place in range(7)]}} if scored else {}
    choices = [
        {"index": place, "message": {"content": text}, "finish_reason": "length", **scores}
        for place, text in enumerate(said)
    ]
    whole = {"choices": choices, "usage": USAGE}
    lines = [line for event in event_stream(whole) for line in event.rstrip("\n").split("\n")]
    assert put_together(lines).reply == whole


def test_the_first_token_is_the_first_piece_of_text() -> None:
    """A role, or an empty text, is none."""
    received = put_together([event({"role": "assistant", "content": ""}), ": comment", event({"content": "R"}), *ENDED])
    assert received.first_token == 3.0


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_thoughts_are_put_together_and_are_first_tokens_too(name: str) -> None:
    """They are written before the answer."""
    received = put_together([event({name: "Paris? "}), event({name: "No."}), event({"content": "Rome"}), *ENDED])
    assert message_of(received) == {name: "Paris? No.", "content": "Rome"}
    assert received.first_token == 1.0


def test_calls_of_tools_are_put_together() -> None:
    """Their names come whole, their arguments piece by piece."""
    lines = [
        event({"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "search"}}]}),
        event({"tool_calls": [{"index": 0, "function": {"arguments": '{"query": '}}]}),
        event({"tool_calls": [{"index": 1, "id": "b", "function": {"name": "look", "arguments": "{}"}}]}),
        event({"tool_calls": [{"index": 0, "function": {"arguments": '"cat"}'}}]}),
    ]
    first, second = message_of(put_together([*lines, *ENDED]))["tool_calls"]
    assert (first["id"], first["function"]) == ("a", {"name": "search", "arguments": '{"query": "cat"}'})
    assert second["function"] == {"name": "look", "arguments": "{}"}


@pytest.mark.parametrize(
    "lines",
    [
        [event({"content": "Ro"})],
        [],
        [event({"content": "Ro"}), 'data: {"error": {"message": "out of memory"}}', *ENDED],
        ["data: <html>"],
    ],
    ids=["broken off", "nothing", "an error", "no JSON"],
)
def test_a_stream_that_breaks_off_may_be_asked_for_again(lines: list[str]) -> None:
    """Half an answer is none."""
    with pytest.raises(UnavailableError):
        put_together(lines)


def test_a_stream_may_end_without_a_mark_once_every_choice_has_ended() -> None:
    """Not every server sends one."""
    assert message_of(put_together([event({"content": "Rome"}), *ENDED[:-1]])) == {"content": "Rome"}


def test_a_stream_without_its_tokens_is_asked_for_whole() -> None:
    """Tokens are paid for, and may be told then."""
    with pytest.raises(ParameterRefusedError):
        put_together([event({"content": "Rome"}), ENDED[0], "data: [DONE]"])


def drawn(server: CompletionServer, corpus: Corpus, **settings: Any) -> list[Timed]:
    """A greedy completion and three samples of a model that nothing is known of."""
    model = OpenAI(model=f"streamed-{next(NUMBERS)}", base_url=server.url).with_settings(**settings)
    replies = model.open(corpus)([PROMPT, *samples(0, 1, 2)])
    timed = [reply for reply in replies if isinstance(reply, Timed)]
    assert len(timed) == len(replies)
    return timed


def outcomes(replies: list[Timed]) -> list[Completion]:
    """What came back."""
    return [reply.outcome for reply in replies if isinstance(reply.outcome, Completion)]


def test_the_same_comes_streamed_and_whole(server: CompletionServer, corpus: Corpus) -> None:
    """So that streaming is no part of a call's address; only the first token's time is known of streams alone."""
    streamed, whole = drawn(server, corpus), drawn(server, corpus, stream=False)
    assert outcomes(streamed) == outcomes(whole)
    assert all(reply.first_token is not None and 0 < reply.first_token <= reply.seconds for reply in streamed)
    assert all(reply.first_token is None for reply in whole)
    assert OpenAI(model="m").key == OpenAI(model="m", stream=False).key


def test_a_connection_is_used_again_after_a_stream(server: CompletionServer, corpus: Corpus) -> None:
    """A new one for each request would cost a provider's handshake, and seem to be its slowness."""
    operator = OpenAI(model=f"streamed-{next(NUMBERS)}", base_url=server.url).open(corpus)
    for prompt in (PROMPT, *samples(0, 1)):
        operator([prompt])
    assert len(set(server.clients)) == 1


def test_a_server_that_does_not_stream_is_read_whole(server: CompletionServer, corpus: Corpus) -> None:
    """It ignores what it is asked for."""
    server.streams = False
    assert all(reply.first_token is None for reply in drawn(server, corpus))


@pytest.mark.parametrize("name", ["stream", "stream_options"])
def test_a_server_that_refuses_to_stream_is_asked_without(server: CompletionServer, corpus: Corpus, name: str) -> None:
    """At once, and from then on."""
    server.refused = {name: json.dumps({"error": {"message": "must be verified to stream", "param": name}})}
    assert all(reply.first_token is None for reply in drawn(server, corpus))
    assert not server.bodies[-1].keys() & {"stream", "stream_options"}


def test_a_server_that_counts_whole_replies_alone_is_asked_for_those(server: CompletionServer, corpus: Corpus) -> None:
    """Its tokens are told, not estimated."""
    server.counts_streamed = False
    assert not any(completion.tokens_estimated for completion in outcomes(drawn(server, corpus)))
    assert "stream" not in server.bodies[-1]


def test_a_stream_that_is_cut_off_is_asked_for_again(server: CompletionServer, corpus: Corpus) -> None:
    """Half an answer is never stored."""
    server.faults.append(ServerFault(200, event({"content": "Ro"}) + "\n\n", EVENTS, missing=50))
    assert outcomes(drawn(server, corpus))[0].text.endswith("47")


@pytest.mark.parametrize("compressed", [False, True])
def test_a_stream_that_is_too_large_is_a_failure_at_once(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, compressed: bool
) -> None:
    """Also one without a single line's end, or one that unfolds to too much."""
    monkeypatch.setattr(bounded_http, "LARGEST_REPLY", 100_000)
    zeros = gzip.compress(bytes(1_000_000)) if compressed else bytes(1_000_000)
    server.faults.append(ServerFault(200, zeros, EVENTS | ({"Content-Encoding": "gzip"} if compressed else {})))
    (failed,) = OpenAI(model=f"streamed-{next(NUMBERS)}", base_url=server.url).open(corpus)([PROMPT])
    assert isinstance(failed, Failure)
    assert "a reply must be at most" in failed.message
    assert len(server.bodies) == 1


def test_a_compressed_stream_is_read_all_the_same(server: CompletionServer, corpus: Corpus) -> None:
    """Whole, though compression was not asked for."""
    lines = "\n\n".join([event({"content": "Rome"}), *ENDED]) + "\n\n"
    server.faults.append(ServerFault(200, gzip.compress(lines.encode()), EVENTS | {"Content-Encoding": "gzip"}))
    assert outcomes(drawn(server, corpus))[0].text
