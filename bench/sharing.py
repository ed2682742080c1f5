"""How much sharing saves: many pipelines evaluated together against each on its own, side by side in one run.

    python bench/sharing.py

Four ways to run and score the same pipelines of the very same components, opened beforehand: Tradespace, a naive loop,
a loop over LangChain runnables, and PyTerrier's experiment with `plan="tree"`. The loops run a sample of pipelines and
questions, extrapolated by the number of both. PyTerrier's tree shares nothing between pipelines that begin with
different retrievers, so it runs whole subtrees, those of some retrievers, extrapolated by the number of pipelines.
PyTerrier is installed in an environment of its own, bench/.venv.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.environment import enter

if __name__ == "__main__":
    enter(["python-terrier>=1.0"])


from bench.alone import langchain_seconds, naive_seconds
from bench.page import STUDIES, table, write
from bench.terrier import tree_seconds
from tradespace.components.base import Component, Operator, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.components.roles import Role
from tradespace.data import load_dataset
from tradespace.evals.measures import measure
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run, stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.specification import load_text
from tradespace.types import Question

SPACE = """
name: sharing
data: {dataset: wikipedia}
pipeline:
  retrieve:
    bm25:   {k1: [0.9, 1.2, 1.5], b: [0.4, 0.75], top_k: [1, 3, 5, 10, 20]}
    dense:  {index: {flat: {}, hnsw: {ef_search: [16, 64]}, ivf: {nprobe: [2, 8]}}, top_k: [1, 3, 5, 10, 20]}
    hybrid: {fusion: {rrf: {}, weighted: {alpha: [0.3, 0.5, 0.7]}}, top_k: [5, 10, 20]}
  rerank: {none: {}, mmr: {keep: [1, 3, 5]}, maxsim: {keep: [1, 3, 5]}}
  generate: {sentence: {passages: [1, 2, 3, 4, 5]}}
constraints: [rerank.keep <= retrieve.top_k]
objectives: {answer_contained: maximize}
"""
QUESTIONS = 300
ALONE = (8, 20)
"""Pipelines and questions that the loops run."""
RETRIEVERS = 2
"""Retrievers whose pipelines PyTerrier runs, drawn from those of each kind."""


@dataclass
class Counting(OpenedComponents):
    """A workbench that counts the requests that operators are handed."""

    made: int = field(default=0)

    def operator(self, component: Component, corpus: Corpus) -> Operator:
        """The opened component, counted."""
        operate = super().operator(component, corpus)

        def counted(requests: Sequence[object]) -> Sequence[object]:
            self.made += len(requests)
            return operate(requests)

        return counted  # type: ignore[return-value]


@dataclass(frozen=True)
class Measured:
    """Seconds and calls of one way, for all evaluations."""

    name: str
    calls: float
    seconds: float
    note: str


def main() -> None:
    """Measure all four and write the table."""
    dataset = load_dataset("wikipedia")
    questions = dataset.split(QUESTIONS, 0, seed=0).explore
    pipelines = list(load_text(SPACE).space.members())
    opened_components = Counting(dataset.documents, STUDIES / "bench-artefacts")
    with tempfile.TemporaryDirectory() as folder:
        print(f"opening the components of {len(pipelines):,} pipelines", file=sys.stderr)
        run(RecordedCalls(opened_components, open_ledger(Path(folder) / "warm.sqlite")), pipelines, [questions[0].text])
        shared, distinct, asked = together(opened_components, Path(folder), pipelines, questions)
    others = [*alone(opened_components, pipelines, questions), tree(opened_components, pipelines, questions)]
    write("sharing", report(len(pipelines), shared, distinct, asked, others))


def together(
    opened_components: Counting, folder: Path, pipelines: Sequence[Pipeline], questions: Sequence[Question]
) -> tuple[Measured, int, int]:
    """Tradespace, through an empty ledger; then the distinct calls in it, and the calls that were asked for."""
    recorded_calls = RecordedCalls(opened_components, open_ledger(folder / "ledger.sqlite"))
    sheet = ScoreSheet([measure("mrr")], questions)
    opened_components.made = 0
    start = time.perf_counter()
    for block in stream(recorded_calls, pipelines, [question.text for question in questions]):
        sheet.add(block)
    seconds = time.perf_counter() - start
    print(f"together: {seconds:.1f} s", file=sys.stderr)
    return (
        Measured("Tradespace", opened_components.made, seconds, "all"),
        len(recorded_calls.ledger),
        recorded_calls.budget.asked,
    )


def alone(opened_components: Counting, pipelines: Sequence[Pipeline], questions: Sequence[Question]) -> list[Measured]:
    """The two loops, in turns, on the same sample."""
    generator = random.Random(0)
    sample = generator.sample(pipelines, ALONE[0])
    texts = [question.text for question in generator.sample(questions, ALONE[1])]
    scale = len(pipelines) * len(questions) / (len(sample) * len(texts))
    opened_components.made = 0
    naive = sum(naive_seconds(opened_components, pipeline, texts) for pipeline in sample)
    calls = opened_components.made
    chained = sum(langchain_seconds(opened_components, pipeline, texts) for pipeline in sample)
    print(f"alone: {naive:.1f} s and {chained:.1f} s", file=sys.stderr)
    note = f"{len(sample)} pipelines × {len(texts)} questions"
    return [
        Measured("naive loop", calls * scale, naive * scale, note),
        Measured("LangChain runnables", (opened_components.made - calls) * scale, chained * scale, note),
    ]


def tree(opened_components: Counting, pipelines: Sequence[Pipeline], questions: Sequence[Question]) -> Measured:
    """PyTerrier, on the pipelines of a few retrievers, one of each kind."""
    retrievers = list(dict.fromkeys(pipeline.stages[Role.RETRIEVE] for pipeline in pipelines))
    kinds = {component.name: component for component in random.Random(0).sample(retrievers, len(retrievers))}
    chosen = list(kinds.values())[:RETRIEVERS]
    subtrees = [pipeline for pipeline in pipelines if pipeline.stages[Role.RETRIEVE] in chosen]
    scale = len(pipelines) / len(subtrees)
    opened_components.made = 0
    seconds = tree_seconds(opened_components, subtrees, questions)
    note = f"{len(subtrees)} pipelines × {len(questions)} questions"
    return Measured('PyTerrier, plan="tree"', opened_components.made * scale, seconds * scale, note)


def report(pipelines: int, shared: Measured, distinct: int, asked: int, others: Sequence[Measured]) -> str:
    """Everything in ratios to Tradespace."""
    rows = [
        [
            way.name,
            f"{way.calls:,.0f}",
            f"{way.calls / distinct:,.2f}",
            f"{way.seconds:,.0f} s",
            f"{way.seconds / shared.seconds:,.1f} ×",
            way.note,
        ]
        for way in (shared, *others)
    ]
    evaluations = pipelines * QUESTIONS
    head = (
        f"{pipelines:,} pipelines × {QUESTIONS} questions = {evaluations:,} evaluations, which ask for {asked:,} "
        f"calls, {distinct:,} of them distinct. Tradespace: {evaluations / shared.seconds:,.0f} evaluations a second."
    )
    columns = ["", "calls made", "per distinct call", "wall time", "against Tradespace", "measured on"]
    return f"{head}\n\n{table(columns, rows)}"


if __name__ == "__main__":
    main()
