"""The same requests in every format that is read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.data.traces.examples import ASKED, FORMATS, READ, RETRIEVED, START, TEXTS, USD, WRITTEN, failed, written
from tradespace.data.traces import (
    TRACE_READERS,
    ReadingAccount,
    RecordedRequest,
    StageUse,
    read_requests,
    recorded_requests,
)
from tradespace.data.traces.conventions import RecordedDocument
from tradespace.data.traces.reading import NO_KNOWN_FORMAT
from tradespace.errors import DataError, FileError


def read(*paths: Path) -> tuple[RecordedRequest, ...]:
    """The requests of files, of which nothing is left out."""
    account = ReadingAccount()
    requests = read_requests(paths, account)
    assert not account.skipped
    return requests


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_records_the_same_requests(name: str, tmp_path: Path) -> None:
    """When they came, how long they and their stages took, what was asked, found and said, tokens, dollars, scores."""
    for request, asked in zip(read(written(tmp_path, name)), ASKED, strict=True):
        assert (request.arrived, request.seconds) == (START + asked.after, asked.seconds)
        assert (request.failed, request.question, request.answer) == (failed(asked), asked.question, asked.answer)
        assert request.documents == tuple(RecordedDocument(found, TEXTS[found]) for found in asked.found)
        scored = asked.score is not None and "rows" not in name  # rows of observations hold none
        assert request.scores == ({"correctness": asked.score} if scored else {})
        if failed(asked):
            assert (request.stages, request.tokens_in, request.usd) == ({}, None, None)
        else:
            rest = asked.seconds - RETRIEVED - 1 / 16
            assert dict(request.stages) == {
                "retrieve": StageUse(RETRIEVED),
                "generate": StageUse(rest, READ, WRITTEN, USD),
            }
            assert (request.tokens_in, request.tokens_out, request.usd) == (READ, WRITTEN, USD)
        assert [request.field(field) for field in ("user", "session", "metadata.language", "metadata.none")] == [
            "ada@example.org",
            "s-1",
            asked.language,
            "",
        ]


def test_formats_may_be_mixed_compressed_and_in_one_file(tmp_path: Path) -> None:
    """A list as a whole, a value on each line, several files; requests come in the order of their arrival."""
    whole = tmp_path / "whole.json"
    whole.write_text(json.dumps([*FORMATS["langfuse"](ASKED[1:2]), FORMATS["openinference"](ASKED[2:])], indent=1))
    packed = tmp_path / "packed.jsonl.gz"
    packed.write_bytes(gzip.compress(written(tmp_path, "gen_ai", ASKED[:1]).read_bytes()))
    account = ReadingAccount()
    requests = read_requests([whole, packed], account)
    assert [request.question for request in requests] == [asked.question for asked in ASKED]
    assert account.formats == {"langfuse": 1, "otlp": 2}


def test_what_is_broken_is_left_out_with_its_place(tmp_path: Path) -> None:
    """The rest is read: a cut line, a value of no format, a span without its trace, a trace without its time."""
    file = written(tmp_path, "openinference")
    spans = [{"spanId": "s", "startTimeUnixNano": "5"}]
    untraced = {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}
    timeless = {"id": "t9", "name": "rag", "observations": [{"id": "o", "type": "SPAN"}]}
    lines = ['{"resourceSpans": [', json.dumps({"a": 1}), json.dumps(untraced), json.dumps(timeless)]
    file.write_text("\n".join([file.read_text(encoding="utf-8"), *lines]), encoding="utf-8")
    account = ReadingAccount()
    assert len(read_requests([file], account)) == len(ASKED)
    assert [fault.where for fault in account.faults] == [f"{file}:{line}" for line in (4, 5, 6, 7, 7)]
    assert account.skipped[NO_KNOWN_FORMAT] == 1 and sum(account.skipped.values()) == 5
    assert "must be one whole JSON value" in account.faults[0].message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1}', "no traces were found. Valid: otlp: an object with `resourceSpans`"),
        ("", "the file is empty"),
        ("[[[[[[[[[[1]]]]]]]]]]", NO_KNOWN_FORMAT),
        ("[" * 300 + "]" * 300, "no traces were found"),
    ],
)
def test_a_file_without_traces_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """With the formats that are read."""
    file = tmp_path / "other.json"
    file.write_text(text)
    with pytest.raises(DataError) as caught:
        read_requests([file], ReadingAccount())
    assert message in str(caught.value)


@pytest.mark.parametrize(("content", "message"), [(b'{"resourceSpans": [\n', "cut short"), (b"\xff\xfe{}", "UTF-16")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    """As all files are."""
    file = tmp_path / "broken.json"
    file.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_requests([file], ReadingAccount())
    assert str(file) in str(caught.value) and message in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        {"resourceSpans": {"scopeSpans": 5}},
        {"resourceSpans": [{"scopeSpans": [{"spans": [None, 5, {"traceId": "t", "startTimeUnixNano": "soon"}]}]}]},
        {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "t", "startTimeUnixNano": 5, "attributes": [5]}]}]}]},
        {"context": {"trace_id": "t"}, "start_time": "never", "attributes": 5},
        {"context": {"trace_id": "t"}, "start_time": 5, "attributes": {"retrieval": {"documents": [1, {"x": 2}]}}},
        {"id": "t", "observations": [5, {"type": 5}], "scores": [5, "s", {"value": "x"}], "timestamp": "2026-01-01"},
        {"id": "t", "name": "n", "timestamp": "2026-01-01", "input": 5, "observations": 5, "scores": 5},
        {"traceId": "t", "type": "GENERATION", "startTime": "2026-01-01", "usage": "x", "costDetails": [1]},
    ],
)
def test_values_of_any_shape_raise_nothing(value: Any, tmp_path: Path) -> None:
    """Whatever stands where something else is expected: it is read as far as it goes, or left out."""
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(value))
    account = ReadingAccount()
    try:
        assert read_requests([file], account)
    except DataError:
        assert account.skipped or account.formats


def test_every_reader_says_what_it_reads() -> None:
    """Names are unique."""
    assert len({reader.name for reader in TRACE_READERS}) == len(TRACE_READERS)
    assert all(reader.layout and type(reader).__doc__ for reader in TRACE_READERS)


NAMES = st.sampled_from(
    [
        "resourceSpans",
        "scopeSpans",
        "spans",
        "attributes",
        "key",
        "value",
        "stringValue",
        "arrayValue",
        "values",
        "traceId",
        "spanId",
        "parentSpanId",
        "startTimeUnixNano",
        "endTimeUnixNano",
        "status",
        "code",
        "events",
        "name",
        "context",
        "trace_id",
        "start_time",
        "end_time",
        "observations",
        "type",
        "id",
        "timestamp",
        "input",
        "output",
        "usage",
        "scores",
        "metadata",
        "messages",
        "role",
        "parts",
        "content",
        "document",
        "retrieval",
        "documents",
        "data",
        "input.value",
        "retrieval.documents.0.document.content",
        "gen_ai.input.messages",
        "parent_id",
    ]
)
LEAVES = st.sampled_from([None, True, 0, 5, -1.5, 1e300, "", "x", "5", "2026-01-01T00:00:00Z", "SPAN", '{"a": [1]}'])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6))


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_no_value_ends_in_a_traceback(value: Any) -> None:
    """Whatever stands where."""
    account = ReadingAccount()
    spans = [span for reader in TRACE_READERS if reader.detects(value) for span in reader.spans(value, "here", account)]
    for request in recorded_requests(spans):
        assert request.seconds is None or request.seconds >= 0
        assert request.field("metadata.x") is not None


def test_spans_of_a_real_sdk_are_read(tmp_path: Path) -> None:
    """Those of OpenTelemetry's for Python, as it writes them by itself: the names of attributes are what counts."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("own")
    with tracer.start_as_current_span("answer", attributes={"input.value": "Who?", "output.value": "Rollo"}):
        documents = json.dumps([{"id": "d1", "content": TEXTS["d1"]}])
        retrieving = {"gen_ai.operation.name": "retrieval", "gen_ai.retrieval.documents": documents}
        with tracer.start_as_current_span("retrieval", attributes=retrieving):
            pass
        with tracer.start_as_current_span("chat", attributes={"gen_ai.operation.name": "chat"}) as span:
            span.set_attribute("gen_ai.usage.input_tokens", READ)
    with pytest.raises(ZeroDivisionError), tracer.start_as_current_span("answer", attributes={"input.value": "When?"}):
        raise ZeroDivisionError
    file = tmp_path / "spans.jsonl"
    file.write_text("\n".join(span.to_json(indent=None) for span in exporter.get_finished_spans()))
    answered, raised = read(file)
    assert (answered.question, answered.answer, answered.tokens_in, answered.failed) == ("Who?", "Rollo", READ, False)
    assert answered.documents == (RecordedDocument("d1", TEXTS["d1"]),)
    assert list(answered.stages) == ["retrieve", "generate"]
    assert (raised.question, raised.failed) == ("When?", True)
