"""The passages that retrievers search, and the store that keeps what is built from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tradespace.addresses import digest
from tradespace.components.store import ArtefactStore
from tradespace.types import Document, Passage


@dataclass(frozen=True)
class Corpus:
    """One chunking of a collection of documents. Two corpora with the same passages have the same key.

    Attributes:
        documents: what the passages were cut from, for what reads on around them; may be left out.

    >>> store = ArtefactStore(Path("artefacts"))
    >>> corpus = Corpus(whole_documents([Document("cat", "The cat sat."), Document("dog", "A dog.")]), store)
    >>> corpus.by_id["dog"].text, corpus == Corpus(corpus.passages, store)
    ('A dog.', True)
    """

    passages: tuple[Passage, ...]
    store: ArtefactStore = field(repr=False, compare=False)
    documents: tuple[Document, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def key(self) -> str:
        """Content address: SHA-256 over the ids and texts of all passages, in order."""
        return digest(text for passage in self.passages for text in (passage.id, passage.text))

    @cached_property
    def documents_key(self) -> str:
        """Content address of the documents: SHA-256 over the ids and texts of all, in order."""
        return digest(text for document in self.documents for text in (document.id, document.text))

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The titles of the documents that have one, by the document's id."""
        return {document.id: document.title for document in self.documents if document.title}

    @cached_property
    def titled_key(self) -> str:
        """Content address of passages and titles, for what finds documents by their names."""
        return digest([self.key, *(text for title in sorted(self.titles.items()) for text in title)])

    def __hash__(self) -> int:
        """That of the key: passages, of which there may be millions, are hashed once."""
        return hash(self.key)

    @cached_property
    def by_id(self) -> Mapping[str, Passage]:
        """Passages by their id."""
        return {passage.id: passage for passage in self.passages}

    @cached_property
    def text_order(self) -> tuple[int, ...]:
        """The places of all passages in an order drawn by their texts: the one rule that breaks ties.

        Retrievers search passages in this order, and of equally good ones the earlier comes first. What stands behind
        them keeps the order that it is given. So no id, name or order of files decides what is found.
        """
        drawn = [digest(["tie", passage.text]) for passage in self.passages]
        return tuple(sorted(range(len(drawn)), key=drawn.__getitem__))

    @property
    def texts(self) -> list[str]:
        """The text of each passage, in order."""
        return [passage.text for passage in self.passages]

    def artefact(self, name: str, build: Callable[[Path], None]) -> Path:
        """Return the folder of something built from this corpus, building it the first time.

        `name` must tell what was built with every setting that shapes it; `build` fills the empty folder it is given.
        """
        return self.store.get(digest([self.key, name]), build, name)


def whole_documents(documents: Sequence[Document]) -> tuple[Passage, ...]:
    """One passage for each document, with the document's id."""
    return tuple(Passage(document.id, document.id, document.text) for document in documents)
