"""Passages as LangChain documents, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from tradespace.addresses import digest
from tradespace.types import FOREIGN_PREFIX, Passage, Ranking, ScoredPassage

if TYPE_CHECKING:
    from langchain_core.documents import Document

_PASSAGE_ID = "passage_id"
_NAMES = ("document_id", "doc_id", "source", "id", "file_path", "path", "file_name", "filename", "title")
"""Metadata in which retrievers over documents of their own name them; loaders write `source`."""


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


class KnownPassages:
    """Traces LangChain documents back to passages: by our own label, by content, and by the names that others use.

    White space never counts, since splitters, loaders and compressors change it. A document is

    1. the passage that it is labelled as, or else any passage, if it has that passage's words;
    2. a new passage of the document of the passage that it is labelled as, if it was rewritten;
    3. a new passage of the only document that holds it, or a passage of which it holds;
    4. a new passage of the document that it names: by its id, or as the end of a path;
    5. foreign, if none of these is known: no gold document can be it.

    New passages are named by their content.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._origin = cache(self._holder)

    def ranking(self, documents: Iterable[Document]) -> Ranking:
        """Documents as passages, in their order, each once at its best rank.

        Scores are reciprocal ranks, since LangChain's documents carry none.
        """
        traced = dict.fromkeys(map(self._traced, documents))
        return tuple(ScoredPassage(passage, 1 / rank) for rank, passage in enumerate(traced, start=1))

    def _traced(self, document: Document) -> Passage:
        words = squeezed(document.page_content)
        labelled = self._by_id.get(str(document.metadata.get(_PASSAGE_ID)))
        same = self._by_words.get(words, ())
        if labelled and labelled in same:
            return labelled
        if same:
            named = self._named(document)
            return next((passage for passage in same if passage.document_id == named), same[0])
        origin = labelled.document_id if labelled else self._origin(words) or self._named(document)
        return _new(document.page_content, labelled, origin)

    @cached_property
    def _by_id(self) -> Mapping[str, Passage]:
        return {passage.id: passage for passage in self._passages}

    @cached_property
    def _by_words(self) -> Mapping[str, Sequence[Passage]]:
        alike: dict[str, list[Passage]] = {}
        for passage in self._passages:
            alike.setdefault(squeezed(passage.text), []).append(passage)
        return alike

    @cached_property
    def _documents(self) -> frozenset[str]:
        return frozenset(passage.document_id for passage in self._passages)

    def _holder(self, words: str) -> str:
        """The only document that holds a text, or a passage of which the text holds; empty where there is not one."""
        holders = {
            passage.document_id
            for known, alike in self._by_words.items()
            if words and known and (words in known or known in words)
            for passage in alike
        }
        return holders.pop() if len(holders) == 1 else ""

    def _named(self, document: Document) -> str:
        """The document that a LangChain document names; empty where it names none."""
        candidates = [document.id, *(document.metadata.get(name) for name in _NAMES)]
        names = (tail for name in candidates if isinstance(name, str | int) for tail in _tails(str(name)))
        return next((name for name in names if name in self._documents), "")


def squeezed(text: str) -> str:
    """A text with single spaces between its words, and none around it."""
    return " ".join(text.split())


def _tails(path: str) -> Iterator[str]:
    """A path, then what is left of it without its first folder, its first two, and so on.

    >>> list(_tails("/docs/a/b.txt"))
    ['/docs/a/b.txt', 'docs/a/b.txt', 'a/b.txt', 'b.txt']
    """
    yield path
    steps = path.replace("\\", "/").split("/")
    yield from ("/".join(steps[first:]) for first in range(1, len(steps)))


def _new(text: str, labelled: Passage | None, document_id: str) -> Passage:
    content = digest([text])[:12]
    name = f"{labelled.id if labelled else document_id}#{content}" if document_id else f"{FOREIGN_PREFIX}{content}"
    return Passage(name, document_id or name, text)
