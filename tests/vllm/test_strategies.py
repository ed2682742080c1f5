"""Every way of calling a model, with a tiny reasoner that vLLM serves: its rounds of calls, and what comes out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.vllm.conftest import Served
from tradespace.components.base import Call, Component, Outcome, Pipeline, Process, Reader
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers import READERS
from tradespace.components.readers.agent import Agent
from tradespace.components.readers.agreement import Agreement
from tradespace.components.readers.cascade import Cascade
from tradespace.components.readers.llm import LLMReader, ModelReader
from tradespace.components.readers.map_reduce import MapReduce
from tradespace.components.readers.map_rerank import MapRerank
from tradespace.components.readers.refine import Refine
from tradespace.components.readers.router import Router
from tradespace.components.retrievers import RETRIEVERS
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.decomposition import Decomposition
from tradespace.components.retrievers.hyde import HyDE
from tradespace.components.retrievers.if_needed import IfNeeded
from tradespace.components.retrievers.ircot import IRCoT
from tradespace.components.retrievers.multi_query import MultiQuery
from tradespace.components.retrievers.step_back import StepBack
from tradespace.components.strategies import STRATEGIES
from tradespace.components.strategies.adaptive_consistency import AdaptiveConsistency
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.best_of_k import BestOfK
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.cot_at_k import ChainOfThoughtAtK
from tradespace.components.strategies.direct import Direct
from tradespace.components.strategies.few_shot import FewShot
from tradespace.components.strategies.program_of_thought import ProgramOfThought
from tradespace.components.strategies.programs import ProgramRunner
from tradespace.components.strategies.propose_and_verify import ProposeAndVerify
from tradespace.components.strategies.sample_filter_cluster import SampleFilterCluster
from tradespace.components.strategies.self_refine import SelfRefine
from tradespace.components.strategies.verifiers import VERIFIERS, Arithmetic, Judge, ReaderScore, Target
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.testing.strategy_contract import caller_in, small_world
from tradespace.types import Failure, Prompt

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.skipif(find_spec("vllm") is None, reason="vLLM has an environment of its own: make test-vllm"),
]
SERVED = OpenAI(model="tiny", format="tiny_reasoner")
"""The model of every row; the tests put the server's address in."""
DIRECT = LLMReader(model=SERVED)
VOTED = LLMReader(model=SERVED, strategy=ChainOfThoughtAtK(k=3))
THINK = ChainOfThought()

ROWS: tuple[tuple[Component, str], ...] = (
    (Direct(), "1m"),
    (ChainOfThought(), "1m"),
    (FewShot(examples=(("what is the age of Ada?", "41"),), shots=1), "1m"),
    (ChainOfThoughtAtK(k=4), "4m"),
    (ChainOfThoughtAtK(k=4, vote="log_probability"), "4m"),
    (ChainOfThoughtAtK(k=4, route_below=1.0), "4m( 1m)?"),
    (AdaptiveConsistency(k=6, wave=2), "2m( 2m){0,2}"),
    (BestOfK(k=4, verifier=Judge()), "4m( [1-4]m)?"),
    (BestOfK(k=4, verifier=Arithmetic()), "4m"),
    (BestOfK(k=4, verifier=Target(number=7)), "4m"),
    (BestOfK(k=4, verifier=ReaderScore(reader=DIRECT)), "4m( [1-4]m)?"),
    (SampleFilterCluster(k=4, inputs=2, submissions=3), r"5m( \d+p)?( [23]m)?"),
    (ProposeAndVerify(beam=2, depth=2), "2m( 2m)?( 1m)?"),
    (ProgramOfThought(k=4), "4m( [1-4]p)?"),
    (SelfRefine(rewrites=2), "1m 1m( 1m( 1m( 1m)?)?)?"),
    (MapRerank(model=SERVED, passages=3, strategy=THINK), "3m"),
    (MapReduce(model=SERVED, passages=3, strategy=THINK), "3m 1m"),
    (Refine(model=SERVED, passages=3), "1m 1m 1m"),
    (Cascade(first=VOTED, then=DIRECT, accept=0.9), "3m( 1m)?"),
    (Agreement(first=DIRECT, second=VOTED), "4m"),
    (Router(easy=DIRECT, hard=VOTED, by="links", hard_from=2), "1m|3m"),
    (Agent(model=SERVED), "1m( 1m)?( 1m)?"),
    (MultiQuery(model=SERVED, wordings=3), "3m [1-4]s"),
    (HyDE(model=SERVED, suppositions=2), "2m [12]s"),
    (StepBack(model=SERVED), "1m [12]s"),
    (Decomposition(model=SERVED), "1m [1-5]s"),
    (IRCoT(model=SERVED, steps=2), "1s 1m( 1s( 1m( 1s)?)?)?"),
    (IfNeeded(model=SERVED, sure_from=0.5), "1m( 1s)?"),
)
"""What is run, and its rounds: calls of the model, runs of programs and searches that are made side by side."""
QUESTIONS = [question.text for question in small_world().questions[:6]]
TOO_LONG = "what is the age of " + "the friend of " * 1200 + "Ada?"


def pipeline_of(component: Component, url: str) -> Pipeline:
    """The component with what it needs beside it, all of it asking the served model."""
    served = _at(component, url)
    if isinstance(served, Strategy):
        served = LLMReader(model=_at(SERVED, url), strategy=served)
    if isinstance(served, Reader):
        return BM25(top_k=3) >> served
    return served >> LLMReader(model=_at(SERVED, url))


def _at(component: Component, url: str) -> Component:
    """The same, with every model in it at this address."""
    if isinstance(component, OpenAI):
        return OpenAI(model="tiny", base_url=url, format="tiny_reasoner", attempts=2)
    changed = {name: _at(one, url) for name, one in component.settings.items() if isinstance(one, Component)}
    return type(component).model_validate({**component.settings, **changed})


@pytest.mark.parametrize(("component", "rounds"), ROWS, ids=lambda value: str(value)[:60])
def test_rounds_samples_and_answers(component: Component, rounds: str, served: Served, tmp_path: Path) -> None:
    """Each question makes the rounds of the table, and is answered; all that they asked is in the ledger, once."""
    pipeline, recorded_calls = pipeline_of(component, served.url), caller_in(tmp_path)
    traces = run(recorded_calls, [pipeline], QUESTIONS)[pipeline]
    assert [trace.failure for trace in traces] == [None] * len(traces)
    assert any(trace.answer and trace.answer.text for trace in traces)
    made, asked = recorded_calls.budget.made, set[Call]()
    for trace in traces:
        for stage, request in zip(pipeline.online.values(), trace.inputs.values(), strict=True):
            found, outcome = followed(stage.process(request), recorded_calls, pipeline)
            asked |= {call for calls in found for call in calls}
            assert all(map(samples_are_consecutive, found))
            assert outcome == (trace.answer if isinstance(stage, Reader) else trace.ranking)
            if stage == row_of(pipeline):
                assert re.fullmatch(rounds, " ".join(map(written, found)))
    assert recorded_calls.budget.made == made == len(asked) == len(recorded_calls.ledger)


@pytest.mark.parametrize("component", [component for component, _ in ROWS], ids=lambda value: str(value)[:60])
def test_a_refused_question_fails_alone(component: Component, served: Served, tmp_path: Path) -> None:
    """What is longer than the model can read is a recorded failure that quotes the server; the other is answered."""
    pipeline, recorded_calls = pipeline_of(component, served.url), caller_in(tmp_path)
    refused, answered = run(recorded_calls, [pipeline], [TOO_LONG, QUESTIONS[0]])[pipeline]
    assert answered.answer is not None
    assert refused.failure is not None
    assert "HTTP 400" in refused.failure.message


def followed(
    process: Process, recorded_calls: RecordedCalls, pipeline: Pipeline
) -> tuple[list[Sequence[Call]], Outcome]:
    """The rounds of a process whose calls the ledger answers, and its outcome."""
    found: list[Sequence[Call]] = []
    outcomes: list[Outcome] | None = None
    while True:
        try:
            calls = next(process) if outcomes is None else process.send(outcomes)
        except StopIteration as finished:
            return found, finished.value
        found.append(calls)
        outcomes = [
            one
            for one in recorded_calls.outcomes(calls, recorded_calls.corpus(pipeline))
            if not isinstance(one, Failure)
        ]


def written(calls: Sequence[Call]) -> str:
    """A round as ROWS writes it.

    >>> written([Call(SERVED, Prompt(())), Call(SERVED, Prompt((), sample=1))])
    '2m'
    """
    letters = Counter(
        "m" if isinstance(call.component, LanguageModel) else "p" if isinstance(call.component, ProgramRunner) else "s"
        for call in calls
    )
    return "".join(f"{count}{letter}" for letter, count in letters.items())


def samples_are_consecutive(calls: Sequence[Call]) -> bool:
    """Whether a round asks for each sample of a prompt once, without a gap: so they come from one request."""
    numbers: dict[object, list[int]] = {}
    for prompt in (call.request for call in calls):
        if isinstance(prompt, Prompt):
            numbers.setdefault((prompt.messages, prompt.temperature), []).append(prompt.sample)
    return all(sorted(one) == list(range(min(one), min(one) + len(one))) for one in numbers.values())


def row_of(pipeline: Pipeline) -> Component:
    """The stage under test: the reader, where it is not the plain one behind a retriever that asks."""
    retriever, reader = pipeline.online.values()
    return retriever if isinstance(retriever, ModelGuidedRetriever) else reader


def test_no_row_is_missing() -> None:
    """Every strategy, verifier, reader that asks a model, and retriever that asks one is run."""
    run_here = {type(one) for row, _ in ROWS for one in (row, *row.settings.values()) if isinstance(one, Component)}
    asking = [one for one in RETRIEVERS if issubclass(one, ModelGuidedRetriever)]
    reading = [one for one in READERS if issubclass(one, ModelReader | Cascade | Router)]
    assert {*STRATEGIES, *VERIFIERS, *reading, *asking} <= run_here
