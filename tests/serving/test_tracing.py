"""Spans by OpenTelemetry's conventions, where somebody collects them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tradespace.components.notation import parse
from tradespace.explorer.running.jobs import TokensUsed
from tradespace.serving.dispatcher import ServedAnswer, ServedSpan
from tradespace.serving.tracing import trace_stages, traced_request
from tradespace.types import Answer

PIPELINE = parse("bm25(top_k=3) >> word_overlap(keep=1) >> sentence(passages=1)")
SPANS = tuple(
    ServedSpan(stage, repr(component), queued=0.25, seconds=0.5) for stage, component in PIPELINE.online.items()
)
ANSWER = ServedAnswer(Answer("an answer", 1.0), (), SPANS, PIPELINE, TokensUsed())
CALLER = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> dict[str, ReadableSpan]:
    """What is collected of one request, by name."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    with traced_request("study", {"traceparent": f"00-{CALLER}-b7ad6b7169203331-01"}) as span:
        trace_stages(span, ANSWER)
    return {each.name: each for each in exporter.get_finished_spans()}


def test_a_request_is_a_workflow_with_its_stages(spans: dict[str, ReadableSpan]) -> None:
    """Each a child of it, with the operation that the conventions name."""
    request = spans.pop("invoke_workflow study")
    assert request.attributes
    assert request.attributes["gen_ai.operation.name"] == "invoke_workflow"
    assert request.attributes["gen_ai.workflow.name"] == "study"
    assert list(spans) == ["retrieve", "rerank", "generate"]
    operations = [(each.attributes or {}).get("gen_ai.operation.name") for each in spans.values()]
    assert operations == ["retrieval", None, "chat"]
    assert {each.parent.span_id for each in spans.values() if each.parent} == {request.context.span_id}


def test_stages_follow_each_other(spans: dict[str, ReadableSpan]) -> None:
    """Each after its wait."""
    times = [(each.start_time or 0, each.end_time or 0) for name, each in spans.items() if " " not in name]
    assert [round((end - start) / 1e9, 3) for start, end in times] == [0.5] * 3
    waits = [round((later[0] - before[1]) / 1e9, 3) for before, later in pairwise(times)]
    assert waits == [0.25, 0.25]


def test_a_trace_of_the_client_goes_on(spans: dict[str, ReadableSpan]) -> None:
    """As its headers say."""
    assert {f"{each.context.trace_id:032x}" for each in spans.values()} == {CALLER}


def test_no_text_is_in_a_span(spans: dict[str, ReadableSpan]) -> None:
    """Neither the question nor the answer."""
    assert not [each for each in spans.values() if "an answer" in each.to_json()]


def test_nothing_is_recorded_unless_somebody_collects() -> None:
    """As is usual."""
    with traced_request("study", {}) as span:
        trace_stages(span, ANSWER)
        assert not trace.get_current_span().is_recording()
