"""LangChain's chat models, by provider or by dotted path."""

from __future__ import annotations

import asyncio
import gzip
import sys
import threading
from collections.abc import Callable

import httpx
import pytest
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import ValidationError

from tradespace.components import bounded_http
from tradespace.components.corpus import Corpus
from tradespace.components.llms.chat_model import ChatModel
from tradespace.errors import ComponentError
from tradespace.testing import langchain_classes
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.testing.langchain_classes import TinyChatModel
from tradespace.testing.language_model_contract import PROMPT, complete, samples
from tradespace.types import Completion, Failure, NoAnswer, Timed

KEY = "sk-nobody-may-read-this"
OWN = f"{langchain_classes.__name__}.TinyChatModel"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("nonsense:model", "Unable to infer model provider"),
        ("no.such.Model", "the module can't be imported"),
        ("pathlib.Path", "must be a subclass of langchain_core.language_models.chat_models.BaseChatModel"),
    ],
)
def test_a_model_that_does_not_exist_is_told(corpus: Corpus, model: str, message: str) -> None:
    """When it is opened, in the words of who knows."""
    with pytest.raises(ComponentError, match=message):
        ChatModel(model=model).open(corpus)


def test_a_name_alone_is_no_model() -> None:
    """It needs its provider, or its package."""
    with pytest.raises(ValidationError, match="model"):
        ChatModel(model="gpt")


def test_the_key_comes_from_the_environment(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the provider's class reads it; it is no setting."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    complete(ChatModel(model="openai:tiny", arguments={"base_url": server.url}), corpus, [PROMPT])
    assert server.keys == ["Bearer secret"]


def test_a_key_is_sent_without_the_line_break_of_its_file(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it is the provider's package that reads it."""
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\r\n")
    complete(ChatModel(model="openai:tiny", arguments={"base_url": server.url}), corpus, [PROMPT])
    assert server.keys == [f"Bearer {KEY}"]


def test_a_key_that_the_http_library_quotes_is_not_passed_on(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line break within it makes the library quote the header; what it says of it is told, without the key."""
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\r{KEY}")
    model = ChatModel(model="openai:tiny", arguments={"base_url": server.url, "max_retries": 0}, attempts=1)
    (drawn,) = model.open(corpus)([PROMPT])
    assert isinstance(drawn, Failure)
    assert "Illegal header value" in drawn.message
    assert "nobody-may" not in drawn.message


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (ConnectionError("no route"), 3),
        (httpx.ReadTimeout("late"), 3),
        (httpx.HTTPStatusError("busy", request=httpx.Request("POST", "http://a"), response=httpx.Response(503)), 3),
        (httpx.HTTPStatusError("no", request=httpx.Request("POST", "http://a"), response=httpx.Response(401)), 1),
        (ValueError("temperature"), 1),
    ],
    ids=["no connection", "timeout", "503", "401", "a mistake"],
)
@pytest.mark.usefixtures("server")
def test_what_may_pass_is_tried_again(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, error: Exception, attempts: int
) -> None:
    """Each provider's package raises its own exceptions; their status and their kind tell."""
    made: list[int] = []

    def fail(*arguments: object, **more: object) -> None:
        made.append(1)
        raise error

    monkeypatch.setattr(TinyChatModel, "_generate", fail)
    (drawn,) = ChatModel(model=OWN, attempts=3).open(corpus)([PROMPT])
    assert isinstance(drawn, Failure)
    assert type(error).__name__ in drawn.message
    assert len(made) == attempts


def test_calls_are_timed_as_they_are_made(server: CompletionServer, corpus: Corpus) -> None:
    """They are somebody else's seconds; each sample is a request of its own."""
    drawn = ChatModel(model=OWN).open(corpus)(samples(0, 1))
    assert all(isinstance(one, Timed) and one.seconds > 0 and one.host == OWN for one in drawn)


def test_a_failed_request_of_a_provider_leaves_the_others_alone(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its place, with the provider's own words."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    server.faults.append(
        ServerFault(400, '{"error": {"message": "unknown model"}}', {"Content-Type": "application/json"})
    )
    drawn = ChatModel(model="openai:tiny", arguments={"base_url": server.url}).open(corpus)(samples(0, 1, 2))
    failures = [one.message for one in drawn if isinstance(one, Failure)]
    assert len(failures) == 1
    assert "unknown model" in failures[0]


def replying(monkeypatch: pytest.MonkeyPatch, message: AIMessage) -> ChatModel:
    """A model whose class sends this message."""
    result = ChatResult(generations=[ChatGeneration(message=message)])
    monkeypatch.setattr(TinyChatModel, "_generate", lambda *arguments, **more: result)
    return ChatModel(model=OWN)


THINKING = {"type": "thinking", "thinking": "Paris? answer: Paris"}


@pytest.mark.parametrize(
    "message",
    [
        AIMessage([THINKING, {"type": "text", "text": "Rome"}]),
        AIMessage("Rome", additional_kwargs={"reasoning_content": "Paris? answer: Paris"}),
        AIMessage("<think>Paris? answer: Paris</think>Rome"),
    ],
    ids=["parts", "beside", "tags"],
)
@pytest.mark.usefixtures("server")
def test_thoughts_are_kept_apart(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, message: AIMessage) -> None:
    """In whatever form a provider's package hands them over."""
    (completion,) = complete(replying(monkeypatch, message), corpus, [PROMPT])
    assert (completion.text, completion.thoughts) == ("Rome", "Paris? answer: Paris")


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (AIMessage(""), "the reply is empty"),
        (AIMessage([THINKING], response_metadata={"stop_reason": "max_tokens"}), "still thinking"),
        (AIMessage("", additional_kwargs={"refusal": "I can't."}), "refuses"),
        (AIMessage("", response_metadata={"finish_reason": "SAFETY"}), "withheld"),
    ],
    ids=["empty", "thinking", "refusal", "filtered"],
)
@pytest.mark.usefixtures("server")
def test_what_is_no_answer_is_a_failure_that_says_why(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, message: AIMessage, why: str
) -> None:
    """Whatever the provider calls it."""
    (drawn,) = replying(monkeypatch, message).open(corpus)([PROMPT])
    assert isinstance(drawn, NoAnswer)
    assert why in drawn.message


@pytest.mark.usefixtures("server")
def test_thoughts_count_where_a_model_counts_nothing(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """They were written, and are paid for."""
    message = AIMessage("Rome", additional_kwargs={"reasoning_content": "x" * 36})
    (completion,) = complete(replying(monkeypatch, message), corpus, [PROMPT])
    assert completion == Completion("Rome", completion.tokens_in, 10, thoughts="x" * 36, tokens_estimated=True)


def leave(*_arguments: object, **_more: object) -> None:
    """End the program."""
    sys.exit(3)


async def leave_at_once(*_arguments: object, **_more: object) -> None:
    """End the program from within the event loop of all requests."""
    sys.exit(3)


async def leave_in_a_task(*_arguments: object, **_more: object) -> None:
    """End the program from a task of one's own."""
    await asyncio.create_task(leave_at_once())


@pytest.mark.parametrize(
    ("method", "ending"), [("_generate", leave), ("_agenerate", leave_at_once), ("_agenerate", leave_in_a_task)]
)
def test_a_model_that_ends_the_program_fails_and_the_next_request_is_answered(
    method: str, ending: Callable[..., object], corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it forever."""
    with monkeypatch.context() as patch:
        patch.setattr(TinyChatModel, method, ending)
        (drawn,) = ChatModel(model=OWN).open(corpus)([PROMPT])
    assert isinstance(drawn, Failure)
    assert "SystemExit" in drawn.message
    (answered,) = ChatModel(model=OWN).open(corpus)([PROMPT])
    assert isinstance(answered, Timed)


@pytest.mark.parametrize("status", [200, 500])
def test_a_reply_that_unfolds_to_too_much_is_a_failure_at_once(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """The clients of providers' packages are bounded as Tradespace's own is."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setattr(bounded_http, "LARGEST_REPLY", 100_000)
    zeros = ServerFault(status, gzip.compress(bytes(1_000_000)), {"Content-Encoding": "gzip"})
    server.faults.extend([zeros] * 3)
    model = ChatModel(model="openai:tiny", arguments={"base_url": server.url, "max_retries": 0})
    (drawn,) = model.open(corpus)([PROMPT])
    assert isinstance(drawn, Failure)
    assert "a reply must be at most" in drawn.message
    assert len(server.bodies) == 1


def test_a_model_that_blocks_is_given_up(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its thread is left to itself, also when the program ends."""
    ended = threading.Event()
    monkeypatch.setattr(TinyChatModel, "_generate", lambda *arguments, **more: ended.wait(60))
    (drawn,) = ChatModel(model=OWN, timeout=0.2, attempts=1).open(corpus)([PROMPT])
    ended.set()
    assert isinstance(drawn, Failure)
    assert "no answer within 0.2 seconds" in drawn.message
