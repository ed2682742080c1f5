"""Writing what was recorded as files that a search space names: questions, documents, and a trace of arrivals."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace.data.traces.keeping import METADATA, Keeping
from tradespace.data.traces.requests import RecordedRequest
from tradespace.encoding import encodable
from tradespace.secrets import scrubbed

QUESTIONS_FILE, DOCUMENTS_FILE = "questions.jsonl", "documents.jsonl"
ANSWERS_FILE, LOAD_FILE = "answers.jsonl", "load.csv"


@dataclass(frozen=True, slots=True)
class ImportedFiles:
    """How many there are of what in each file that was written, by its path."""

    written: Mapping[Path, tuple[int, str]]


def write_files(requests: Sequence[RecordedRequest], folder: Path, keeping: Keeping) -> ImportedFiles:
    """Write what is kept of requests into a folder; a file that would be empty is left out.

    Raises:
        OSError: a file cannot be written.
    """
    asked = list(_asked(requests)) if keeping.keeps("question") else []
    parts: list[tuple[str, str, Iterable[Mapping[str, Any]]]] = [
        (QUESTIONS_FILE, "question", _questions(asked, keeping)),
        (ANSWERS_FILE, "answer", _answers_of(asked) if keeping.keeps("answer") else ()),
        (DOCUMENTS_FILE, "document", _documents(requests) if keeping.keeps("documents") else ()),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, what, rows in parts:
        if lines := [scrubbed(encodable(json.dumps(row, ensure_ascii=False))) for row in rows]:
            (folder / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
            written[folder / name] = (len(lines), what)
    if len(requests) > 1:
        (folder / LOAD_FILE).write_text(load_table(requests), encoding="utf-8")
        written[folder / LOAD_FILE] = (len(requests), "arrival")
    return ImportedFiles(written)


def load_table(requests: Sequence[RecordedRequest]) -> str:
    """Arrivals as CSV, in seconds from the first on, with the tokens of each request where all of them have any."""
    columns: dict[str, list[Any]] = {
        "time": [f"{request.arrived - requests[0].arrived:.6f}" for request in requests],
        "tokens_in": [request.tokens_in for request in requests],
        "tokens_out": [request.tokens_out for request in requests],
    }
    known = {name: values for name, values in columns.items() if None not in values}
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerows([known.keys(), *zip(*known.values(), strict=True)])
    return table.getvalue()


def _asked(requests: Sequence[RecordedRequest]) -> Iterator[tuple[str, RecordedRequest]]:
    """Each question once, under a name of its own: that of the recording would lead back to who asked."""
    first: dict[str, RecordedRequest] = {}
    for request in requests:
        if request.question:
            first.setdefault(request.question, request)
    yield from ((f"recorded/{number}", request) for number, request in enumerate(first.values(), start=1))


def _questions(asked: Iterable[tuple[str, RecordedRequest]], keeping: Keeping) -> Iterator[Mapping[str, Any]]:
    for identity, request in asked:
        groups = {field.removeprefix(METADATA): request.field(field) for field in keeping.groups}
        known = {column: value for column, value in groups.items() if value}
        yield {"id": identity, "question": request.question, **({"groups": known} if known else {})}


def _answers_of(asked: Iterable[tuple[str, RecordedRequest]]) -> Iterator[Mapping[str, Any]]:
    """What the system answered, apart from the questions: it is no reference."""
    return ({"id": identity, "answer": request.answer} for identity, request in asked if request.answer)


def _documents(requests: Sequence[RecordedRequest]) -> Iterator[Mapping[str, Any]]:
    """Each text that was retrieved once, under its own name where that is the name of no other."""
    retrieved = (document for request in requests for document in request.documents)
    texts: dict[str, str] = {}
    for document in retrieved:
        texts.setdefault(document.text, document.id)
    taken: set[str] = set()
    for number, (text, name) in enumerate(texts.items(), start=1):
        identity = name if name and name not in taken else f"retrieved/{number}"
        taken.add(identity)
        yield {"id": identity, "text": text}
