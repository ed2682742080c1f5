"""Tools are declared, called and answered as a server of the OpenAI kind, and LangChain, write that."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.chat_messages import as_chat
from tradespace.components.llms.chat_model import ChatModel
from tradespace.components.llms.openai import OpenAI
from tradespace.testing.completion_server import CompletionServer, ServerFault, scripted_reply
from tradespace.testing.language_model_contract import complete
from tradespace.types import Completion, Failure, Message, Prompt, ToolCall, ToolDeclaration

NUMBERS = count()
HATS, CATS = ToolCall("search", '{"query": "hats"}'), ToolCall("search", '{"query": "cats"}')
PROMPT = Prompt((Message("user", "Who has hats?"),), tools=(ToolDeclaration("search", "Finds passages.", "query"),))
ANSWERED = replace(
    PROMPT,
    messages=(
        *PROMPT.messages,
        Message("assistant", "", (HATS, CATS)),
        Message("tool", "Ada has hats."),
        Message("tool", "Bob has cats."),
    ),
)
MODELS: dict[str, Callable[[str], LanguageModel]] = {
    "openai": lambda url: OpenAI(model=f"tools-{next(NUMBERS)}", base_url=url),
    "chat_model": lambda url: ChatModel(
        model=f"openai:tools-{next(NUMBERS)}", arguments={"base_url": url, "max_retries": 0}
    ),
}


@pytest.fixture(params=list(MODELS))
def model(request: pytest.FixtureRequest, server: CompletionServer, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    """Each model that takes tools, in turn."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    return MODELS[request.param](server.url)


def test_calls_are_read(server: CompletionServer, model: LanguageModel, corpus: Corpus) -> None:
    """In their order, with arguments as JSON; nothing need be said beside them."""
    server.faults.append(scripted_reply("", HATS, CATS))
    assert complete(model, corpus, [PROMPT]) == [Completion("", 10, 5, tool_calls=(HATS, CATS))]


def test_arguments_that_are_no_json_are_kept_as_they_are(
    server: CompletionServer, model: LanguageModel, corpus: Corpus
) -> None:
    """Whoever asked can tell the model."""
    server.faults.append(scripted_reply("", ToolCall("search", '{"query": ')))
    assert complete(model, corpus, [PROMPT])[0].tool_calls == (ToolCall("search", '{"query": '),)


def test_tools_are_declared_with_the_schema_of_their_argument(
    server: CompletionServer, model: LanguageModel, corpus: Corpus
) -> None:
    """One text, which must be given."""
    server.faults.append(scripted_reply("Ada"))
    complete(model, corpus, [PROMPT])
    (declared,) = server.bodies[0]["tools"]
    assert (declared["type"], declared["function"]["name"]) == ("function", "search")
    assert declared["function"]["description"] == "Finds passages."
    schema = declared["function"]["parameters"]
    assert (schema["properties"], schema["required"]) == ({"query": {"type": "string"}}, ["query"])


def test_what_tools_found_stands_behind_the_call_that_asked_for_it(
    server: CompletionServer, model: LanguageModel, corpus: Corpus
) -> None:
    """By an identifier of its own, which is the same whenever the chat is the same."""
    server.faults.extend([scripted_reply("Ada")] * 2)
    complete(model, corpus, [ANSWERED])
    complete(model, corpus, [replace(ANSWERED, max_tokens=9)])
    sent, again = (body["messages"] for body in server.bodies)
    assert sent == again
    asked, *found = sent[1:]
    assert [(call["function"]["name"], json.loads(call["function"]["arguments"])) for call in asked["tool_calls"]] == [
        ("search", {"query": "hats"}),
        ("search", {"query": "cats"}),
    ]
    assert [message["content"] for message in found] == ["Ada has hats.", "Bob has cats."]
    identifiers = [call["id"] for call in asked["tool_calls"]]
    assert [message["tool_call_id"] for message in found] == identifiers
    assert len(set(identifiers)) == 2


def test_without_tools_a_call_is_no_answer(server: CompletionServer, model: LanguageModel, corpus: Corpus) -> None:
    """A model that calls what it was not given has not answered."""
    server.faults.append(scripted_reply("", HATS))
    (drawn,) = model.open(corpus)([replace(PROMPT, tools=())])
    assert isinstance(drawn, Failure)
    assert "withheld: it ended with 'tool_calls'" in drawn.message


def test_a_chat_without_tools_is_written_as_ever() -> None:
    """Chat templates look for fields that others do not have."""
    assert as_chat(PROMPT.messages) == [{"role": "user", "content": "Who has hats?"}]


def test_a_server_without_tools_is_told_what_to_do(server: CompletionServer, corpus: Corpus) -> None:
    """There is a protocol for it."""
    server.faults.append(ServerFault(400, '{"error": {"message": "this model does not support tools"}}'))
    (drawn,) = MODELS["openai"](server.url).open(corpus)([PROMPT])
    assert isinstance(drawn, Failure)
    assert "say `protocol: text` of the agent" in drawn.message


def test_a_class_without_tools_is_told_what_to_do(corpus: Corpus) -> None:
    """As one of one's own may be."""
    own = ChatModel(model="tradespace.testing.langchain_classes.TinyChatModel")
    (drawn,) = own.open(corpus)([PROMPT])
    assert isinstance(drawn, Failure)
    assert "TinyChatModel takes no tools: say `protocol: text`" in drawn.message
