from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from tradespace.data.traces.base import ReadingAccount, RecordedSpan
from tradespace.data.traces.fields import count_of, finite_number, flat

_RESOURCES = ("resourceSpans", "resource_spans")
_SCOPES = ("scopeSpans", "scope_spans", "instrumentationLibrarySpans")
_ERRORS = (2, "2", "STATUS_CODE_ERROR")
_EVALUATION = "gen_ai.evaluation.result"


class OTLP:
    """OpenTelemetry's protocol as JSON, as the collector's file exporter writes it: an object with `resourceSpans`, or
    one on each line. https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
    """

    name: ClassVar[str] = "otlp"
    layout: ClassVar[str] = "an object with `resourceSpans`, or one on each line"

    def detects(self, value: Any) -> bool:
        return isinstance(value, Mapping) and any(name in value for name in _RESOURCES)

    def spans(self, value: Any, where: str, account: ReadingAccount) -> Iterator[RecordedSpan]:
        for resource in _listed(value, _RESOURCES):
            for scope in _listed(resource, _SCOPES):
                for span in _listed(scope, ("spans",)):
                    yield from _span(span, where, account)


def _span(span: Mapping[str, Any], where: str, account: ReadingAccount) -> Iterator[RecordedSpan]:
    trace = str(span.get("traceId") or span.get("trace_id") or "")
    start, end = (
        count_of(span.get(f"{edge}TimeUnixNano", span.get(f"{edge}_time_unix_nano"))) for edge in ("start", "end")
    )
    if not trace or not start:
        account.skip("a span must have a `traceId` and a `startTimeUnixNano`", where)
        return
    status = span.get("status")
    yield RecordedSpan(
        trace=trace,
        span=str(span.get("spanId") or span.get("span_id") or ""),
        parent=str(span.get("parentSpanId") or span.get("parent_span_id") or ""),
        start=start / 1e9,
        seconds=(end - start) / 1e9 if end and end >= start else None,
        failed=isinstance(status, Mapping) and status.get("code") in _ERRORS,
        attributes=dict(_attributes(span)) | dict(_evaluations(span)),
    )


def _attributes(holder: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for attribute in _listed(holder, ("attributes",)):
        yield from flat(_plain(attribute.get("value")), str(attribute.get("key", "")))


def _evaluations(span: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Scores that were noted as events of a span."""
    for event in _listed(span, ("events",)):
        known = dict(_attributes(event))
        score = finite_number(known.get("gen_ai.evaluation.score.value"))
        if event.get("name") == _EVALUATION and score is not None:
            yield f"eval.{known.get('gen_ai.evaluation.name', 'score')}.score", score


def _plain(value: Any) -> Any:
    """A value of OTLP as JSON would have it."""
    if not isinstance(value, Mapping) or not value:
        return value
    kind, inner = next(iter(value.items()))
    if kind in ("arrayValue", "array_value"):
        return [_plain(each) for each in _listed_values(inner)]
    if kind in ("kvlistValue", "kvlist_value"):
        return {str(each.get("key", "")): _plain(each.get("value")) for each in _listed(inner, ("values",))}
    return count_of(inner) if kind in ("intValue", "int_value") and count_of(inner) is not None else inner


def _listed_values(array: Any) -> list[Any]:
    values = array.get("values") if isinstance(array, Mapping) else None
    return values if isinstance(values, list) else []


def _listed(holder: Any, names: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """The objects in a list under the first of these names that is there."""
    found = next((holder[name] for name in names if name in holder), None) if isinstance(holder, Mapping) else None
    for each in found if isinstance(found, list) else ():
        if isinstance(each, Mapping):
            yield each
