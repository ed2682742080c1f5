"""What chunkers share: passages are named by where they lie in their document."""

from __future__ import annotations

import re

from tradespace.components.sentences import Offsets
from tradespace.types import Document, Passage

_PLACE = re.compile(r"\[(\d+):(\d+)\]")


def passage_at(document: Document, start: int, end: int) -> Passage:
    """The characters `start:end` of a document as a passage; all of them keep the document's id."""
    whole = (start, end) == (0, len(document.text))
    name = document.id if whole else f"{document.id}[{start}:{end}]"
    return Passage(name, document.id, document.text[start:end])


def place_in_document(passage: Passage, document: Document | None) -> Offsets | None:
    """Where a passage lies in its document, as `passage_at` named it; None where its text is not that of a place there.

    Lines that a chunker put in front of it, such as the headings that it stands below, are not looked at.

    >>> cat = Document("cat", "The cat sat.")
    >>> place_in_document(passage_at(cat, 4, 7), cat), place_in_document(Passage("cat", "cat", "The cat stood."), cat)
    ((4, 7), None)
    >>> place_in_document(Passage("cat[4:7]", "cat", "Of cats\\ncat"), cat)
    (4, 7)
    """
    if document is None or passage.document_id != document.id:
        return None
    match = _PLACE.fullmatch(passage.id.removeprefix(document.id))
    start, end = (int(match[1]), int(match[2])) if match else (0, len(document.text))
    there = passage_at(document, start, end)
    if passage == there:
        return start, end
    led = passage.id == there.id and there.text and passage.text.endswith(f"\n{there.text}")
    return (start, end) if led else None
