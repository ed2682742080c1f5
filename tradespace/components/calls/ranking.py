"""Calls of retrievers and rerankers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, ClassVar

from tradespace.components.calls.base import RequestCall, StandIn
from tradespace.components.corpus import Corpus
from tradespace.components.sound import is_sound_text, sound_number, sound_text
from tradespace.errors import ComponentError
from tradespace.types import Passage, Ranking, Request, ScoredPassage

FOUND = 10
"""Passages that a retriever without a `top_k` is taken to find."""


class RankingCall(RequestCall):
    """Passages come back, best first."""

    outcome: ClassVar[type[Any]] = tuple
    expected: ClassVar[str] = "a ranking: a tuple of ScoredPassage"
    mark: ClassVar[str] = "ranking"

    def checked(self, component: object, outcome: tuple[Any, ...]) -> Ranking:
        return outcome if all(map(_is_sound, outcome)) else tuple(self._scored(component, each) for each in outcome)

    def written(self, outcome: Ranking, corpus: Corpus) -> list[Any]:
        return [[_reference(scored.passage, corpus), scored.score] for scored in outcome]

    def read(self, values: Sequence[Any], corpus: Corpus) -> Ranking:
        return tuple(ScoredPassage(_passage(reference, corpus), score) for reference, score in values)

    def stand_in(self, source: StandIn, given: Request) -> Ranking:
        """Texts of the documents where they are searched, else the passages that were given, in another order."""
        passages = _found(source) if source.searches else given.passages
        scored = [ScoredPassage(passage, source.generator.random()) for passage in passages]
        return tuple(sorted(scored, key=lambda each: -each.score))

    def _scored(self, component: object, scored: Any) -> ScoredPassage:
        if not isinstance(scored, ScoredPassage) or not isinstance(scored.passage, Passage):
            raise ComponentError(f"{component!r} must return {self.expected}; {scored!r:.200} is in it")
        score = sound_number(component, "a passage's score", scored.score)
        words = sound_text(component, "a passage's text", scored.passage.text)
        if score is scored.score and words is scored.passage.text:
            return scored
        return ScoredPassage(replace(scored.passage, text=words), score)


def _is_sound(scored: Any) -> bool:
    """Whether a passage needs no closer look: rankings are long, and nearly all of them are sound."""
    return (
        type(scored) is ScoredPassage
        and type(scored.score) is float
        and isfinite(scored.score)
        and type(scored.passage) is Passage
        and is_sound_text(scored.passage.text)
    )


def _reference(passage: Passage, corpus: Corpus) -> str | list[str]:
    known = corpus.by_id.get(passage.id)
    return passage.id if known is passage or known == passage else [passage.id, passage.document_id, passage.text]


def _passage(reference: str | list[str], corpus: Corpus) -> Passage:
    return corpus.by_id[reference] if isinstance(reference, str) else Passage(*reference)


def _found(source: StandIn) -> tuple[Passage, ...]:
    documents = source.generator.choices(source.documents, k=source.settings.get("top_k", FOUND))
    return tuple(Passage(f"{source.name} {place}", each.id, each.text) for place, each in enumerate(documents))
