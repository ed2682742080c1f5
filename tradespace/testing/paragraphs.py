"""48 Wikipedia paragraphs with a question each: small enough to encode in a test, real enough to retrieve from."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from tradespace.types import Document, Question


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files("tradespace.testing").joinpath("paragraphs.jsonl").read_text(encoding="utf-8")
    return tuple(json.loads(line) for line in text.splitlines())


def documents() -> tuple[Document, ...]:
    """The paragraphs."""
    return tuple(Document(row["id"], row["text"], row["title"]) for row in _rows())


def questions() -> tuple[Question, ...]:
    """One question for each paragraph, in the same order."""
    return tuple(Question(row["id"], row["question"], (row["answer"],), (row["id"],)) for row in _rows())
