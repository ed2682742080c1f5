"""One question is answered as a served pipeline would, with the time that each stage took."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.explorer.conftest import MADE, QUESTIONS, Fragile, LastWord, Overlap, Shortest, Unopenable
from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers.llm import LLMReader
from tradespace.components.strategies.direct import Direct
from tradespace.errors import ComponentError
from tradespace.explorer.running.one_question import answer_question
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.testing.completion_server import completion_server
from tradespace.types import Failure, Outcome, Request, Timed


def test_an_answer_comes_with_its_passages_and_spans(recorded_calls: RecordedCalls) -> None:
    """One span for each online stage, in order."""
    asked = answer_question(
        Overlap(top_k=1) >> Shortest(keep=1) >> LastWord(), recorded_calls.opened_components, QUESTIONS[0]
    )
    assert asked.answer is not None
    assert asked.answer.text == "mat"
    assert [scored.passage.id for scored in asked.passages] == ["cat"]
    assert [span.stage for span in asked.spans] == ["retrieve", "rerank", "generate"]


def test_each_of_two_rerankers_has_a_span(recorded_calls: RecordedCalls) -> None:
    """Told apart by their names, with the component that filled each."""
    pipeline = Overlap() >> Shortest() >> Shortest(keep=1) >> LastWord()
    asked = answer_question(pipeline, recorded_calls.opened_components, QUESTIONS[0])
    spans = {span.stage: span.component for span in asked.spans}
    assert list(spans) == ["retrieve", "rerank", "rerank_2", "generate"]
    assert list(spans.values()) == list(map(repr, pipeline))


def test_a_pipeline_without_a_reader_answers_with_passages_alone(recorded_calls: RecordedCalls) -> None:
    """Retrieval is an answer too."""
    asked = answer_question(Overlap(top_k=2) >> Shortest(keep=2), recorded_calls.opened_components, QUESTIONS[0])
    assert asked.answer is None
    assert len(asked.passages) == 2


def test_a_component_that_cannot_be_opened_is_named(recorded_calls: RecordedCalls) -> None:
    """The message is that of the exploration."""
    with pytest.raises(
        ComponentError,
        match=r"unopenable\(\) raised FileNotFoundError: no weights here\. .*fix the cause, or leave it out",
    ):
        answer_question(Overlap() >> Unopenable(), recorded_calls.opened_components, QUESTIONS[0])


@pytest.mark.parametrize("own", [True, False])
def test_a_model_that_a_server_answers_for_is_asked_once(recorded_calls: RecordedCalls, own: bool) -> None:
    """It is paid for once, and its first answer is the one that is shown: a second one may come out of a cache."""
    with completion_server() as server:
        model = OpenAI(model="asked-once", base_url=server.url, format="tiny_reasoner", own=own)
        asked = answer_question(
            Overlap() >> LLMReader(model=model, strategy=Direct(), passages=1),
            recorded_calls.opened_components,
            QUESTIONS[0],
        )
        assert len(server.bodies) == 1
    assert asked.answer is not None


@pytest.mark.parametrize("own", [True, False])
def test_a_question_that_is_asked_again_is_no_faster(recorded_calls: RecordedCalls, own: bool) -> None:
    """One's own server reads it anew; where a provider does not, which is cheaper, the exchange says so."""
    with completion_server() as server:
        model = OpenAI(model="asked-twice", base_url=server.url, format="tiny_reasoner", own=own)
        pipeline = Overlap() >> LLMReader(model=model, strategy=Direct(), passages=1)
        first, second = (answer_question(pipeline, recorded_calls.opened_components, QUESTIONS[0]) for _ in range(2))
    assert first.answer == second.answer
    assert [exchange.cached for exchange in first.exchanges] == [0]
    assert [exchange.cached > 0 for exchange in second.exchanges] == [not own]


def test_what_works_on_this_machine_is_warmed_up_on_other_words(recorded_calls: RecordedCalls) -> None:
    """So that nothing of what is timed was seen before."""
    seen: list[str] = []

    class Watched(Overlap):
        def open(self, corpus: Corpus) -> Operator:
            operator = super().open(corpus)

            def watch(requests: Sequence[Request]) -> Sequence[Outcome | Timed | Failure]:
                seen.extend(request.question for request in requests)
                return operator(requests)

            return watch

    answer_question(Watched() >> LastWord(), recorded_calls.opened_components, QUESTIONS[0])
    warm_up, question = seen
    assert question == QUESTIONS[0] != warm_up
    assert MADE["last_word"] == 2 * LastWord().passages


def test_a_component_that_raises_at_work_is_named(recorded_calls: RecordedCalls) -> None:
    """Its own message never stands alone."""
    with pytest.raises(ComponentError, match=r"fragile\(\) raised ValueError: a mouse!"):
        answer_question(Overlap() >> Fragile(), recorded_calls.opened_components, QUESTIONS[2])
