"""What holds for every strategy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from tradespace.components.base import Call, Component, Operator, Pipeline, Process, answer_of
from tradespace.components.corpus import Corpus
from tradespace.components.direct import call_together
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.notation import parse
from tradespace.components.processes import drive
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.store import ArtefactStore
from tradespace.components.strategies.base import Strategy
from tradespace.data import Dataset, load_dataset
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import Trace, run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.testing.component_contract import ComponentContract
from tradespace.testing.running import run_one
from tradespace.testing.scripted import Scripted
from tradespace.types import Answer, Outcome, Passage, Request

SMALL_REASONER = TinyReasoner(size="small")
ODD_COMPLETIONS = ("", " ", "answer:", "answer: " + "(" * 500, "```python\n", "answer: 9**9**9", "1/0 \u0000 🎉", "yes")
"""Completions that a model may well write."""
PASSAGES = (Passage("0", "0", "Ada has 3 hats."), Passage("1", "1", "Bob has 4 hats."))
HATS = Request("How many hats have Ada and Bob?", PASSAGES)
"""A question for scripted models."""


class StrategyContract(ComponentContract):
    """Calls a model in rounds and comes to one answer, the same through the ledger as on its own."""

    def test_the_ledger_answers_as_a_direct_run_does(self, component: Strategy, tmp_path: Path) -> None:
        """Batched and recorded, every question has the answer that it has alone; asked again, no call is made."""
        world, recorded_calls = small_world(), caller_in(tmp_path)
        questions = [question.text for question in world.questions[:2]]
        pipeline = BM25(top_k=3) >> LLMReader(model=SMALL_REASONER, strategy=component)
        recorded = answers(run(recorded_calls, [pipeline], questions)[pipeline])
        made = recorded_calls.budget.made
        assert recorded[::-1] == [ask_alone(pipeline, recorded_calls, question) for question in reversed(questions)]
        assert answers(run(recorded_calls, [pipeline], questions)[pipeline]) == recorded
        assert recorded_calls.budget.made == made

    def test_one_failed_call_fails_its_question_alone(self, component: Strategy, tmp_path: Path) -> None:
        """It becomes a recorded failure with the reason; other questions are answered."""
        pipeline = BM25(top_k=1) >> LLMReader(model=Scripted(fail_on="mouse"), strategy=component)
        failed, answered = run(caller_in(tmp_path), [pipeline], ["where is the mouse", "where is the cat"])[pipeline]
        assert failed.failure is not None
        assert failed.failure.message == "generate: the line is dead"
        assert failed.answer is None
        assert answered.failure is None
        assert answered.answer is not None

    @pytest.mark.parametrize("text", ODD_COMPLETIONS, ids=lambda text: repr(text[:12]))
    def test_whatever_a_model_writes_there_is_an_answer(self, component: Strategy, corpus: Corpus, text: str) -> None:
        """Empty, cut-off and nonsensical completions are no reason to raise; a confidence is a probability."""
        every_kind = dict.fromkeys(("direct", "think", "calculate", "ask", "judge"), (text,))
        reader = LLMReader(model=Scripted(script=every_kind), strategy=component)
        answer = answer_of(run_one(reader, corpus, HATS))
        assert answer.confidence is None or 0 <= answer.confidence <= 1

    def test_without_passages_there_is_an_answer(self, component: Strategy, corpus: Corpus) -> None:
        """What a model knows by heart."""
        assert isinstance(run_one(LLMReader(model=SMALL_REASONER, strategy=component), corpus, Request("Who?")), Answer)

    def test_a_strategy_nests(self, component: Strategy, corpus: Corpus) -> None:
        """A pipeline whose reader it calls is read back from its notation, and answers as part of a cascade does."""
        reader = LLMReader(model=SMALL_REASONER, strategy=component)
        (nested,) = parse(f"cascade(first={reader}, then=sentence(), accept=0.0)")
        request = Request(small_world().questions[0].text, PASSAGES)
        assert run_one(nested, corpus, request) == run_one(reader, corpus, request)


def rounds(strategy: Strategy, model: LanguageModel, request: Request = HATS) -> tuple[list[int], Answer]:
    """How many calls each round of a strategy has, and the answer that it comes to."""
    corpus = Corpus(request.passages, ArtefactStore(Path()))
    return follow(LLMReader(model=model, strategy=strategy).process(request), corpus)


def follow(process: Process, corpus: Corpus) -> tuple[list[int], Answer]:
    """Drive a process on its own: the number of calls in each of its rounds, and its answer."""

    @cache
    def operator_of(part: Component) -> Operator:
        return part.open(corpus)

    calls_of_round: list[int] = []

    def answer(calls: Sequence[Call]) -> list[Outcome]:
        calls_of_round.append(len(calls))
        return call_together(calls, operator_of)

    outcome = drive(process, answer)
    return calls_of_round, answer_of(outcome)


@cache
def small_world() -> Dataset:
    """A small world that no model was trained on."""
    return load_dataset("microworld/100")


def caller_in(folder: Path) -> RecordedCalls:
    """A caller over the small world with an empty ledger."""
    folder.mkdir(exist_ok=True)
    return RecordedCalls(OpenedComponents(small_world().documents, folder / "artefacts"), open_ledger("memory://"))


def answers(traces: Sequence[Trace]) -> list[Answer]:
    """The answers of traces none of which failed."""
    assert [trace.failure for trace in traces] == [None] * len(traces)
    return [answer for trace in traces if (answer := trace.answer) is not None]


def ask_alone(pipeline: Pipeline, recorded_calls: RecordedCalls, question: str) -> Answer:
    """One question answered with nothing shared and nothing recorded."""
    corpus = recorded_calls.opened_components.corpus(pipeline)
    request = Request(question)
    for component in pipeline.online.values():
        outcome = run_one(component, corpus, request)
        if isinstance(outcome, Answer):
            return outcome
        request = request.with_ranking(outcome)  # type: ignore[arg-type]
    raise AssertionError(f"no stage of {pipeline} answers")
