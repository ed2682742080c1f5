"""A pipeline as a LangChain Runnable."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langchain_core.runnables import RunnableLambda

from tradespace.components.base import Pipeline, Reader
from tradespace.components.notation import parse
from tradespace.errors import ComponentError, InputError
from tradespace.explorer.running.one_question import answer_question
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.serving.exports.langchain_runnable import PipelineRunnable
from tradespace.types import Answer, Document, Request

DOCUMENTS = [
    Document("ada", "Ada Lovelace wrote the first program. She lived in London."),
    Document("alan", "Alan Turing devised a machine. He lived in Wilmslow."),
    Document("grace", "Grace Hopper wrote the first compiler. She lived in Arlington."),
]
QUESTIONS = ["Who wrote the first program?", "Who devised a machine?", "Where did Grace Hopper live?"]
PIPELINE = parse("bm25(top_k=2) >> reader(passages=2, layers=3, precision='int8')")


class Counting(Reader):
    """Answers with how many questions it was asked together, and fails where one is about nobody."""

    name = "counting"

    def open(self, corpus: Any) -> Any:
        def read(requests: list[Request]) -> list[Answer]:
            if any("nobody" in request.question for request in requests):
                raise ValueError("nobody is known")
            return [Answer(str(len(requests)), 1.0)] * len(requests)

        return read


@pytest.fixture
def chain(tmp_path: Any) -> PipelineRunnable:
    return PipelineRunnable(PIPELINE, OpenedComponents(DOCUMENTS, tmp_path))


def of(pipeline: Pipeline, folder: Any) -> PipelineRunnable:
    return PipelineRunnable(pipeline, OpenedComponents(DOCUMENTS, folder))


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_answers_as_the_pipeline(chain: PipelineRunnable, question: str, tmp_path: Any) -> None:
    """Answer, score, passages in their order with their scores."""
    asked = answer_question(PIPELINE, OpenedComponents(DOCUMENTS, tmp_path), question)
    output = chain.invoke(question)
    assert asked.answer is not None
    assert (output["question"], output["answer"], output["score"]) == (question, asked.answer.text, asked.answer.score)
    assert output["passage_id"] == asked.answer.passage_id
    assert [(document.id, document.page_content, document.metadata["score"]) for document in output["passages"]] == [
        (scored.passage.id, scored.passage.text, scored.score) for scored in asked.passages
    ]


def test_every_way_of_asking_answers_alike(chain: PipelineRunnable) -> None:
    """invoke, batch, stream, ainvoke, abatch; a question, or a mapping that has one."""
    outputs = [chain.invoke(question) for question in QUESTIONS]

    async def asynchronously() -> tuple[Any, Any]:
        return await asyncio.gather(*map(chain.ainvoke, QUESTIONS)), await chain.abatch(QUESTIONS)

    alone, together = asyncio.run(asynchronously())
    assert chain.batch(QUESTIONS) == outputs
    assert list(alone) == together == outputs
    assert [chain.invoke({"question": question}) for question in QUESTIONS] == outputs
    for question, output in zip(QUESTIONS, outputs, strict=True):
        found, said = chain.stream(question)
        assert set(found) == {"question", "passages"}
        assert found + said == output  # type: ignore[operator]


def test_a_batch_is_answered_together(tmp_path: Any) -> None:
    """By each component in one call."""
    chain = of(parse("bm25()") >> Counting(), tmp_path)
    assert [output["answer"] for output in chain.batch(QUESTIONS)] == ["3", "3", "3"]
    assert chain.batch([]) == []


def test_what_fails_is_an_error_of_its_own(tmp_path: Any) -> None:
    """The other questions of the batch are answered, where errors may stand among the answers."""
    chain = of(parse("bm25()") >> Counting(), tmp_path)
    outputs: list[Any] = chain.batch([QUESTIONS[0], "Where is nobody?"], return_exceptions=True)
    assert outputs[0]["answer"] == "1"
    assert isinstance(outputs[1], ComponentError)
    for ask in (chain.invoke, lambda question: chain.batch([question]), lambda question: list(chain.stream(question))):
        with pytest.raises(ComponentError, match="nobody is known"):
            ask("Where is nobody?")


def test_a_pipeline_that_only_retrieves(tmp_path: Any) -> None:
    """It has passages, and no answer; in a stream, too."""
    chain = of(parse("bm25(top_k=1) >> word_overlap(keep=1)"), tmp_path)
    output = chain.invoke(QUESTIONS[0])
    assert output["answer"] is None
    assert [document.id for document in output["passages"]] == ["ada"]
    found, said = chain.stream(QUESTIONS[0])
    assert found + said == output  # type: ignore[operator]


def test_it_is_a_step_of_a_chain(chain: PipelineRunnable) -> None:
    """Composed with others by LangChain's own operator."""
    composed = RunnableLambda(str.strip) | chain | (lambda output: output["answer"])
    assert composed.invoke(f"  {QUESTIONS[0]} ") == chain.invoke(QUESTIONS[0])["answer"]


def test_runs_are_told_to_callbacks(chain: PipelineRunnable) -> None:
    """As those of any Runnable."""
    from langchain_core.callbacks import BaseCallbackHandler

    class Ended(BaseCallbackHandler):
        outputs: list[Any]

        def on_chain_end(self, outputs: Any, **kwargs: Any) -> None:
            self.outputs.append(outputs)

    ended = Ended()
    ended.outputs = []
    chain.invoke(QUESTIONS[0], {"callbacks": [ended]})
    chain.batch(QUESTIONS[:2], {"callbacks": [ended]})
    assert len(ended.outputs) == 3


@pytest.mark.parametrize("asked", [{"text": "Who?"}, 3, None])
def test_what_is_no_question_is_refused(chain: PipelineRunnable, asked: Any) -> None:
    """With what one looks like."""
    with pytest.raises(InputError, match="must be a question"):
        chain.invoke(asked)
