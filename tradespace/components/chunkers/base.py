"""What chunkers share: passages named by where they lie in their document."""

from __future__ import annotations

from tradespace.types import Document, Passage


def passage_at(document: Document, start: int, end: int) -> Passage:
    """The characters `start:end` of a document as a passage; all of them keep the document's id."""
    whole = (start, end) == (0, len(document.text))
    name = document.id if whole else f"{document.id}[{start}:{end}]"
    return Passage(name, document.id, document.text[start:end])
