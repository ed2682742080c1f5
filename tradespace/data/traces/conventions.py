"""Names of attributes: what OpenInference and OpenTelemetry's GenAI conventions call the same thing.

OpenInference: https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md. GenAI:
https://github.com/open-telemetry/semantic-conventions-genai, and the older names that instrumentations still write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tradespace.data.traces.fields import asked_in, count_of, finite_number, flat, json_within

Attributes = Mapping[str, Any]

STAGE_OF_KIND = {
    "retriever": "retrieve",
    "retrieval": "retrieve",
    "reranker": "rerank",
    "rerank": "rerank",
    "llm": "generate",
    "chat": "generate",
    "text_completion": "generate",
    "generate_content": "generate",
    "generation": "generate",
    "embedding": "embed",
    "embeddings": "embed",
    "tool": "tool",
    "execute_tool": "tool",
}
"""The stage that a kind of span, or an operation, is the work of."""
_KIND = ("openinference.span.kind", "gen_ai.operation.name", "traceloop.span.kind")
_INPUT = (
    "input.value",
    "gen_ai.retrieval.query.text",
    "gen_ai.input.messages",
    "llm.input_messages",
    "gen_ai.prompt",
    "traceloop.entity.input",
)
_OUTPUT = (
    "output.value",
    "gen_ai.output.messages",
    "llm.output_messages",
    "gen_ai.completion",
    "traceloop.entity.output",
)
_TOKENS_IN = ("llm.token_count.prompt", "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
_TOKENS_OUT = ("llm.token_count.completion", "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
_USD = ("llm.cost.total", "gen_ai.usage.cost")
_USER = ("user.id", "enduser.id")
_SESSION = ("session.id", "gen_ai.conversation.id")
_DOCUMENTS = ("reranker.output_documents", "retrieval.documents", "gen_ai.retrieval.documents")
_CONTENT = ("document.content", "content", "text", "page_content", "pageContent")
_IDENTITY = ("document.id", "id", "document_id", "doc_id", "source")
_SCORE = re.compile(r"eval\.(.+)\.score")


@dataclass(frozen=True, slots=True)
class RecordedDocument:
    """A text that was retrieved; `id` is empty where it has none."""

    id: str
    text: str


def stage_of(attributes: Attributes) -> str:
    """The stage that a span is the work of; empty where it is none by itself, as of a chain."""
    kinds = (str(attributes.get(name, "")).lower() for name in _KIND)
    return next((STAGE_OF_KIND[kind] for kind in kinds if kind in STAGE_OF_KIND), "")


def question_of(attributes: Attributes) -> str:
    """What was asked; empty where that was not recorded."""
    return _first_text(attributes, _INPUT)


def answer_of_span(attributes: Attributes) -> str:
    """What came back; empty where that was not recorded."""
    return _first_text(attributes, _OUTPUT)


def tokens_of(attributes: Attributes) -> tuple[int | None, int | None]:
    """Tokens read and written; None where they were not counted."""
    read, written = (_first(attributes, names) for names in (_TOKENS_IN, _TOKENS_OUT))
    return count_of(read), count_of(written)


def usd_of(attributes: Attributes) -> float | None:
    """Dollars; None where they were not recorded."""
    usd = finite_number(_first(attributes, _USD))
    return usd if usd is not None and usd >= 0 else None


def documents_of(attributes: Attributes) -> tuple[RecordedDocument, ...]:
    """The texts that were retrieved, or left after reranking, best first."""
    every = (tuple(_documents_under(attributes, name)) for name in _DOCUMENTS)
    found = next((documents for documents in every if documents), ())
    if found or stage_of(attributes) not in ("retrieve", "rerank"):
        return found
    output = json_within(_first(attributes, _OUTPUT))
    if isinstance(output, Mapping):
        output = next((each for each in output.values() if isinstance(each, list)), None)
    return tuple(_documents_in(output))


def scores_of(attributes: Attributes) -> dict[str, float]:
    """Scores that a request was given, by name."""
    matches = ((_SCORE.fullmatch(name), value) for name, value in attributes.items())
    named = ((match[1], finite_number(value)) for match, value in matches if match)
    return {name: score for name, score in named if score is not None}


def field_of(attributes: Attributes, field: str) -> str:
    """A further field: `user`, `session`, or `metadata.` and its name; empty where there is none."""
    names = {"user": _USER, "session": _SESSION}.get(field, (field,))
    value = _first(attributes, names)
    if value is None and field.startswith("metadata."):
        whole = json_within(attributes.get("metadata"))
        value = dict(flat(whole)).get(field.removeprefix("metadata.")) if isinstance(whole, Mapping) else None
    return "" if value is None else str(value)


def _first(attributes: Attributes, names: tuple[str, ...]) -> Any:
    return next((attributes[name] for name in names if attributes.get(name) not in (None, "")), None)


def _first_text(attributes: Attributes, names: tuple[str, ...]) -> str:
    values = (attributes.get(name, _gathered(attributes, name)) for name in names)
    return next((text for value in values if value is not None and (text := asked_in(value))), "")


def _gathered(attributes: Attributes, name: str) -> Any:
    """Messages that are written as an attribute for each of their parts: `llm.input_messages.0.message.content`."""
    places = _numbered(attributes, name)
    messages = [
        {key.removeprefix("message."): value for key, value in parts.items()} for _, parts in sorted(places.items())
    ]
    return messages or None


def _documents_under(attributes: Attributes, name: str) -> Iterator[RecordedDocument]:
    whole = json_within(attributes.get(name))
    if isinstance(whole, list):
        yield from _documents_in(whole)
    for _, parts in sorted(_numbered(attributes, name).items()):
        yield from _document(parts)


def _numbered(attributes: Attributes, name: str) -> dict[int, dict[str, Any]]:
    """Attributes `NAME.PLACE.REST` as `REST` by place."""
    places: dict[int, dict[str, Any]] = {}
    for key, value in attributes.items():
        place, _, rest = key.removeprefix(f"{name}.").partition(".") if key.startswith(f"{name}.") else ("", "", "")
        if place.isdecimal():
            places.setdefault(int(place), {})[rest] = value
    return places


def _documents_in(output: Any) -> Iterator[RecordedDocument]:
    for each in output if isinstance(output, list) else ():
        if isinstance(each, str) and each.strip():
            yield RecordedDocument("", each)
        elif isinstance(each, Mapping):
            yield from _document({**dict(flat(each)), **each})


def _document(parts: Mapping[str, Any]) -> Iterator[RecordedDocument]:
    """A document, if it has a text."""
    named = {**parts, **{key.rpartition("document.")[2]: value for key, value in parts.items()}}
    text = next((named[name] for name in _CONTENT if isinstance(named.get(name), str)), "")
    identity = next((named[name] for name in (*_IDENTITY, "metadata.source") if named.get(name) not in (None, "")), "")
    if text.strip():
        yield RecordedDocument(str(identity), text)
