"""How passages are named for people, and answers shown."""

from __future__ import annotations

from collections.abc import Mapping

from tradespace.components.chunkers.structure import source_location
from tradespace.types import Answer, Document, Passage


def named_passage(passage: Passage, documents: Mapping[str, Document]) -> str:
    """The id of a passage, with its page and section where they are known.

    Args:
        passage: what is named.
        documents: those that the passages were cut from, by id.

    >>> named_passage(Passage("book", "book", "Cats sit."), {"book": Document("book", "Cats sit.", pages=(0,))})
    'book (page 1)'
    """
    location = str(source_location(passage, documents.get(passage.document_id)))
    return f"{passage.id} ({location})" if location else passage.id


def shown_answer(answer: Answer | None) -> str:
    """What an answer says; in brackets that there is none, or that the pipeline declined by an empty one.

    >>> shown_answer(Answer("two years", 0.9)), shown_answer(Answer("", 0.1)), shown_answer(None)
    ('two years', '(an empty answer)', '(this pipeline only retrieves)')
    """
    if answer is None:
        return "(this pipeline only retrieves)"
    return answer.text if answer.text.strip() else "(an empty answer)"
