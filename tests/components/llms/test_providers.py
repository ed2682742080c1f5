"""Anthropic and Google through LangChain's packages, against a server that speaks their protocols."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.llms.chat_model import ChatModel
from tradespace.components.remote.dialects import shared_dialect
from tradespace.errors import ComponentError
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.testing.language_model_contract import PROMPT, SAMPLED, complete, samples
from tradespace.types import Completion, Failure, NoAnswer, Timed

KEY = "key-that-nobody-may-read"
JSON = {"Content-Type": "application/json"}
VARIABLES = {"anthropic": "ANTHROPIC_API_KEY", "google_genai": "GOOGLE_API_KEY"}


@pytest.fixture(params=["anthropic:claude-tiny", "google_genai:gemini-tiny"])
def model(request: pytest.FixtureRequest, server: CompletionServer, monkeypatch: pytest.MonkeyPatch) -> ChatModel:
    """A model of each provider in turn, of which nothing is known yet."""
    return provided(request.param, server, monkeypatch)


def provided(name: str, server: CompletionServer, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> ChatModel:
    """A model of a provider whose address is the server's."""
    monkeypatch.setenv(VARIABLES[name.partition(":")[0]], f"{KEY}\n")
    model = ChatModel(model=name, arguments={"base_url": server.root}, **settings)
    shared_dialect(model.address, model.host, model.model).refused.clear()
    return model


def refusing(status: int, message: str, **headers: str) -> ServerFault:
    """An error as both providers write it."""
    body = {"type": "error", "error": {"type": "some_error", "code": status, "message": message, "status": "SOME"}}
    return ServerFault(status, json.dumps(body), JSON | headers)


def saying(**message: Any) -> ServerFault:
    """A message of Anthropic's with these fields instead of the usual ones."""
    usual = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-tiny", "stop_reason": "end_turn",
             "stop_sequence": None, "usage": {"input_tokens": 9, "output_tokens": 5}}  # fmt: skip
    return ServerFault(200, json.dumps({**usual, **message}), JSON)


def generating(**response: Any) -> ServerFault:
    """A response of Google's with these fields."""
    return ServerFault(200, json.dumps({"modelVersion": "gemini-tiny", **response}), JSON)


def candidate(*parts: dict[str, Any], reason: str = "STOP") -> list[dict[str, Any]]:
    """The one candidate of a response of Google's."""
    return [{"content": {"role": "model", "parts": list(parts)}, "finishReason": reason}]


def test_a_model_answers_and_tells_its_tokens(server: CompletionServer, corpus: Corpus, model: ChatModel) -> None:
    """Its text, its end, and the tokens that are paid for: none of it is estimated."""
    assert complete(model, corpus, [PROMPT]) == [Completion("age of marina is 47. answer: 47", 28, 12)]
    assert KEY in str(server.keys)


def test_a_completion_that_is_cut_off_says_so(server: CompletionServer, corpus: Corpus, model: ChatModel) -> None:
    """Each provider has its own name for that."""
    (cut,) = complete(model, corpus, [replace(PROMPT, max_tokens=3)])
    assert (cut.finish_reason, cut.tokens_out) == ("length", 3)


def test_what_the_provider_kept_of_a_prompt_is_recorded(corpus: Corpus, model: ChatModel) -> None:
    """Cached tokens are part of the prompt's, and said to be cached."""
    operator = model.open(corpus)
    operator([PROMPT])
    (drawn,) = operator([PROMPT])
    assert isinstance(drawn, Timed)
    assert isinstance(drawn.outcome, Completion)
    assert (drawn.cached, drawn.outcome.tokens_in) == (28, 28)


@pytest.mark.parametrize("fault", [refusing(429, "slow down"), refusing(529, "Overloaded"), ServerFault(status=0)])
def test_what_may_pass_is_tried_again_by_tradespace_alone(
    server: CompletionServer, corpus: Corpus, model: ChatModel, fault: ServerFault
) -> None:
    """One request for each attempt: the packages' own retries would be counted among the seconds of service."""
    server.faults.append(fault)
    (drawn,) = model.open(corpus)([PROMPT])
    assert isinstance(drawn, Timed)
    assert drawn.waited > 0
    assert len(server.bodies) == 2
    server.faults.extend([fault] * 3)
    (failed,) = model.model_copy(update={"attempts": 3}).open(corpus)([PROMPT])
    assert isinstance(failed, Failure)
    assert len(server.bodies) == 5


def test_retries_that_the_user_asks_for_are_left_to_the_package(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in `arguments` is what the class is made with."""
    server.faults.append(refusing(429, "slow down", **{"retry-after": "0"}))
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    patient = ChatModel(
        model="anthropic:claude-tiny", arguments={"base_url": server.root, "max_retries": 1}, attempts=1
    )
    complete(patient, corpus, [PROMPT])
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (refusing(401, f"invalid x-api-key {KEY}"), "does not accept the key"),
        (refusing(400, "API key not valid. Please pass a valid API key."), "does not accept the key"),
        (refusing(400, "Your credit balance is too low"), "add credit"),
        (refusing(404, "model: claude-tiny"), "no such model"),
        (refusing(400, "prompt is too long: 210000 tokens > 200000 maximum"), "fewer or shorter passages"),
        (
            refusing(400, "The input token count (9) exceeds the maximum number of tokens allowed (8)."),
            "fewer or shorter",
        ),
    ],
)
def test_a_refusal_says_what_to_do(
    server: CompletionServer, corpus: Corpus, model: ChatModel, fault: ServerFault, advice: str
) -> None:
    """At once, in the provider's words, and without the key."""
    server.faults.append(fault)
    (failed,) = model.open(corpus)([PROMPT])
    assert isinstance(failed, Failure)
    assert advice in failed.message
    assert KEY not in failed.message
    assert len(server.bodies) == 1


def test_a_parameter_that_the_model_refuses_is_left_out(
    server: CompletionServer, corpus: Corpus, model: ChatModel
) -> None:
    """As by models with a fixed temperature."""
    server.faults.append(refusing(400, "`temperature` is not supported for this model"))
    (first,) = complete(model, corpus, [PROMPT])
    assert first.text
    assert "temperature" in shared_dialect(model.address, model.host, model.model).refused


def test_seeds_are_not_sent_where_the_package_knows_none(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anthropic has none: its samples are drawn all the same, each by a request."""
    model = provided("anthropic:claude-tiny", server, monkeypatch)
    assert len(complete(model, corpus, samples(0, 1, 2))) == 3
    assert all("seed" not in body and body["temperature"] == SAMPLED.temperature for body in server.bodies)


def test_a_model_that_its_package_knows_to_be_fixed_is_asked_without_a_temperature(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package refuses before it sends anything; its other parameters are kept."""
    complete(provided("anthropic:claude-sonnet-5-5", server, monkeypatch), corpus, [PROMPT])
    (body,) = server.bodies
    assert "temperature" not in body
    assert body["max_tokens"] == PROMPT.max_tokens


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (
            "anthropic:claude-tiny",
            saying(
                content=[
                    {"type": "thinking", "thinking": "Paris? answer: Paris", "signature": "s"},
                    {"type": "text", "text": "Rome"},
                ],
                usage={"input_tokens": 9, "output_tokens": 50},
            ),
        ),
        (
            "google_genai:gemini-tiny",
            generating(
                candidates=candidate({"text": "Paris? answer: Paris", "thought": True}, {"text": "Rome"}),
                usageMetadata={"promptTokenCount": 9, "candidatesTokenCount": 1, "thoughtsTokenCount": 49,
                               "totalTokenCount": 59},
            ),
        ),
    ],
    ids=["anthropic", "google"],
)  # fmt: skip
def test_thoughts_are_apart_and_paid_for(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, name: str, fault: ServerFault
) -> None:
    """They are no answer, and among the tokens out."""
    server.faults.append(fault)
    assert complete(provided(name, server, monkeypatch), corpus, [PROMPT]) == [
        Completion("Rome", 9, 50, thoughts="Paris? answer: Paris")
    ]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (saying(content=[], stop_reason="refusal"), "withheld: it ended with 'refusal'"),
        (saying(content=[]), "the reply is empty"),
        (
            saying(content=[{"type": "thinking", "thinking": "Is it", "signature": "s"}], stop_reason="max_tokens"),
            "still thinking",
        ),
        (generating(candidates=candidate(reason="SAFETY")), "ended with 'SAFETY'"),
        (generating(candidates=candidate(reason="LANGUAGE")), "ended with 'LANGUAGE'"),
        (generating(promptFeedback={"blockReason": "SAFETY"}), "was blocked (SAFETY)"),
        (generating(candidates=candidate(reason="MAX_TOKENS")), "cut off at max_tokens=40"),
    ],
)
def test_what_is_no_answer_is_a_failure_that_says_why(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, fault: ServerFault, why: str
) -> None:
    """Whatever the provider calls it."""
    server.faults.append(fault)
    name = "google_genai:gemini-tiny" if "modelVersion" in str(fault.body) else "anthropic:claude-tiny"
    (drawn,) = provided(name, server, monkeypatch).open(corpus)([PROMPT])
    assert isinstance(drawn, NoAnswer)
    assert why in drawn.message


def test_a_missing_key_is_told(
    server: CompletionServer, corpus: Corpus, model: ChatModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the variable that is read, before anything is sent."""
    variable = VARIABLES[model.address]
    monkeypatch.delenv(variable)
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    with pytest.raises(ComponentError, match=variable):
        model.open(corpus)
    assert not server.bodies
