from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from pydantic import Field

from tradespace.components.calls.embedding import numbers_of
from tradespace.components.embedders.base import Embedder, Encoder, Vectors, unit_rows
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.processes import Rounds, side_by_side
from tradespace.evals.measures.base import Measure, Needs
from tradespace.evals.measures.calling import CallingMeasure, Scoring
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.types import Answer, Question, Ranking, Request

SIMILARITY_DIGITS = 6
"""Decimal places that scores have: below, the vectors of one text differ with the batch that it is encoded in."""


class SemanticSimilarity(ConfiguredMeasure):
    """The cosine of the answer's vector with that of the accepted answer nearest to it; a negative one counts as 0.

    It sees what two texts are about, in whatever words, and hardly sees what they claim: with most embedders "the
    valve must be open" and "the valve must be closed" are nearly alike, and two unrelated answers are far above 0. So
    it ranks pipelines whose answers are in the right field or not, and is no share of right answers. Where only the
    empty answer is accepted, it is worth 1, and any other 0.

    Risch et al. 2021, "Semantic Answer Similarity for Evaluating Question Answering Models", hold such scores against
    human judgements.
    """

    name: ClassVar[str] = "semantic_similarity"

    embedder: Embedder = Field(
        default=Minilm(), description="what turns answers into vectors; both sides are embedded as questions are"
    )

    def measure(self, name: str) -> Measure:
        made = SimilarityMeasure if self.embedder.returns is None else CalledSimilarity
        return made(name, self.embedder)


@dataclass(frozen=True)
class SimilarityMeasure(Measure):
    """The cosine of an answer with the accepted answer nearest to it, from 0 to 1."""

    needs: ClassVar[Needs] = Needs.ANSWERS

    embedder: Embedder

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        pairs = [
            (answer.text.strip(), _stated(question)) if answer is not None and self.applies_to(question) else None
            for question, answer in zip(questions, answers, strict=True)
        ]
        vectors = self._vectors([text for pair in pairs if pair and all(pair) for text in (pair[0], *pair[1])])
        return [pair and _similarity(*pair, vectors) for pair in pairs]

    def _vectors(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """One vector for each distinct text, of length 1: texts are encoded together."""
        distinct = list(dict.fromkeys(texts))
        if not distinct:
            return {}
        return dict(zip(distinct, unit_rows(self._encoder.encode_questions(distinct)), strict=True))

    @cached_property
    def _encoder(self) -> Encoder:
        self.embedder.require_packages()
        return self.embedder.encoder()


@dataclass(frozen=True)
class CalledSimilarity(CallingMeasure):
    """The same by an embedder that is called for each text: behind a server, and perhaps paid."""

    needs: ClassVar[Needs] = Needs.ANSWERS

    embedder: Embedder

    def process(self, question: Question, ranking: Ranking, answer: Answer) -> Rounds[Scoring]:
        said, accepted = answer.text.strip(), _stated(question)
        texts = dict.fromkeys((said, *accepted)) if said and accepted else {}
        asked = yield from side_by_side([self.embedder.asked(Request(text)) for text in texts])
        vectors = {request.question: unit_rows(numbers_of(request.vector)) for request in asked}
        return Scoring(_similarity(said, accepted, vectors))


def _stated(question: Question) -> tuple[str, ...]:
    """The accepted answers that say anything."""
    return tuple(answer.strip() for answer in question.answers if answer.strip())


def _similarity(answer: str, accepted: Sequence[str], vectors: dict[str, Vectors]) -> float:
    if not answer or not accepted:
        return float(not answer and not accepted)
    cosine = max(float(vectors[answer] @ vectors[reference]) for reference in accepted)
    return round(min(1.0, max(0.0, cosine)), SIMILARITY_DIGITS)
