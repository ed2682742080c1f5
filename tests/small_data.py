"""Real paragraphs and questions as files, for commands that read them."""

from __future__ import annotations

import json
from pathlib import Path

from tradespace.testing.paragraphs import documents, questions


def write_paragraphs(folder: Path) -> None:
    """Write 48 documents below `documents`, and `questions.jsonl` with 24 questions about them."""
    (folder / "documents").mkdir()
    for document in documents():
        (folder / "documents" / f"{document.id}.txt").write_text(document.text)
    rows = [
        {
            "id": question.id,
            "question": question.text,
            "answers": question.answers,
            "gold": [f"{document}.txt" for document in question.gold],
        }
        for question in questions()[:24]
    ]
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)))
