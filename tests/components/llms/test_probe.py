"""A model is asked shortly, before much is asked of it."""

from __future__ import annotations

import json

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.probe import Probe, probe
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.errors import ComponentError
from tradespace.testing.completion_server import CompletionServer, ServerFault


def test_a_server_that_answers_tells_its_speed(server: CompletionServer, corpus: Corpus) -> None:
    """Timed is the second request: the first one may wait until the server has loaded its model."""
    model = OpenAI(model="probed", base_url=server.url)
    server.faults.extend([ServerFault(answered=True), ServerFault(delay=0.1, answered=True)])
    measured = probe(model, model.open(corpus))
    assert measured.seconds > 0.1
    assert 0 < measured.tokens_out <= 64
    assert [body["max_tokens"] for body in server.bodies] == [16, 64]


def test_a_model_of_this_process_tells_its_speed(corpus: Corpus) -> None:
    """Its seconds are those of the call."""
    model = TinyReasoner(size="small")
    measured = probe(model, model.open(corpus))
    assert measured.seconds > 0
    assert measured.tokens_per_second == measured.tokens_out / measured.seconds


def test_a_server_that_refuses_is_told(server: CompletionServer, corpus: Corpus) -> None:
    """In its own words, after one request."""
    server.faults.append(ServerFault(404, "no model called probed"))
    model = OpenAI(model="probed", base_url=server.url)
    with pytest.raises(ComponentError, match="no model called probed"):
        probe(model, model.open(corpus))
    assert len(server.bodies) == 1


def test_tokens_per_second_count_the_whole_request() -> None:
    """What a call takes is what an estimate needs."""
    assert Probe(seconds=0.5, tokens_out=20).tokens_per_second == 40


def reply(content: str | None, reason: str) -> ServerFault:
    """A reply with this content, which ended for this reason."""
    choice = {"message": {"content": content}, "finish_reason": reason}
    return ServerFault(200, json.dumps({"choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 16}}))


def test_thoughts_that_were_cut_off_show_a_model_at_work(server: CompletionServer, corpus: Corpus) -> None:
    """They have no end in so few tokens."""
    server.faults.extend([reply("<think>Two is", "length")] * 2)
    model = OpenAI(model="thinking", base_url=server.url)
    assert probe(model, model.open(corpus)).tokens_out == 16


def test_a_model_that_says_nothing_does_not_answer(server: CompletionServer, corpus: Corpus) -> None:
    """The server is there, but what it sends is no answer to anything."""
    server.faults.append(reply(None, "stop"))
    model = OpenAI(model="silent", base_url=server.url)
    with pytest.raises(ComponentError, match="the reply is empty"):
        probe(model, model.open(corpus))
