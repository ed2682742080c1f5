from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from tradespace.data.traces.base import ReadingAccount, RecordedSpan
from tradespace.data.traces.fields import finite_number, flat, seconds_since_1970

_ATTRIBUTES = "attributes."


class Phoenix:
    """Spans of Arize Phoenix, by its API or its table of spans as JSON, and spans as OpenTelemetry's SDK for Python has
    them (`ReadableSpan.to_json`), one on each line: with `context.trace_id`, `start_time` and
    `attributes` by OpenInference's names. https://arize.com/docs/phoenix, "Export Data & Query Spans"
    """

    name: ClassVar[str] = "phoenix"
    layout: ClassVar[str] = "spans with `context.trace_id`, `start_time` and `attributes`"

    def detects(self, value: Any) -> bool:
        if not isinstance(value, Mapping):
            return False
        context = value.get("context")
        return "context.trace_id" in value or (isinstance(context, Mapping) and "trace_id" in context)

    def spans(self, value: Any, where: str, account: ReadingAccount) -> Iterator[RecordedSpan]:
        row = dict(flat(value))
        start, end = (seconds_since_1970(row.get(f"{edge}_time")) for edge in ("start", "end"))
        if not row.get("context.trace_id") or start is None:
            account.skip("a span must have a `context.trace_id` and a `start_time`", where)
            return
        attributes = {
            name.removeprefix(_ATTRIBUTES): each for name, each in row.items() if name.startswith(_ATTRIBUTES)
        }
        kind = {"openinference.span.kind": row["span_kind"]} if "span_kind" in row else {}
        yield RecordedSpan(
            trace=str(row["context.trace_id"]),
            span=str(row.get("context.span_id") or ""),
            parent=str(row.get("parent_id") or ""),
            start=start,
            seconds=end - start if end is not None and end >= start else None,
            failed=str(row.get("status_code", row.get("status.status_code", ""))).upper() == "ERROR",
            attributes={**kind, **attributes, **dict(_annotations(row))},
        )


def _annotations(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Scores that a span was given: annotations, by the name of what gave them."""
    for name in ("annotations", "span_annotations"):
        for each in row.get(name) or () if isinstance(row.get(name), list) else ():
            known = dict(flat(each))
            score = finite_number(known.get("result.score", known.get("score")))
            if score is not None:
                yield f"eval.{known.get('name', known.get('annotation_name', 'score'))}.score", score
