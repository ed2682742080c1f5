"""Questions, and documents, as files that `Files` reads and people edit: JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tradespace.types import Document, Evidence, Question


def question_lines(questions: Iterable[Question], *, exact: bool = False) -> str:
    """Questions as JSON lines, in their order.

    Args:
        questions: what is written.
        exact: write evidence by its place in its document, where that is known, which is read back as just that place;
            else by its words, which people can read and which stand for every place that has them.

    >>> print(question_lines([Question("1", "Who sat?", ("the cat",), ("pets.md",))]), end="")
    {"id": "1", "question": "Who sat?", "answers": ["the cat"], "gold": ["pets.md"]}
    """
    return _lines(_record(question, exact=exact) for question in questions)


def document_lines(documents: Iterable[Document]) -> str:
    """Documents as JSON lines, in their order: what they are called and what they say, without headings and pages.

    >>> print(document_lines([Document("pets.md", "The cat sat.", "Pets")]), end="")
    {"id": "pets.md", "text": "The cat sat.", "title": "Pets"}
    """
    return _lines({"id": each.id, "text": each.text, "title": each.title} for each in documents)


def _lines(records: Iterable[dict[str, Any]]) -> str:
    """Records by their columns; those that say nothing are left out."""
    said = ({name: value for name, value in record.items() if value} for record in records)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in said)


def _record(question: Question, *, exact: bool) -> dict[str, Any]:
    """A question by the columns of the file."""
    return {
        "id": question.id,
        "question": question.text,
        "answers": list(question.answers),
        "gold": [list(names) for names in question.gold_alternatives] or list(question.gold),
        "evidence": [_piece(piece, exact=exact) for piece in question.evidence],
        "groups": dict(question.groups),
        "generated": question.generated,
        "generated_by": question.generated_by,
    }


def _piece(alternatives: Iterable[Evidence], *, exact: bool) -> Any:
    """A piece of evidence as quotes: one alone, or the list of those of which any will do."""
    quotes = [_quote(each, exact=exact) for each in alternatives]
    return quotes[0] if len(quotes) == 1 else quotes


def _quote(evidence: Evidence, *, exact: bool) -> dict[str, Any]:
    if exact and evidence.start is not None:
        end = evidence.start + len(evidence.text)
        return {"document": evidence.document_id, "start": evidence.start, "end": end}
    return {"document": evidence.document_id, "quote": evidence.text}
