"""Which passages questions are written about, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tradespace.components.base import Call, ranking_of
from tradespace.components.chunkers.sentences import Sentences
from tradespace.components.corpus import Corpus
from tradespace.components.retrievers.bm25 import BM25
from tradespace.data.generation.written import GeneratedType
from tradespace.explorer.generating.base import MadeCalls
from tradespace.explorer.generating.fates import Fate
from tradespace.explorer.generating.sources import Assignment, SourcePassage, in_turn
from tradespace.types import Document, Failure, Outcome, Passage, Request

ASKED_ABOUT = Sentences(size=120, overlap=0)
"""How documents are cut into the passages that questions are written about."""
NEAREST = BM25(top_k=10)
"""Finds passages that are about the same as a passage, or that a question might be answered from."""
VISITS = 3
"""How often a question of one type is written about one passage."""


class PassageTurn(NamedTuple):
    """A passage that a question of a type is to be written about; `number` counts those of its type, and `visit` says
    how often one was to be written about this passage before."""

    type: GeneratedType
    passage: Passage
    number: int
    visit: int


@dataclass(frozen=True)
class Assigning:
    """Hands out the passages of a corpus in a drawn order in which documents take turns."""

    corpus: Corpus
    seed: int

    def turns(self, question_type: GeneratedType) -> Iterator[PassageTurn]:
        """The passages that questions of a type are to be written about, one after the other."""
        order = in_turn(self.corpus.passages, f"{self.seed} {question_type}")
        for visit in range(VISITS):
            for place, passage in enumerate(order):
                yield PassageTurn(question_type, passage, visit * len(order) + place, visit)

    def assigned(self, turns: Sequence[PassageTurn], answers: MadeCalls) -> list[Assignment | Fate | Failure]:
        """The passages of turns; where two are to be needed, with the nearest one of another document."""
        pairs = [turn for turn in turns if turn.type is GeneratedType.TWO_PASSAGES]
        searches = [Call(NEAREST, Request(turn.passage.text)) for turn in pairs]
        found = iter(answers.outcomes(searches, self.corpus) if searches else ())
        return [self._paired(turn, next(found)) if turn in pairs else self._assignment(turn) for turn in turns]

    def _paired(self, turn: PassageTurn, found: Outcome | Failure) -> Assignment | Fate | Failure:
        if isinstance(found, Failure):
            return found
        passages = (scored.passage for scored in ranking_of(found))
        others = [passage for passage in passages if passage.document_id != turn.passage.document_id]
        return self._assignment(turn, others[0]) if others else Fate.NOTHING

    def _assignment(self, turn: PassageTurn, *others: Passage) -> Assignment:
        sources = (SourcePassage.of(passage, self._documents) for passage in (turn.passage, *others))
        return Assignment(turn.type, tuple(sources), turn.number, turn.visit)

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in self.corpus.documents}
