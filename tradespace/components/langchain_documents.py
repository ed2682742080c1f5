"""Passages as LangChain documents, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tradespace.addresses import digest
from tradespace.types import Passage, Ranking, ScoredPassage

if TYPE_CHECKING:
    from langchain_core.documents import Document

_PASSAGE_ID = "passage_id"


def as_documents(passages: Iterable[Passage]) -> list[Document]:
    """One LangChain document for each passage; its metadata says which passage it is."""
    from langchain_core.documents import Document

    return [
        Document(
            id=passage.id,
            page_content=passage.text,
            metadata={_PASSAGE_ID: passage.id, "document_id": passage.document_id},
        )
        for passage in passages
    ]


def as_ranking(documents: Iterable[Document], passages: Sequence[Passage]) -> Ranking:
    """Documents as passages, in their order; scores are reciprocal ranks, since LangChain's documents carry none.

    A document is the passage that its metadata names, if it has that passage's text, or the one whose text it has.
    Any other text is a passage of its own, named by its content.
    """
    by_id = {passage.id: passage for passage in passages}
    by_text = {passage.text: passage for passage in reversed(passages)}

    def passage_of(document: Document) -> Passage:
        text = document.page_content
        named = by_id.get(str(document.metadata.get(_PASSAGE_ID)))
        if named is not None and named.text == text:
            return named
        return by_text.get(text) or _foreign(text, named)

    found = dict.fromkeys(map(passage_of, documents))
    return tuple(ScoredPassage(passage, 1 / rank) for rank, passage in enumerate(found, start=1))


def _foreign(text: str, origin: Passage | None) -> Passage:
    name = f"{origin.id if origin else 'foreign'}#{digest([text])[:12]}"
    return Passage(name, origin.document_id if origin else name, text)
