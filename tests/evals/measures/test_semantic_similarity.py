"""Similarity of meaning, by real vectors of the bundled embedder."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest

from tradespace.components.base import Call
from tradespace.components.calls.embedding import VECTOR_NUMBERS
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.embedders.openai import OpenAIEmbeddings
from tradespace.components.processes import drive
from tradespace.evals.measures.base import Measure
from tradespace.evals.measures.calling import CallingMeasure
from tradespace.evals.measures.semantic_similarity import SemanticSimilarity
from tradespace.testing.measure_contract import MeasureContract
from tradespace.types import Answer, Embedding, Outcome, Question, Request

MEASURE = SemanticSimilarity().measure("close")
SHUT = "The valve shuts when the pressure falls below five bar."


@pytest.mark.parametrize("measure", [MEASURE], ids=["minilm"])
class TestSemanticSimilarity(MeasureContract):
    """The contract; no two texts are as unlike as can be, but nothing is unlike something."""

    def worst(self, measure: Measure) -> Answer:
        return Answer("", 0.0)


def graded(answer: str, *accepted: str) -> float:
    (score,) = MEASURE.score([Question("q", "?", accepted)], [None], [Answer(answer, 0.0)])
    assert score is not None
    return score


def test_answers_that_mean_the_same_are_nearer_than_others() -> None:
    """In other words, in the same field, and about something else."""
    said = [
        SHUT,
        "Below a pressure of 5 bar the valve closes.",
        "The valve is made of brass.",
        "Rollo led the Normans.",
    ]
    scores = [graded(answer, SHUT) for answer in said]
    assert scores[0] == 1.0
    assert all(nearer > farther for nearer, farther in pairwise(scores))


def test_what_is_claimed_is_hardly_seen() -> None:
    """The documentation warns of it: the opposite is nearer than another true sentence about the valve."""
    assert graded(SHUT.replace("shuts", "opens"), SHUT) > 0.9 > graded("The valve is made of brass.", SHUT)


def test_the_nearest_accepted_answer_counts() -> None:
    """In whatever order they are given; an empty one counts only where there is no other."""
    assert graded(SHUT, "Rollo", SHUT, "") == graded(SHUT, SHUT, "Rollo") == 1.0
    assert [graded("", "", " "), graded("Rollo", ""), graded("", "Rollo", "")] == [1.0, 0.0, 0.0]


def test_scores_are_cosines_and_never_below_zero() -> None:
    """The inner product of the embedder's vectors, which are of length 1."""
    answers, accepted = ["Rollo led them.", "blue", "3 + 4 = 7", SHUT], "the Normans"
    encoder = Minilm().encoder()
    target = encoder.encode_questions([accepted])[0]
    for answer in answers:
        cosine = float(encoder.encode_questions([answer])[0] @ target)
        assert graded(answer, accepted) == pytest.approx(max(0.0, cosine), abs=2e-6)


def test_scores_do_not_depend_on_what_is_scored_together() -> None:
    """Texts are encoded in one batch, each distinct one once."""
    questions = [Question(str(number), "?", (accepted,)) for number, accepted in enumerate([SHUT, "Rollo", SHUT])]
    answers = [Answer(text, 0.0) for text in ("The valve closes.", "Rollo led them, and long before.", "")]
    together = MEASURE.score(questions, [None] * 3, answers)
    alone = [MEASURE.score([one], [None], [answer])[0] for one, answer in zip(questions, answers, strict=True)]
    assert together == pytest.approx(alone, abs=2e-6)


def by_minilm(calls: Sequence[Call]) -> list[Outcome]:
    """A server that embeds as the bundled model does."""
    questions = [call.request.question for call in calls if isinstance(call.request, Request)]
    rows = Minilm().encoder().encode_questions(questions)
    return [Embedding(row.astype(VECTOR_NUMBERS).tobytes(), tokens_in=1) for row in rows]


@pytest.mark.parametrize("answer", [SHUT, "The valve closes.", ""])
def test_an_embedder_behind_a_server_is_called_for_each_text(answer: str) -> None:
    """Its calls are the ledger's to answer; the score is the same."""
    served = SemanticSimilarity(embedder=OpenAIEmbeddings(model="minilm")).measure("close")
    assert isinstance(served, CallingMeasure)
    question, given = Question("q", "?", (SHUT, "Rollo", "")), Answer(answer, 0.0)
    scoring = drive(served.process(question, (), given), by_minilm)
    assert scoring.score == pytest.approx(MEASURE.score([question], [None], [given])[0], abs=2e-6)
