"""Three requests as OpenTelemetry (by either names of attributes), Phoenix and Langfuse record them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

START = 1_700_000_000.0
TEXTS = {"d1": "Rollo led the Normans.", "d2": "Oxygen has atomic number 8."}


@dataclass(frozen=True)
class Asked:
    """A request: when it came after the first, how long it took, what it found and said."""

    after: float
    seconds: float
    question: str
    answer: str = ""
    found: tuple[str, ...] = ()
    score: float | None = None
    language: str = "en"


ASKED = (
    Asked(0.0, 0.5, "Who led the Normans?", "Rollo", ("d1", "d2"), 1.0),
    Asked(2.0, 0.25, "Where?"),  # failed
    Asked(3.5, 0.75, "Wer führte die Normannen?", "Rollo", ("d1",), 0.0, "de"),
)
RETRIEVED, READ, WRITTEN, USD = 0.125, 120, 12, 0.0004
"""Seconds of retrieving; tokens and dollars of generating, which takes the rest but a sixteenth of a second."""


def failed(asked: Asked) -> bool:
    """Whether nothing was answered."""
    return not asked.answer


def openinference(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """A value of OTLP for each request, by OpenInference's names, documents an attribute for each part."""
    return [_otlp(number, each, *_openinference(each)) for number, each in _numbered(asked)]


def gen_ai(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """The same by OpenTelemetry's GenAI conventions, messages and documents as JSON."""
    return [_otlp(number, each, *_gen_ai(each)) for number, each in _numbered(asked)]


def phoenix(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Spans as Phoenix's API lists them."""
    spans: list[dict[str, Any]] = []
    for number, each in _numbered(asked):
        for place, (start, seconds, attributes) in enumerate(_parts(each, *_openinference(each))):
            spans.append(
                {
                    "name": "span",
                    "context": {"trace_id": f"t{number}", "span_id": f"s{number}{place}"},
                    "parent_id": f"s{number}0" if place else None,
                    "start_time": _iso(start),
                    "end_time": _iso(start + seconds),
                    "status_code": "ERROR" if failed(each) and not place else "OK",
                    "attributes": attributes,
                    "annotations": _annotations(each) if not place else [],
                }
            )
    return [{"data": spans, "next_cursor": None}]


def langfuse(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """A trace for each request, with observations and scores, as the interface downloads it."""
    return [_langfuse(number, each) for number, each in _numbered(asked)]


def langfuse_rows(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Rows of observations as the export to a bucket has them, nested values as JSON."""
    rows = []
    for number, each in _numbered(asked):
        whole = _langfuse(number, each)
        top = {"id": f"o{number}", "traceId": f"t{number}", "type": "SPAN", "startTime": _iso(START + each.after)}
        top |= {"endTime": _iso(START + each.after + each.seconds), "level": "ERROR" if failed(each) else "DEFAULT"}
        top |= {name: whole[name] for name in ("input", "output", "userId", "sessionId", "metadata")}
        within = {"traceId": f"t{number}", "parentObservationId": f"o{number}"}
        nested = [{**one, **within} for one in whole["observations"]]
        rows += [{_snake(name): _text(value) for name, value in row.items()} for row in (top, *nested)]
    return rows


FORMATS: dict[str, Callable[[Sequence[Asked]], list[dict[str, Any]]]] = {
    "openinference": openinference,
    "gen_ai": gen_ai,
    "phoenix": phoenix,
    "langfuse": langfuse,
    "langfuse_rows": langfuse_rows,
}


def written(folder: Path, name: str, asked: Sequence[Asked] = ASKED) -> Path:
    """A file of traces in a format, a value on each line."""
    file = folder / f"{name}.jsonl"
    file.write_text("\n".join(json.dumps(value) for value in FORMATS[name](asked)), encoding="utf-8")
    return file


def _numbered(asked: Sequence[Asked]) -> list[tuple[int, Asked]]:
    """Each with a number of its own, which its trace is named after."""
    return [(round(10 * each.after), each) for each in asked]


def _parts(each: Asked, whole: Any, retrieve: Any, generate: Any) -> list[tuple[float, float, dict[str, Any]]]:
    """Start, seconds and attributes of the spans of a request, the outermost first."""
    start = START + each.after
    if failed(each):
        return [(start, each.seconds, whole)]
    rest = each.seconds - RETRIEVED - 1 / 16
    return [(start, each.seconds, whole), (start, RETRIEVED, retrieve), (start + RETRIEVED, rest, generate)]


def _openinference(each: Asked) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    documents = {
        f"retrieval.documents.{place}.document.{part}": value
        for place, name in enumerate(each.found)
        for part, value in (("id", name), ("content", TEXTS[name]), ("score", 0.5))
    }
    whole = {
        "openinference.span.kind": "CHAIN",
        "input.value": json.dumps({"query": each.question, "top_k": 2}),
        "input.mime_type": "application/json",
        "output.value": each.answer,
        "user.id": "ada@example.org",
        "session.id": "s-1",
        "metadata": json.dumps({"language": each.language}),
    }
    retrieve = {"openinference.span.kind": "RETRIEVER", "input.value": each.question, **documents}
    generate = {
        "openinference.span.kind": "LLM",
        "llm.model_name": "gpt-5-mini",
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": f"{TEXTS['d1']} {each.question}",
        "output.value": each.answer,
        "llm.token_count.prompt": READ,
        "llm.token_count.completion": WRITTEN,
        "llm.cost.total": USD,
    }
    return whole, retrieve, generate


def _gen_ai(each: Asked) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    def message(role: str, text: str) -> list[dict[str, Any]]:
        return [{"role": role, "parts": [{"type": "text", "content": text}]}]

    whole = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.input.messages": json.dumps(message("user", each.question)),
        "gen_ai.output.messages": message("assistant", each.answer) if each.answer else [],
        "enduser.id": "ada@example.org",
        "gen_ai.conversation.id": "s-1",
        "metadata.language": each.language,
    }
    retrieve = {
        "gen_ai.operation.name": "retrieval",
        "gen_ai.retrieval.query.text": each.question,
        "gen_ai.retrieval.documents": [{"id": name, "content": TEXTS[name], "score": 0.5} for name in each.found],
    }
    generate = {
        "gen_ai.operation.name": "chat",
        "gen_ai.usage.input_tokens": READ,
        "gen_ai.usage.output_tokens": WRITTEN,
        "gen_ai.usage.cost": USD,
    }
    return whole, retrieve, generate


def _otlp(number: int, each: Asked, *attributes: dict[str, Any]) -> dict[str, Any]:
    spans = [
        {
            "traceId": f"t{number}",
            "spanId": f"s{number}{place}",
            "parentSpanId": f"s{number}0" if place else "",
            "name": "span",
            "startTimeUnixNano": str(int(Fraction(start) * 10**9)),
            "endTimeUnixNano": str(int(Fraction(start + seconds) * 10**9)),
            "attributes": [{"key": key, "value": _any_value(value)} for key, value in known.items()],
            "status": {"code": 2, "message": "boom"} if failed(each) and not place else {},
            "events": _evaluations(each) if not place else [],
        }
        for place, (start, seconds, known) in enumerate(_parts(each, *attributes))
    ]
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {"name": "own"}, "spans": spans}]}]}


def _evaluations(each: Asked) -> list[dict[str, Any]]:
    if each.score is None:
        return []
    noted = {"gen_ai.evaluation.name": "correctness", "gen_ai.evaluation.score.value": each.score}
    attributes = [{"key": key, "value": _any_value(value)} for key, value in noted.items()]
    return [{"name": "gen_ai.evaluation.result", "timeUnixNano": "0", "attributes": attributes}]


def _any_value(value: Any) -> dict[str, Any]:
    """A value as OTLP writes it in JSON."""
    if isinstance(value, list):
        return {"arrayValue": {"values": [_any_value(each) for each in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": [{"key": key, "value": _any_value(each)} for key, each in value.items()]}}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": value}


def _annotations(each: Asked) -> list[dict[str, Any]]:
    return [] if each.score is None else [{"name": "correctness", "result": {"score": each.score, "label": "x"}}]


def _langfuse(number: int, each: Asked) -> dict[str, Any]:
    parts = _parts(each, {}, {}, {})
    retrieve = {
        "type": "RETRIEVER",
        "input": {"query": each.question},
        "output": [{"pageContent": TEXTS[name], "metadata": {"source": name}} for name in each.found],
    }
    generate = {
        "type": "GENERATION",
        "model": "gpt-5-mini",
        "output": {"role": "assistant", "content": each.answer},
        "usageDetails": {"input": READ, "output": WRITTEN, "total": READ + WRITTEN},
        "costDetails": {"total": USD},
    }
    failing = {"type": "SPAN", "level": "ERROR", "statusMessage": "boom"}
    kinds = [failing] if failed(each) else [retrieve, generate, {"type": "EVENT"}]
    spans = parts if failed(each) else [*parts[1:], (START + each.after + each.seconds, 0.0, {})]
    observations = [
        {
            "id": f"o{number}{place}",
            "traceId": f"t{number}",
            "parentObservationId": None,
            "startTime": _iso(start),
            "endTime": _iso(start + seconds),
            "level": "DEFAULT",
            **kind,
        }
        for place, (kind, (start, seconds, _)) in enumerate(zip(kinds, spans, strict=True))
    ]
    scores = [] if each.score is None else [{"name": "correctness", "value": each.score, "dataType": "NUMERIC"}]
    return {
        "id": f"t{number}",
        "timestamp": _iso(START + each.after),
        "name": "rag",
        "input": {"messages": [{"role": "user", "content": each.question}]},
        "output": each.answer,
        "userId": "ada@example.org",
        "sessionId": "s-1",
        "metadata": {"language": each.language},
        "latency": each.seconds,
        "observations": observations,
        "scores": scores,
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value
