"""Readers made of calls of a model over passages, and readers made of readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.answers import Form
from tradespace.components.base import Reader
from tradespace.components.corpus import Corpus
from tradespace.components.notation import parse
from tradespace.components.readers.agent import Agent
from tradespace.components.readers.agreement import Agreement
from tradespace.components.readers.cascade import Cascade
from tradespace.components.readers.llm import LLMReader
from tradespace.components.readers.map_reduce import MapReduce
from tradespace.components.readers.map_rerank import MapRerank
from tradespace.components.readers.refine import Refine
from tradespace.components.readers.router import QUESTION_MEASURES, QuestionMeasure, Router
from tradespace.components.readers.selective import SelectiveReader
from tradespace.components.readers.sentence import SentenceReader
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.tools.calculator import Calculator
from tradespace.components.tools.search import SearchTool
from tradespace.explorer.running.runner import run
from tradespace.testing.component_contract import ComponentContract
from tradespace.testing.running import run_one
from tradespace.testing.scripted import Scripted
from tradespace.testing.strategy_contract import (
    HATS,
    SMALL_REASONER,
    answers,
    ask_alone,
    caller_in,
    follow,
    small_world,
)
from tradespace.types import Request

DIRECT = LLMReader(model=SMALL_REASONER)
VOTED = LLMReader(model=SMALL_REASONER, strategy=ChainOfThoughtAtK(k=3))
READERS: tuple[Reader, ...] = (
    MapRerank(model=SMALL_REASONER, passages=2),
    MapReduce(model=SMALL_REASONER, passages=2, strategy=ChainOfThought(), max_tokens=48),
    Refine(model=SMALL_REASONER, passages=2),
    Agent(model=SMALL_REASONER, tools=(SearchTool(retriever=BM25(top_k=2)), Calculator()), steps=2, passages=2),
    Cascade(first=Agent(model=SMALL_REASONER, at_limit="abstain", passages=0), then=DIRECT, accept=0.4),
    Cascade(first=DIRECT, then=VOTED, accept=0.4),
    Cascade(first=SentenceReader(), then=Cascade(first=DIRECT, then=VOTED, accept=0.9), accept=0.99),
    Agreement(first=DIRECT, second=VOTED),
    Cascade(first=Agreement(first=SentenceReader(), second=DIRECT, form="number"), then=VOTED, accept=1.0),
    Router(easy=DIRECT, hard=VOTED, hard_from=9.0),
    Router(easy=DIRECT, hard=VOTED, by="unsupported", hard_from=50.0),
    SelectiveReader(reader=VOTED, decline_below=0.5),
)


@pytest.mark.parametrize("component", READERS, ids=str)
class TestReaders(ComponentContract):
    """All of them, with settings other than their defaults."""

    def test_the_ledger_answers_as_a_direct_run_does(self, component: Reader, tmp_path: Path) -> None:
        """Batched and recorded, every question has the answer that it has alone; asked again, no call is made."""
        recorded_calls = caller_in(tmp_path)
        questions = [question.text for question in small_world().questions[:3]]
        pipeline = BM25(top_k=3) >> component
        recorded = answers(run(recorded_calls, [pipeline], questions)[pipeline])
        made = recorded_calls.budget.made
        assert recorded[::-1] == [ask_alone(pipeline, recorded_calls, question) for question in reversed(questions)]
        assert answers(run(recorded_calls, [pipeline], questions)[pipeline]) == recorded
        assert recorded_calls.budget.made == made

    def test_nothing_to_read_is_no_reason_to_raise(self, component: Reader, corpus: Corpus) -> None:
        """Without passages there is an answer, if an empty one."""
        assert run_one(component, corpus, Request("Who?")) is not None

    def test_the_pipeline_is_read_back(self, component: Reader, corpus: Corpus) -> None:
        """Readers within readers included."""
        pipeline = BM25() >> component
        assert parse(str(pipeline)) == pipeline


NOTED = Scripted(
    script={
        "direct": ("Bob",),
        "think": ("answer: 3", "answer: unknown", "answer: 7"),
        "calculate": ("answer: 3 + 4",),
    }
)
THINKING = LLMReader(model=NOTED, strategy=ChainOfThought())
VOTING = LLMReader(model=NOTED, strategy=ChainOfThoughtAtK(k=3))


@pytest.mark.parametrize(
    ("reader", "calls", "text"),
    [
        (LLMReader(model=NOTED), [1], "Bob"),
        (MapRerank(model=NOTED), [2], "Bob"),
        (MapRerank(model=NOTED, strategy=ChainOfThoughtAtK(k=3)), [6], "3"),
        (MapReduce(model=NOTED), [2, 1], "Bob"),
        (MapReduce(model=NOTED, strategy=ChainOfThoughtAtK(k=3)), [2, 3], "3"),
        (Refine(model=NOTED), [1, 1], "3"),
        (Refine(model=NOTED, passages=1), [1], "3"),
        (Cascade(first=LLMReader(model=NOTED), then=THINKING, accept=0.6), [1], "Bob"),
        (Cascade(first=LLMReader(model=NOTED), then=THINKING, accept=0.7), [1, 1], "3"),
        (SelectiveReader(reader=LLMReader(model=NOTED), decline_below=0.6), [1], "Bob"),
        (SelectiveReader(reader=LLMReader(model=NOTED), decline_below=0.7), [1], ""),
        (
            Cascade(
                first=LLMReader(model=NOTED, strategy=ChainOfThoughtAtK(k=5)),
                then=Cascade(first=THINKING, then=LLMReader(model=NOTED), accept=0.99),
                accept=0.7,
            ),
            [5, 1, 1],
            "Bob",
        ),
        (Agreement(first=LLMReader(model=NOTED), second=THINKING), [2], "Bob"),
        (Agreement(first=THINKING, second=VOTING), [4], "3"),
        (Cascade(first=Agreement(first=LLMReader(model=NOTED), second=THINKING), then=VOTING, accept=1), [2, 3], "3"),
        (Cascade(first=Agreement(first=THINKING, second=VOTING), then=LLMReader(model=NOTED), accept=1), [4], "3"),
        (Router(easy=LLMReader(model=NOTED), hard=THINKING, hard_from=8), [1], "Bob"),
        (Router(easy=LLMReader(model=NOTED), hard=THINKING, hard_from=7), [1], "3"),
    ],
    ids=lambda value: str(value)[:32],
)
def test_rounds_calls_and_answers_are_as_written_here(
    reader: Reader, calls: list[int], text: str, corpus: Corpus
) -> None:
    """One number for each round: how many calls it makes side by side. Rounds are made one after the other."""
    found, answer = follow(reader.process(HATS), corpus)
    assert (found, answer.text) == (calls, text)


@pytest.mark.parametrize(
    ("one", "other", "form", "confidence"),
    [
        ("Bob", "Bob.", "span", 1.0),
        ("Bob", "Ada", "span", 0.0),
        ("3", "answer: 3.0", "number", 1.0),
        ("3", "4", "number", 0.0),
        ("Ada has 3 hats", "3", "number", 1.0),
        ("Ada", "Ada", "number", 0.0),
        ("unknown", "unknown", "span", 0.0),
    ],
)
def test_readers_that_say_the_same_are_sure(
    one: str, other: str, form: Form, confidence: float, corpus: Corpus
) -> None:
    """The same by the form of the answers; knowing nothing is no agreement."""
    first, second = (LLMReader(model=Scripted(script={"direct": (text,)})) for text in (one, other))
    _, answer = follow(Agreement(first=first, second=second, form=form).process(HATS), corpus)
    assert (answer.text, answer.confidence) == (one, confidence)


@pytest.mark.parametrize(
    ("by", "count"), [("words", 7), ("names", 2), ("links", 1), ("unsupported", pytest.approx(400 / 7))]
)
def test_how_hard_a_question_looks_is_a_count(by: QuestionMeasure, count: float) -> None:
    """How many hats have Ada and Bob? "how", "many", "have" and "and" are in no passage."""
    assert QUESTION_MEASURES[by](HATS) == count
