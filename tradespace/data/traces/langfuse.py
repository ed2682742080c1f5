from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from tradespace.data.traces.base import ReadingAccount, RecordedSpan
from tradespace.data.traces.fields import finite_number, flat, json_within, seconds_since_1970

_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_KIND = {
    "generation": "LLM",
    "retriever": "RETRIEVER",
    "embedding": "EMBEDDING",
    "tool": "TOOL",
    "agent": "AGENT",
    "chain": "CHAIN",
    "span": "CHAIN",
    "evaluator": "EVALUATOR",
    "guardrail": "GUARDRAIL",
    "event": "EVENT",
}
"""Langfuse's types of observations as OpenInference's kinds of spans."""


class Langfuse:
    """Langfuse's exports: traces with their `observations` and `scores`, as the interface downloads and its API returns
    them; and rows of observations, as a table or the export to a bucket has them.
    https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields
    """

    name: ClassVar[str] = "langfuse"
    layout: ClassVar[str] = "traces with `observations`, or rows of observations with `traceId` and `type`"

    def detects(self, value: Any) -> bool:
        if not isinstance(value, Mapping):
            return False
        plain = _snaked(value)
        return isinstance(plain.get("observations"), list) or _is_observation(plain) or _is_trace(plain)

    def spans(self, value: Any, where: str, account: ReadingAccount) -> Iterator[RecordedSpan]:
        plain = _snaked(value)
        if _is_observation(plain):
            yield from _observation(plain, where, account)
            return
        nested = plain.get("trace")
        trace = {**plain, **_snaked(nested)} if isinstance(nested, Mapping) else plain
        whole = [_snaked(each) for each in _objects(plain.get("observations"))]
        identity = str(trace.get("id") or next((each["trace_id"] for each in whole if each.get("trace_id")), ""))
        spans = [span for each in whole for span in _observation({**each, "trace_id": identity}, where, account)]
        yield from _root(trace, identity, spans, where, account)
        yield from (replace(span, parent=span.parent or f"trace {identity}") for span in spans)


def _is_observation(plain: Mapping[str, Any]) -> bool:
    return "trace_id" in plain and str(plain.get("type", "")).lower() in _KIND


def _is_trace(plain: Mapping[str, Any]) -> bool:
    """Whether it is a trace without its observations, as a table of traces has it."""
    return {"id", "timestamp", "name"} <= plain.keys() and bool({"input", "latency", "total_cost"} & plain.keys())


def _root(
    trace: Mapping[str, Any], identity: str, spans: list[RecordedSpan], where: str, account: ReadingAccount
) -> Iterator[RecordedSpan]:
    """The trace itself as a span, from its first observation to the end of its last."""
    start = min([span.start for span in spans], default=seconds_since_1970(trace.get("timestamp")))
    if not identity or start is None:
        account.skip("a trace must have an `id` and a `timestamp`", where)
        return
    ends = [span.start + span.seconds for span in spans if span.seconds is not None]
    latency = finite_number(trace.get("latency"))
    seconds = max(ends) - start if ends else latency if latency and latency > 0 else None
    tops = [span for span in spans if not span.parent]
    failed = bool(tops) and tops[-1].failed
    cost = {} if spans else {"llm.cost.total": trace.get("total_cost")}
    attributes = {**_common(trace), **cost, **dict(_scores(trace))}
    yield RecordedSpan(identity, f"trace {identity}", "", start, seconds, failed, attributes)


def _observation(plain: Mapping[str, Any], where: str, account: ReadingAccount) -> Iterator[RecordedSpan]:
    start, end = seconds_since_1970(plain.get("start_time")), seconds_since_1970(plain.get("end_time"))
    if not plain.get("trace_id") or start is None:
        account.skip("an observation must have a `traceId` and a `startTime`", where)
        return
    usage = json_within(plain.get("usage_details") or plain.get("usage"))
    costs = json_within(plain.get("cost_details"))
    usd = plain.get("total_cost", plain.get("calculated_total_cost"))
    yield RecordedSpan(
        trace=str(plain["trace_id"]),
        span=str(plain.get("id") or ""),
        parent=str(plain.get("parent_observation_id") or ""),
        start=start,
        seconds=end - start if end is not None and end >= start else None,
        failed=str(plain.get("level", "")).upper() == "ERROR",
        attributes={
            **_common(plain),
            "openinference.span.kind": _KIND.get(str(plain.get("type", "")).lower(), ""),
            "llm.token_count.prompt": _named(usage, "input", "prompt_tokens", "input_tokens"),
            "llm.token_count.completion": _named(usage, "output", "completion_tokens", "output_tokens"),
            "llm.cost.total": _named(costs, "total") if usd is None else usd,
        },
    )


def _common(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What traces and observations have in common, by OpenInference's names."""
    names = {"input": "input.value", "output": "output.value", "user_id": "user.id", "session_id": "session.id"}
    common = {name: plain[own] for own, name in names.items() if plain.get(own) is not None}
    metadata = json_within(plain.get("metadata"))
    return {**common, **(dict(flat(metadata, "metadata")) if isinstance(metadata, Mapping) else {})}


def _scores(trace: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for score in _objects(trace.get("scores")):
        if finite_number(score.get("value")) is not None:
            yield f"eval.{score.get('name', 'score')}.score", score["value"]


def _objects(values: Any) -> list[Mapping[str, Any]]:
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


def _named(values: Any, *names: str) -> Any:
    return next((values[name] for name in names if name in values), None) if isinstance(values, Mapping) else None


def _snaked(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same with names as the exports to buckets have them: `trace_id` for `traceId`."""
    return {_CAPITAL.sub(lambda found: f"_{found[1].lower()}", str(name)): each for name, each in value.items()}
