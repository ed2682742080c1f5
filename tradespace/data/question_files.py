"""Questions as a file that `Files` reads and people edit: JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tradespace.types import Evidence, Question


def question_lines(questions: Iterable[Question]) -> str:
    """Questions as JSON lines, in their order.

    >>> print(question_lines([Question("1", "Who sat?", ("the cat",), ("pets.md",))]), end="")
    {"id": "1", "question": "Who sat?", "answers": ["the cat"], "gold": ["pets.md"]}
    """
    return "".join(json.dumps(_record(question), ensure_ascii=False) + "\n" for question in questions)


def _record(question: Question) -> dict[str, Any]:
    """A question by the columns of the file; those that say nothing are left out."""
    columns: dict[str, Any] = {
        "id": question.id,
        "question": question.text,
        "answers": list(question.answers),
        "gold": list(question.gold),
        "evidence": [_piece(piece) for piece in question.evidence],
        "groups": dict(question.groups),
        "generated": question.generated,
        "generated_by": question.generated_by,
    }
    return {name: value for name, value in columns.items() if value}


def _piece(alternatives: Iterable[Evidence]) -> Any:
    """A piece of evidence as quotes: one alone, or the list of those of which any will do."""
    quotes = [{"document": each.document_id, "quote": each.text} for each in alternatives]
    return quotes[0] if len(quotes) == 1 else quotes
