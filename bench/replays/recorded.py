"""Recordings, and pipelines on them through the ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tradespace.components.base import Pipeline, Reader
from tradespace.components.corpus import Corpus
from tradespace.components.llms.replay import Replay
from tradespace.components.prompts.tasks import DIRECT, INPUTS, PROGRAM, THINK, Task, TaskKind
from tradespace.components.readers.llm import LLMReader
from tradespace.components.store import ArtefactStore
from tradespace.components.strategies.base import Strategy
from tradespace.data import load_dataset
from tradespace.evals.measures import measure
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.types import Answer, Completion, Failure, Prompt, Question, Timed

INSTRUCTIONS = {"direct": DIRECT, "think": THINK, "calculate": PROGRAM, "ask": INPUTS}


@dataclass(frozen=True, slots=True)
class Sample:
    """A recorded completion with its seconds, if they were recorded."""

    completion: Completion
    seconds: float | None = None


@cache
def samples(recording: str, questions: tuple[Question, ...], kind: TaskKind, count: int) -> list[list[Sample]]:
    """The first `count` recorded completions of each question, as the model `replay` gives them.

    Raises:
        LookupError: there are fewer.
    """
    model = Replay(recording=recording)
    operator = model.open(Corpus((), ArtefactStore(Path())))
    return [
        [
            _sample(outcome)
            for outcome in operator(
                [Prompt(model.messages(Task(INSTRUCTIONS[kind], question.text)), sample=n) for n in range(count)]
            )
        ]
        for question in questions
    ]


def _sample(drawn: object) -> Sample:
    if isinstance(drawn, Failure):
        raise LookupError(drawn.message)
    outcome = drawn.outcome if isinstance(drawn, Timed) else drawn
    assert isinstance(outcome, Completion)
    return Sample(outcome, drawn.seconds if isinstance(drawn, Timed) else None)


def scores(name: str, questions: Sequence[Question], texts: Sequence[Sequence[str]]) -> list[list[bool]]:
    """Whether each text answers its question, by a measure; texts are scored together."""
    flat = [(question, Answer(text, 0.0)) for question, row in zip(questions, texts, strict=True) for text in row]
    scored = iter(
        measure(name).score([question for question, _ in flat], [None] * len(flat), [answer for _, answer in flat])
    )
    return [[next(scored) == 1.0 for _ in row] for row in texts]


def right(name: str, questions: Sequence[Question], drawn: Sequence[Sequence[Sample]]) -> list[list[bool]]:
    """Whether each recorded completion answers its question."""
    return scores(name, questions, [[sample.completion.text for sample in row] for row in drawn])


@contextmanager
def a_caller() -> Iterator[RecordedCalls]:
    """A ledger of its own, empty."""
    with tempfile.TemporaryDirectory() as folder, closing(open_ledger(Path(folder) / "ledger.sqlite")) as ledger:
        yield RecordedCalls(OpenedComponents((), Path(folder)), ledger)


def answers(
    recorded_calls: RecordedCalls, dataset: str, readers: Sequence[Reader], first: int | None = None
) -> list[list[Answer | None]]:
    """What each reader answers to the first or all questions, run through a ledger; None where it failed."""
    pipelines = [Pipeline((reader,)) for reader in readers]
    traces = run(recorded_calls, pipelines, [question.text for question in load_dataset(dataset).questions[:first]])
    return [[trace.answer for trace in traces[pipeline]] for pipeline in pipelines]


def accuracies(
    recorded_calls: RecordedCalls, dataset: str, name: str, readers: Sequence[Reader], first: int | None = None
) -> list[list[float]]:
    """Scores of each reader for the first or all questions, run through a ledger. A failure scores 0."""
    questions = load_dataset(dataset).questions[:first]
    answered = answers(recorded_calls, dataset, readers, first)
    return [
        [score or 0.0 for score in measure(name).score(questions, [None] * len(questions), row)] for row in answered
    ]


def reader(recording: str, strategy: Strategy, form: str) -> LLMReader:
    """A replayed model called by a strategy."""
    return LLMReader.model_validate({"model": Replay(recording=recording), "strategy": strategy, "form": form})


def mean(values: Sequence[float] | Sequence[bool]) -> float:
    """Their mean."""
    return sum(values) / len(values)


def at_least_one(right: Sequence[bool], k: int) -> float:
    """Chance that k of the samples, drawn at random, hold a right one (Chen, M. et al. 2021: the unbiased pass@k)."""
    wrong, total = right.count(False), len(right)
    chance = 1.0
    for drawn in range(k):
        chance *= max(0, wrong - drawn) / (total - drawn)
    return 1.0 - chance


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
