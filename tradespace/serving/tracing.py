"""OpenTelemetry spans by the semantic conventions for generative AI, for whoever configures an exporter.

Without one, as is usual, these calls do nothing. Neither questions nor answers are in a span.
https://github.com/open-telemetry/semantic-conventions-genai
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind, Tracer

from tradespace.components.roles import Role, stage_called
from tradespace.serving.dispatcher import ServedAnswer, ServedSpan

GEN_AI_OPERATIONS = {Role.RETRIEVE: "retrieval", Role.GENERATE: "chat"}
"""What the conventions call the work of a kind of stage; others have no name there."""


@contextmanager
def traced_request(name: str, headers: Mapping[str, str]) -> Iterator[Span]:
    """A span for one request of the study of that name, as a part of the trace that its headers name."""
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):  # nobody exports: nothing is looked up
        yield trace.INVALID_SPAN
        return
    context = None if trace.get_current_span().get_span_context().is_valid else propagate.extract(headers)
    attributes = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": name}
    with _tracer().start_as_current_span(
        f"invoke_workflow {name}", context=context, kind=SpanKind.INTERNAL, attributes=attributes
    ) as span:
        yield span


def trace_stages(request: Span, answer: ServedAnswer) -> None:
    """Spans for the stages of a request that has just been answered: they end one after the other, the last one now."""
    if not request.is_recording():
        return
    request.set_attribute("tradespace.pipeline", str(answer.pipeline))
    moment = time.time_ns() - sum(_nanoseconds(span.queued + span.seconds) for span in answer.spans)
    for served in answer.spans:
        begin = moment + _nanoseconds(served.queued)
        moment = begin + _nanoseconds(served.seconds)
        span = _tracer().start_span(served.stage, start_time=begin, attributes=_attributes(served))
        span.end(moment)


def _attributes(served: ServedSpan) -> dict[str, str | float]:
    attributes: dict[str, str | float] = {
        "tradespace.component": served.component,
        "tradespace.queued_seconds": served.queued,
    }
    if (kind := stage_called(served.stage)) and kind[0] in GEN_AI_OPERATIONS:
        attributes["gen_ai.operation.name"] = GEN_AI_OPERATIONS[kind[0]]
    return attributes


def _tracer() -> Tracer:
    return trace.get_tracer("tradespace")


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)
