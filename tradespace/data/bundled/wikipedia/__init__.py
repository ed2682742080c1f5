"""Wikipedia passages with questions from XQuAD (240 paragraphs, 1,190 questions) and NQ-open (2,600 and 2,655)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from tradespace.data.dataset import Dataset
from tradespace.types import Document, Question

WIKIPEDIA_PARTS = ("xquad", "nq")
"""Where questions come from: `wikipedia/xquad` asks those of XQuAD alone, of the same documents."""


@cache
def wikipedia(part: str | None = None) -> Dataset:
    """The bundled dataset, or the questions of one of its `WIKIPEDIA_PARTS` over all its documents."""
    if part is not None:
        whole = wikipedia()
        chosen = tuple(question for question in whole.questions if question.id.startswith(f"{part}/"))
        return Dataset(f"wikipedia/{part}", whole.documents, chosen)
    documents = tuple(Document(**row) for row in _rows("documents.jsonl.gz"))
    questions = tuple(
        Question(row["id"], row["text"], tuple(row["answers"]), tuple(row["gold"]))
        for row in _rows("questions.jsonl.gz")
    )
    return Dataset("wikipedia", documents, questions)


def _rows(name: str) -> Iterator[dict[str, Any]]:
    return map(json.loads, gzip.decompress((files(__package__) / name).read_bytes()).splitlines())
