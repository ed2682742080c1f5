"""A batch is answered together, and comes to what its requests come to one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conftest import DOCUMENTS, MADE, QUESTIONS, Both, Fragile, LastWord, Overlap, Shortest, Twin
from tradespace.components.base import Operator, Pipeline
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError
from tradespace.explorer.running.one_question import answer_question
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replicas.batch_run import UnrecordedCalls, run_batch
from tradespace.explorer.running.replicas.values import BatchAnswered
from tradespace.explorer.running.stages import run_stages
from tradespace.types import Answer, Failure, Outcome, Request

CORPUS = Corpus(whole_documents(DOCUMENTS), ArtefactStore(Path("unused")), DOCUMENTS)


class Together(LastWord):
    """Says in the score of an answer how many calls it was made with."""

    name: ClassVar[str] = "together"

    def open(self, corpus: Corpus) -> Operator:
        def read(requests: Sequence[Request]) -> Sequence[Outcome]:
            return [Answer(request.question, float(len(requests))) for request in requests]

        return read


def run(pipeline: Pipeline, *questions: str) -> BatchAnswered:
    answers = UnrecordedCalls.of(OpenedComponents(DOCUMENTS, Path("unused")))
    return run_batch(pipeline.online, [Request(question) for question in questions], CORPUS, answers)


def alone(pipeline: Pipeline, question: str) -> Answer | Request | None:
    """The naive reference: every call of a question is made on its own; None where one fails."""
    opened = OpenedComponents(DOCUMENTS, Path("unused"))
    result: Answer | Request = Request(question)
    try:
        for stage in run_stages(pipeline, Request(question), opened.operators_for(CORPUS)):
            result = stage.outcome if isinstance(stage.outcome, Answer) else stage.handed_on
    except ComponentError:
        return None
    return result


pipelines = st.builds(
    lambda parts: Pipeline(tuple(part for part in parts if part)),
    st.tuples(
        st.sampled_from([Overlap(), Overlap(top_k=1), Twin(top_k=2), Both()]),
        st.sampled_from([None, Shortest(), Shortest(keep=1)]),
        st.sampled_from([None, LastWord(), LastWord(passages=1), Fragile(), Fragile(passages=3)]),
    ),
)


@given(pipelines, st.lists(st.sampled_from(QUESTIONS), max_size=6))
def test_a_batch_comes_to_what_its_requests_come_to(pipeline: Pipeline, questions: list[str]) -> None:
    """Whatever the pipeline, and whichever requests are together, equal ones and failing ones among them."""
    together = run(pipeline, *questions).results
    assert [None if isinstance(result, Failure) else result for result in together] == [
        alone(pipeline, question) for question in questions
    ]


def test_the_passages_that_were_read_come_with_the_answer() -> None:
    """With their scores, as the last stage left them that ranked any."""
    pipeline = Overlap() >> Shortest(keep=1) >> LastWord()
    asked = answer_question(pipeline, OpenedComponents(DOCUMENTS, Path("unused")), "who sat")
    assert run(pipeline, "who sat", "who flew").rankings[0] == asked.passages
    assert run(pipeline, "who sat").rankings[0][0].passage.id


def test_calls_of_a_round_are_made_together() -> None:
    """Two questions on two passages each: one batch of four calls."""
    answered = run(Overlap(top_k=2) >> Together(), "who sat", "who flew")
    assert [result.score for result in answered.results if isinstance(result, Answer)] == [4.0, 4.0]


def test_a_request_that_failed_goes_no_further() -> None:
    """The stages behind it see the others only."""
    failing = Overlap(top_k=1) >> Fragile(passages=1)
    cat, mouse, bee = run(failing, QUESTIONS[0], QUESTIONS[2], QUESTIONS[3]).results
    assert isinstance(cat, Answer)
    assert isinstance(bee, Answer)
    assert mouse == Failure("fragile() raised ValueError: a mouse!")
    MADE.clear()
    answered = run(Both() >> Shortest(), QUESTIONS[0])
    assert isinstance(answered.results[0], Request)
    assert MADE == {"overlap": 1, "twin": 1}


def test_every_stage_has_a_span_over_the_batch() -> None:
    """They add up to the batch's seconds."""
    answered = run(Overlap() >> Shortest() >> LastWord(), *QUESTIONS)
    assert [span.stage for span in answered.spans] == ["retrieve", "rerank", "generate"]
    assert sum(span.seconds for span in answered.spans) == pytest.approx(answered.seconds)
