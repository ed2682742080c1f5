"""Answers held to JSON: which calls are, what they are told, and what comes of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from tradespace.components.answers import ANSWER_FORMS, Form, extract, same
from tradespace.components.base import Call
from tradespace.components.corpus import Corpus
from tradespace.components.llms.chat_model import ChatModel
from tradespace.components.llms.openai import OpenAI
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.prompts.standard import Standard
from tradespace.components.prompts.tasks import DIRECT, JUDGE, NOTE, REVISE, SOLVE, THINK, Instruction
from tradespace.components.readers.llm import LLMReader
from tradespace.components.strategies.base import ModelCaller
from tradespace.components.strategies.structured import as_json
from tradespace.explorer.storage.codec import call_key
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.types import Completion, Failure, Request, Timed

MODEL = OpenAI(model="m", base_url="http://localhost:9/v1")
WITH_SCHEMA: list[Form] = [form for form, answers in ANSWER_FORMS.items() if answers.schema is not None]
ANSWERS: dict[Form, tuple[Any, str]] = {
    "number": (-12.5, "-12.5"),
    "choice": ("C", "C"),
    "yes_no": ("no", "no"),
    "span": ('the "Saxon" Garden', "the Saxon Garden"),
    "expression": ("(10 - 4) * 5", "(10 - 4) * 5"),
}


def call_of(instruction: Instruction, form: Form = "number", *, structured: bool = True, decline: bool = False) -> Call:
    """What a model is asked with an instruction."""
    caller = ModelCaller(MODEL, 60, form, Standard(decline=decline), structured=structured)
    return caller.call(instruction, Request("How many?"))


def schema_of(instruction: Instruction, form: Form, **more: Any) -> dict[str, Any]:
    """The schema of a call."""
    schema: dict[str, Any] = json.loads(call_of(instruction, form, **more).request.json_schema)
    return schema


@pytest.mark.parametrize("instruction", [DIRECT, THINK, REVISE])
@pytest.mark.parametrize("form", WITH_SCHEMA)
def test_an_answer_in_json_is_found_and_is_what_the_schema_wants(form: Form, instruction: Instruction) -> None:
    """Reasoning comes first where the model is to think; whatever else it says, the field counts."""
    written, answer = ANSWERS[form]
    reasoning = {} if instruction is DIRECT else {"reasoning": "The answer: 3? No, yes. Is it (A)?"}
    reply = {**reasoning, "answer": written}
    schema = schema_of(instruction, form)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(reply)
    assert not validator.is_valid({**reply, "more": 1})
    assert not validator.is_valid(reasoning)
    assert list(schema["properties"]) == list(reply)
    assert same(extract(json.dumps(reply), form), answer, form)


@pytest.mark.parametrize(("form", "wrong"), [("number", "many"), ("choice", "Z"), ("yes_no", "perhaps")])
def test_an_answer_of_another_form_is_not_to_the_schema(form: Form, wrong: str) -> None:
    """Such as an answer in words where a number is asked for."""
    assert not Draft202012Validator(schema_of(DIRECT, form)).is_valid({"answer": wrong})


def test_the_model_is_told_what_it_is_held_to() -> None:
    """A server constrains what is sampled; what the model would rather write is its prompt's doing."""
    told = call_of(THINK).request.messages[0].content
    assert "Answer the question from the passages." in told
    assert "`reasoning`" in told and "`answer`: a number" in told
    assert "ends with a line" not in told


def test_a_model_that_may_decline_can(corpus: Corpus) -> None:
    """`unknown` is no number, and is allowed all the same; it is no answer."""
    reply = json.dumps({"answer": "unknown"})
    assert Draft202012Validator(schema_of(DIRECT, "number", decline=True)).is_valid(json.loads(reply))
    assert ModelCaller(MODEL, 60, "span", Standard(decline=True), structured=True).answer_in(reply) == ""


@pytest.mark.parametrize("instruction", [JUDGE, NOTE, SOLVE])
def test_what_is_no_answer_stays_a_free_text(instruction: Instruction) -> None:
    """Judgements, notes and steps of a solver."""
    assert call_of(instruction) == call_of(instruction, structured=False)


def test_code_stays_a_free_text() -> None:
    """JSON does not suit it."""
    assert as_json(DIRECT, "code") == (DIRECT, "")


def test_only_structured_calls_are_addressed_by_their_schema(corpus: Corpus) -> None:
    """All others keep the addresses that they had."""
    free, held = call_of(DIRECT, structured=False), call_of(DIRECT)
    assert free.request.json_schema == ""
    keys = {call_key(call, corpus) for call in (free, held, call_of(DIRECT, "yes_no"))}
    assert len(keys) == 3
    assert LLMReader(model=MODEL, structured=False).key == LLMReader(model=MODEL).key
    assert LLMReader(model=MODEL, structured=True).key != LLMReader(model=MODEL).key


@pytest.mark.parametrize("text", ['{"reasoning": "the answer: 3, or', '{"reasoning": "3 and 4 are 7", "ans', "{\n"])
def test_a_chain_that_was_cut_off_before_its_answer_has_none(text: str) -> None:
    """Whatever its reasoning says."""
    caller = ModelCaller(MODEL, 60, "number", structured=True)
    assert caller.conclusion(Completion(text, 9, 60, "length")) == ""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model": TinyReasoner()}, "structured must be false where the model is tiny_reasoner"),
        ({"model": ChatModel(model="my.own.Model")}, "structured must be false where the model is chat_model"),
        ({"model": MODEL, "form": "code"}, "structured must be false where answers are code"),
    ],
)
def test_what_cannot_be_held_to_a_schema_is_refused_before_anything_runs(
    settings: dict[str, Any], message: str
) -> None:
    """By the component's own rules, which `check` tells."""
    with pytest.raises(ValidationError, match=message):
        LLMReader(structured=True, **settings)


def test_a_server_is_told_the_schema(server: CompletionServer, corpus: Corpus) -> None:
    """As OpenAI's interface has it, which vLLM, llama.cpp, Ollama and most providers know."""
    call = call_of(THINK)
    OpenAI(model="structured", base_url=server.url).open(corpus)([call.request, call_of(JUDGE).request])
    held, free = sorted(server.bodies, key=lambda body: "response_format" not in body)
    assert held["response_format"]["type"] == "json_schema"
    assert held["response_format"]["json_schema"]["schema"] == json.loads(call.request.json_schema)
    assert "response_format" not in free


def test_a_server_that_refuses_a_schema_is_not_asked_without(server: CompletionServer, corpus: Corpus) -> None:
    """It was the user's choice; the message says what to do."""
    message = "This response_format type is unavailable now"
    server.refused = {"response_format": json.dumps({"error": {"message": message}})}
    (failed,) = OpenAI(model="schemaless", base_url=server.url).open(corpus)([call_of(DIRECT).request])
    assert isinstance(failed, Failure)
    assert message in failed.message
    assert "`structured: false`" in failed.message
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("openai:tiny", ("response_format", "json_schema", "schema")),
        ("anthropic:claude-tiny", ("output_config", "format", "schema")),
        ("google_genai:gemini-tiny", ("generationConfig", "responseJsonSchema")),
    ],
)
def test_providers_packages_write_the_schema_as_their_server_wants_it(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, name: str, place: tuple[str, ...]
) -> None:
    """Each in a place of its own."""
    for variable in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.setenv(variable, "secret")
    base_url = server.url if name.startswith("openai") else server.root
    model = ChatModel(model=name, arguments={"base_url": base_url})
    (drawn,) = model.open(corpus)([call_of(DIRECT).request])
    assert isinstance(drawn, Timed)
    found: Any = server.bodies[-1]
    for step in place:
        found = found[step]
    assert found["properties"]["answer"]["type"] == "number"


def test_a_reply_that_was_cut_off_is_kept_and_told(
    server: CompletionServer, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by OpenAI's package, which would raise in its place; it was paid for."""
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    model = ChatModel(model="openai:tiny", arguments={"base_url": server.url, "extra_body": {"more": 1}})
    (drawn,) = model.open(corpus)([replace(call_of(DIRECT).request, max_tokens=2)])
    assert isinstance(drawn, Timed) and isinstance(drawn.outcome, Completion)
    assert (drawn.outcome.finish_reason, drawn.outcome.tokens_out) == ("length", 2)
    assert server.bodies[-1]["more"] == 1


def test_a_reader_answers_from_json(server: CompletionServer, corpus: Corpus) -> None:
    """From the prompt to the answer."""
    reply = {"choices": [{"message": {"content": '{\n "answer": 47\n}'}, "finish_reason": "stop"}]}
    server.faults.append(ServerFault(200, json.dumps(reply)))
    reader = LLMReader(model=OpenAI(model="reader", base_url=server.url), form="number", structured=True)
    process = reader.process(Request("How old is Marina?"))
    (call,) = next(process)
    (drawn,) = call.component.open(corpus)([call.request])
    assert isinstance(drawn, Timed)
    with pytest.raises(StopIteration) as answered:
        process.send([drawn.outcome])
    assert answered.value.value.text == "47"
