"""What stands around a passage is read with it: "sentence-window" retrieval, as in LlamaIndex."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from tradespace.addresses import digest
from tradespace.components.base import Operator, Reranker
from tradespace.components.chunkers.base import passage_at, place_in_document
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.base import as_ordered
from tradespace.components.sentences import Offsets
from tradespace.types import Document, Passage, Ranking, Request

Around = Annotated[int, Field(ge=0, le=100)]


class Neighbours(Reranker):
    """Each passage grows by those before and behind it in its document: small pieces are found, larger ones are read.

    What then overlaps, or has nothing but space between, becomes one passage, at the place of the better one. A passage
    that is in no document, or was rewritten, stays as it is.
    """

    name: ClassVar[str] = "neighbours"
    in_words: ClassVar[str] = "what stands around them is added"
    corpus_bound: ClassVar[bool] = True

    before: Around = Field(default=1, description="how many passages before it are read with each")
    after: Around = Field(default=1, description="how many passages behind it are read with each")

    def address_in(self, corpus: Corpus) -> str:
        return digest([corpus.key, corpus.documents_key])

    def open(self, corpus: Corpus) -> Operator:
        documents = {document.id: document for document in corpus.documents}
        pieces = pieces_by_document(corpus.passages, documents)

        def window(passage: Passage) -> Offsets | None:
            place = place_in_document(passage, documents.get(passage.document_id))
            around = pieces[passage.document_id] if place else []
            if place is None or place not in around:
                return None
            middle = bisect_left(around, place)
            found = around[max(0, middle - self.before) : middle + self.after + 1]
            return found[0][0], max(end for _, end in found)

        def widened(request: Request) -> Ranking:
            windows = {passage: place for passage in request.passages if (place := window(passage))}
            return as_ordered(dict.fromkeys(_read(request.passages, windows, documents)))

        return lambda requests: [widened(request) for request in requests]


def pieces_by_document(passages: Iterable[Passage], documents: dict[str, Document]) -> defaultdict[str, list[Offsets]]:
    """Where the passages of each document lie in it, in order."""
    pieces: defaultdict[str, list[Offsets]] = defaultdict(list)
    for passage in passages:
        if place := place_in_document(passage, documents.get(passage.document_id)):
            pieces[passage.document_id].append(place)
    for places in pieces.values():
        places.sort()
    return pieces


def _read(
    passages: Sequence[Passage], windows: dict[Passage, Offsets], documents: dict[str, Document]
) -> Iterator[Passage]:
    """The merged window of each passage; the passage itself where it has none."""
    of_document: defaultdict[str, list[Offsets]] = defaultdict(list)
    for passage, window in windows.items():
        of_document[passage.document_id].append(window)
    for passage in passages:
        if passage not in windows:
            yield passage
            continue
        document, (start, _) = documents[passage.document_id], windows[passage]
        merged = merged_windows(of_document[document.id], document.text)
        yield passage_at(document, *next(place for place in merged if place[0] <= start < place[1]))


def merged_windows(windows: Iterable[Offsets], text: str) -> list[Offsets]:
    """Windows in order, those joined that overlap or have nothing but space between them.

    >>> merged_windows([(8, 11), (0, 3), (4, 7), (2, 5)], "one two; six")
    [(0, 7), (8, 11)]
    """
    merged: list[Offsets] = []
    for start, end in sorted(windows):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
