"""Microseconds that Tradespace itself adds to each stage and question, beside LangChain's `RunnableSequence`.

    python bench/overhead.py

Three stages that do nothing: a retriever that always finds the same passages, a reranker that keeps them, a reader that
always answers alike. Whatever time passes is overhead. All ways take turns, several rounds; the median round counts.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.alone import runnable
from bench.page import table, write
from tradespace.components.base import Operator, Pipeline, Reader, Reranker, Retriever
from tradespace.components.corpus import Corpus
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import stream
from tradespace.explorer.storage.sqlite.ledger import SQLiteLedger
from tradespace.explorer.timing.stopwatch import answer
from tradespace.types import Answer, Document, Request, ScoredPassage

DOCUMENTS = tuple(Document(str(number), f"passage number {number}, of a few words") for number in range(5))
QUESTIONS = tuple(f"question number {number}" for number in range(2000))
SHARING = 20
"""Pipelines that differ in the reader alone."""
ROUNDS = 3


class Found(Retriever):
    """Always finds the same passages."""

    name: ClassVar[str] = "found"

    def open(self, corpus: Corpus) -> Operator:
        """Nothing to open."""
        ranking = tuple(ScoredPassage(passage, 1.0) for passage in corpus.passages)
        return lambda requests: [ranking for _ in requests]


class Kept(Reranker):
    """Keeps what it is given."""

    name: ClassVar[str] = "kept"

    def open(self, corpus: Corpus) -> Operator:
        """Nothing to open."""
        return lambda requests: [
            tuple(ScoredPassage(passage, 0.5) for passage in request.passages) for request in requests
        ]


class Said(Reader):
    """Always gives the same answer."""

    name: ClassVar[str] = "said"
    number: int = 0

    def open(self, corpus: Corpus) -> Operator:
        """Nothing to open."""
        said = Answer("always the same", 1.0)
        return lambda requests: [said for _ in requests]


def main() -> None:
    """Measure all ways and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        ways = _ways(Path(folder))
        rounds = [[way() for way in ways.values()] for _ in range(ROUNDS)]
    overheads = [median(column) for column in zip(*rounds, strict=True)]
    chain = overheads[-1]
    rows = [
        [name, f"{overhead:.1f} µs", f"{overhead / chain:.2f} ×"]
        for name, overhead in zip(ways, overheads, strict=True)
    ]
    write("overhead", table(["one stage, one question", "overhead", "of LangChain's"], rows))


def _ways(folder: Path) -> dict[str, Callable[[], float]]:
    pipeline = Found() >> Kept() >> Said()
    many = [Found() >> Kept() >> Said(number=number) for number in range(SHARING)]
    opened_components = OpenedComponents(DOCUMENTS, folder / "artefacts")
    fresh = (SQLiteLedger(folder / f"{number}.sqlite") for number in range(2 * ROUNDS))
    full = SQLiteLedger(folder / "full.sqlite")
    _explored(RecordedCalls(opened_components, full), [pipeline])
    operator_of = opened_components.operators_for(opened_components.corpus(pipeline))
    chain = runnable(pipeline, operator_of)
    return {
        "Tradespace: a pipeline explored, every call written to the ledger": lambda: _explored(
            RecordedCalls(opened_components, next(fresh)), [pipeline]
        ),
        "Tradespace: the same, every call read from the ledger": lambda: _explored(
            RecordedCalls(opened_components, full), [pipeline]
        ),
        f"Tradespace: {SHARING} pipelines explored that differ in the reader": lambda: _explored(
            RecordedCalls(opened_components, next(fresh)), many
        ),
        "Tradespace: a pipeline served": lambda: _each(lambda text: answer(pipeline, Request(text), operator_of)),
        "LangChain: `RunnableSequence.invoke`": lambda: _each(lambda text: chain.invoke(Request(text))),
    }


def _explored(recorded_calls: RecordedCalls, pipelines: Sequence[Pipeline]) -> float:
    start = time.process_time()
    for _ in stream(recorded_calls, pipelines, QUESTIONS):
        pass
    return _micros(time.process_time() - start, len(pipelines))


def _each(ask: Callable[[str], object]) -> float:
    start = time.process_time()
    for text in QUESTIONS:
        ask(text)
    return _micros(time.process_time() - start, 1)


def _micros(seconds: float, pipelines: int) -> float:
    return seconds * 1e6 / (3 * len(QUESTIONS) * pipelines)


if __name__ == "__main__":
    main()
