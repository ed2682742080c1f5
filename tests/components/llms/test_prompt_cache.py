"""What is timed has its prompts read anew, on a real server that keeps them."""

from __future__ import annotations

from itertools import count

import pytest

from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.chat_model import ChatModel
from tradespace.components.llms.openai import OpenAI
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.testing.language_model_contract import PROMPT
from tradespace.types import Failure, Timed

NUMBERS = count()


def model(server: CompletionServer, **settings: object) -> OpenAI:
    """A client of the server, with limits of its own."""
    return OpenAI(model=f"kept-{next(NUMBERS)}", base_url=server.url).with_settings(**settings)


def kept(operator: Operator) -> int | None:
    """Tokens that the server says it kept of the prompt."""
    (drawn,) = operator([PROMPT])
    assert isinstance(drawn, Timed), drawn
    return drawn.cached


def test_a_prompt_that_comes_again_is_read_again_where_it_is_timed(server: CompletionServer, corpus: Corpus) -> None:
    """Without, this server answers it from what it kept, as llama.cpp and vLLM do."""
    asked = model(server)
    plain, timed = asked.open(corpus), asked.open_for_timing(corpus)
    assert kept(plain) == 0
    assert (kept(plain) or 0) > 0
    assert [kept(timed), kept(timed), kept(timed)] == [0, 0, 0]
    assert (kept(plain) or 0) > 0


def test_no_two_timed_requests_share_a_salt(server: CompletionServer, corpus: Corpus) -> None:
    """What one of them leaves behind is of no use to another; and exploration sends none."""
    asked = model(server)
    timed = asked.open_for_timing(corpus)
    timed([PROMPT])
    timed([PROMPT])
    asked.open(corpus)([PROMPT])
    salts = [body.get("cache_salt") for body in server.bodies]
    assert len({*salts}) == 3 and salts[-1] is None
    assert [body.get("cache_prompt") for body in server.bodies] == [False, False, None]


def test_a_server_that_knows_no_such_fields_is_asked_without(server: CompletionServer, corpus: Corpus) -> None:
    """Once it has refused them, they are not sent again; that its cache may help is told."""
    server.refused = {"cache_salt": "unknown fields: ['cache_salt']"}
    timed = model(server).open_for_timing(corpus)
    assert kept(timed) == 0
    assert (kept(timed) or 0) > 0
    assert ["cache_salt" in body for body in server.bodies] == [True, False, False]


def test_a_refusal_for_another_reason_is_no_refusal_of_the_fields(server: CompletionServer, corpus: Corpus) -> None:
    """The next request is sent with them again."""
    server.faults.extend([ServerFault(400, "too long"), ServerFault(400, "too long")])
    timed = model(server).open_for_timing(corpus)
    (drawn,) = timed([PROMPT])
    assert isinstance(drawn, Failure) and "too long" in drawn.message
    assert kept(timed) == 0
    assert "cache_salt" in server.bodies[-1]


@pytest.mark.parametrize(
    ("asked", "apart"),
    [
        (OpenAI(model="any"), False),
        (OpenAI(model="any", base_url="http://localhost:8080/v1"), True),
        (OpenAI(model="any", base_url="http://192.0.2.7/v1"), False),
        (OpenAI(model="any", base_url="http://192.0.2.7/v1", own=True), True),
        (OpenAI(model="any", base_url="http://127.0.0.1:4000/v1", own=False), False),
        (ChatModel(model="ollama:any"), False),
        (ChatModel(model="ollama:any", own=True), True),
        (ChatModel(model="openai:any", arguments={"base_url": "http://127.0.0.1:8000/v1"}), True),
    ],
    ids=str,
)
def test_servers_on_this_machine_and_those_that_are_said_to_be_ones_own_are_timed_apart(
    asked: OpenAI | ChatModel, apart: bool
) -> None:
    """A proxy of a provider on this machine is not, where that is said."""
    assert asked.timed_apart is apart


def test_whose_the_server_is_repeats_no_call() -> None:
    """No completion depends on it."""
    assert OpenAI(model="any", own=True).key == OpenAI(model="any").key


def test_requests_tell_how_many_were_under_way(server: CompletionServer, corpus: Corpus) -> None:
    """Their seconds hold under that load."""
    prompts = [PROMPT.__class__(PROMPT.messages, max_tokens=length) for length in range(20, 24)]
    server.faults.extend([ServerFault(delay=0.2, answered=True)] * 4)
    together = model(server, concurrency=4).open(corpus)(prompts)
    alone = model(server, concurrency=1).open(corpus)(prompts)
    assert max(outcome.concurrency or 0 for outcome in together if isinstance(outcome, Timed)) > 1
    assert [outcome.concurrency for outcome in alone if isinstance(outcome, Timed)] == [1] * 4
