"""A pipeline as a LangChain Runnable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, TypeAlias

from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import run_in_executor
from langchain_core.runnables.utils import AddableDict

from tradespace.components.base import Component, Operator, Pipeline, answer_of, ranking_of
from tradespace.components.langchain_documents import as_documents
from tradespace.components.roles import Role
from tradespace.encoding import encodable
from tradespace.errors import ComponentError, InputError
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replicas.batch_run import UnrecordedCalls, run_batch
from tradespace.explorer.running.stages import StageRun, run_stages
from tradespace.types import Answer, Failure, Ranking, Request

ChainInput: TypeAlias = str | Mapping[str, Any]
"""A question, or what has one under `question`."""


class PipelineRunnable(Runnable[ChainInput, dict[str, Any]]):
    """Answers questions with a pipeline; those of a batch together.

    An output has `question`, `answer` (None where the pipeline only retrieves), `score`, `confidence`, `passage_id` and
    `passages`: what the last retriever or reranker gave, as LangChain documents with a `score`. A stream gives the
    passages first, and then the answer. Several threads may ask: they are answered one after the other.
    """

    def __init__(self, pipeline: Pipeline, opened_components: OpenedComponents) -> None:
        self._pipeline, self._opened = pipeline, opened_components
        self._answers = UnrecordedCalls.of(opened_components)
        self._turn = Lock()

    def invoke(self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: Any) -> dict[str, Any]:
        """Answer one question.

        Raises:
            InputError: there is no question.
            ComponentError: a component failed.
        """
        return self._call_with_config(self._answered, input, config, run_type="chain")

    def batch(
        self,
        inputs: list[ChainInput],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any | None,
    ) -> list[dict[str, Any]]:
        """Answer questions together. Where `return_exceptions`, errors stand in the place of answers.

        Raises:
            InputError: there is no question.
            ComponentError: a component failed.
        """
        return self._batch_with_config(self._answered_together, inputs, config, return_exceptions=return_exceptions)

    async def abatch(
        self,
        inputs: list[ChainInput],
        config: RunnableConfig | list[RunnableConfig] | None = None,
        *,
        return_exceptions: bool = False,
        **kwargs: Any | None,
    ) -> list[dict[str, Any]]:
        """The same as `batch`, in a thread."""
        return await run_in_executor(None, self.batch, inputs, config, return_exceptions=return_exceptions)

    def stream(
        self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: Any | None
    ) -> Iterator[dict[str, Any]]:
        """Give the passages as soon as they are found, then the answer; added up, they are what `invoke` returns."""
        yield from self._transform_stream_with_config(iter([input]), self._streamed, config, run_type="chain")

    def _answered(self, asked: ChainInput) -> dict[str, Any]:
        (answered,) = self._answered_together([asked])
        if isinstance(answered, Exception):
            raise answered
        return answered

    def _answered_together(self, asked: Sequence[ChainInput]) -> list[dict[str, Any] | Exception]:
        questions = [_question(each) for each in asked]
        with self._turn:
            corpus = self._opened.corpus(self._pipeline)
            ran = run_batch(self._pipeline.online, [Request(each) for each in questions], corpus, self._answers)
        return [
            ComponentError(result.message) if isinstance(result, Failure) else _output(question, result, ranking)
            for question, result, ranking in zip(questions, ran.results, ran.rankings, strict=True)
        ]

    def _streamed(self, inputs: Iterator[ChainInput]) -> Iterator[dict[str, Any]]:
        for question in map(_question, inputs):
            runs = run_stages(self._pipeline, Request(question), self._operator_of)
            ranking: Ranking = ()
            for _ in range(self._searching):
                ranking = ranking_of(self._next(runs).outcome)
            yield AddableDict(_found(question, ranking))
            rest = [self._next(runs).outcome for _ in range(len(self._pipeline.online) - self._searching)]
            yield AddableDict(_said(answer_of(rest[-1]) if rest else None))

    def _next(self, runs: Iterator[StageRun]) -> StageRun:
        """Run the next stage. Between stages others have their turn."""
        with self._turn:
            return next(runs)

    @property
    def _searching(self) -> int:
        """How many stages find passages; those behind them answer."""
        return sum(component.role is not Role.GENERATE for component in self._pipeline.online.values())

    def _operator_of(self, component: Component) -> Operator:
        return self._opened.operator(component, self._opened.corpus(self._pipeline))


def _question(asked: ChainInput) -> str:
    question = asked.get("question") if isinstance(asked, Mapping) else asked
    if not isinstance(question, str):
        raise InputError(f"the input must be a question, or a mapping with one under `question`; given: {asked!r}")
    return encodable(question)


def _output(question: str, result: Answer | Request, ranking: Ranking) -> dict[str, Any]:
    return _found(question, ranking) | _said(result if isinstance(result, Answer) else None)


def _found(question: str, ranking: Ranking) -> dict[str, Any]:
    documents = as_documents(scored.passage for scored in ranking)
    for document, scored in zip(documents, ranking, strict=True):
        document.metadata["score"] = scored.score
    return {"question": question, "passages": documents}


def _said(answer: Answer | None) -> dict[str, Any]:
    names = ("score", "confidence", "passage_id")
    return {"answer": answer.text if answer else None} | {name: getattr(answer, name, None) for name in names}
