"""How much sharing saves: many pipelines evaluated together against each on its own, side by side in one run.

    python bench/sharing.py

The naive evaluator runs one pipeline on one question at a time, as a loop over LangChain runnables would. It is run on
a sample of the pipelines and extrapolated by their number. Both sides have models loaded and indexes built beforehand.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

from tradespace.components.pipeline import Pipeline
from tradespace.data import load
from tradespace.explorer.caller import Caller
from tradespace.explorer.ledger import Ledger
from tradespace.explorer.runner import run
from tradespace.explorer.stopwatch import answer
from tradespace.explorer.workbench import Workbench
from tradespace.search_space.specification import load_text
from tradespace.types import Request

SPACE = """
name: sharing
data: {dataset: wikipedia}
pipeline:
  retrieve:
    bm25: {k1: [0.9, 1.2, 1.5], b: [0.4, 0.6, 0.75], top_k: [1, 3, 5, 10, 20]}
  rerank: {none: {}, maxsim: {keep: [1, 3, 5]}}
  generate: {sentence: {passages: [1, 3, 5]}}
constraints: [rerank.keep <= retrieve.top_k]
objectives: {answer_contained: maximize}
"""
QUESTIONS, SAMPLE = 60, 6


def main() -> None:
    """Measure both and print the ratios."""
    dataset = load("wikipedia")
    questions = [question.text for question in dataset.split(QUESTIONS, 0, seed=0).explore]
    pipelines = list(load_text(SPACE).space.members())
    with tempfile.TemporaryDirectory() as folder:
        workbench = Workbench(dataset.documents, Path(folder) / "artefacts")
        caller = Caller(workbench, Ledger(Path(folder) / "ledger.sqlite"))
        sample = random.Random(0).sample(pipelines, SAMPLE)
        run(Caller(workbench, Ledger(Path(folder) / "warm.sqlite")), sample, questions[:2])
        naive = seconds_of_naive(workbench, sample, questions) / SAMPLE * len(pipelines)
        start = time.perf_counter()
        run(caller, pipelines, questions)
        shared = time.perf_counter() - start
    print(f"{len(pipelines)} pipelines x {QUESTIONS} questions")
    evaluations = len(pipelines) * QUESTIONS
    print(f"evaluations / calls made: {evaluations / caller.tally.made:.1f} ({evaluations:,} / {caller.tally.made:,})")
    print(f"wall time, naive (from {SAMPLE} pipelines) / shared: {naive / shared:.1f}")


def seconds_of_naive(workbench: Workbench, pipelines: list[Pipeline], questions: list[str]) -> float:
    """Wall time of one pipeline on one question at a time."""
    start = time.perf_counter()
    for pipeline in pipelines:
        operator_of = workbench.operators_for(workbench.corpus(pipeline))
        for question in questions:
            answer(pipeline, Request(question), operator_of)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
