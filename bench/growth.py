"""How time, memory and the ledger grow with pipelines, with questions and with documents.

    python bench/growth.py

Each row runs and scores pipelines in a process of its own, through an empty ledger, on a world of `microworld`. Indexes
and token vectors are built beforehand, as they are once for a corpus. Seconds are processor seconds, which other
programs on the machine do not stretch.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))


from bench.page import STUDIES, table, write
from tradespace.components.base import Pipeline
from tradespace.data.bundled.microworld import microworld
from tradespace.evals.measures import MEASURES
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run, stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.specification import load_text

SPACE = """
name: growth
data: {dataset: microworld}
pipeline:
  retrieve:
    bm25: {k1: {from: 0.2, to: 2.4, step: 0.2}, b: {from: 0.1, to: 0.9, step: 0.1}, top_k: [1, 2, 3, 5, 10, 20]}
  rerank: {none: {}, maxsim: {keep: [1, 3, 5]}, mmr: {keep: [3, 5]}}
  generate: {sentence: {passages: {from: 1, to: 10}}}
constraints: [rerank.keep <= retrieve.top_k]
objectives: {mrr: maximize}
"""
LEXICAL = (
    SPACE.replace("rerank: {none: {}, maxsim: {keep: [1, 3, 5]}, mmr: {keep: [3, 5]}}", "rerank: {none: {}}")
    .replace("  generate: {sentence: {passages: {from: 1, to: 10}}}\n", "")
    .replace("constraints: [rerank.keep <= retrieve.top_k]\n", "")
)
"""Without a network that reads every document: encoding 10,000 of them is the encoder's growth, not the explorer's."""

PIPELINES = [(SPACE, 400, pipelines, 20) for pipelines in (20, 200, 2_000, 20_000)]
QUESTIONS = [(SPACE, 400, 200, questions) for questions in (20, 200)]
DOCUMENTS = [(LEXICAL, documents, 200, 200) for documents in (100, 1_000, 10_000)]
RESULTS = Path(__file__).parent / "results" / "growth.json"
"""Rows that are measured; delete it to measure anew."""
COLUMNS = [
    "documents",
    "pipelines",
    "questions",
    "calls asked",
    "calls made",
    "processor time",
    "peak memory",
    "ledger",
]


def main() -> None:
    """Measure every row in a process of its own and write the tables."""
    if len(sys.argv) > 1:
        print(json.dumps(measured(*json.loads(sys.argv[1]))))
        return
    parts = {"More pipelines": PIPELINES, "More questions": QUESTIONS, "More documents": DOCUMENTS}
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    sections: list[str] = []
    for title, cases in parts.items():
        rows = [_apart(case, known) for case in cases]
        sections.append(f"{title}: {_factors(rows)}\n\n{_table(rows)}")
        write("growth", "\n\n".join(sections))


def _apart(case: Sequence[Any], known: dict[str, dict[str, float]]) -> dict[str, float]:
    """The row of a case, from the file where a run that was cut short left it, or measured now."""
    name = json.dumps(case)
    if name not in known:
        output = subprocess.check_output([sys.executable, __file__, name], text=True)
        known[name] = json.loads(output.splitlines()[-1])
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(known, indent=1) + "\n")
    return known[name]


def measured(space: str, documents: int, count: int, questions: int) -> dict[str, float]:
    """One row: what running and scoring takes, and what is left in the ledger."""
    dataset = microworld(documents)
    asked = dataset.split(questions, 0, seed=0).explore
    chosen = random.Random(0).sample(list(load_text(space).space.members()), count)
    opened_components = OpenedComponents(dataset.documents, STUDIES / "bench-artefacts")
    with tempfile.TemporaryDirectory() as folder:
        run(RecordedCalls(opened_components, open_ledger(Path(folder) / "warm.sqlite")), chosen, [asked[0].text])
        idle = _peak()
        recorded_calls = RecordedCalls(opened_components, open_ledger(Path(folder) / "ledger.sqlite"))
        start = time.process_time()
        _score(recorded_calls, chosen, asked)
        seconds = time.process_time() - start
        size = sum(file.stat().st_size for file in Path(folder).glob("ledger.sqlite*"))
        return {
            "documents": documents,
            "pipelines": count,
            "questions": questions,
            "calls asked": recorded_calls.budget.asked,
            "calls made": recorded_calls.budget.made,
            "seconds": seconds,
            "idle MB": idle,
            "peak MB": _peak(),
            "ledger MB": size / 1e6,
        }


def _score(recorded_calls: RecordedCalls, chosen: Sequence[Pipeline], asked: Sequence[Any]) -> None:
    sheet = ScoreSheet(MEASURES, asked)
    for block in stream(recorded_calls, chosen, [question.text for question in asked]):
        sheet.add(block)
    for pipeline in chosen:
        sheet.scores(pipeline)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _factors(rows: Sequence[dict[str, float]]) -> str:
    first, last = rows[0], rows[-1]
    grown = max(last[name] / first[name] for name in ("documents", "pipelines", "questions"))
    return (
        f"{grown:,.0f} times as many take {last['seconds'] / first['seconds']:,.1f} times the processor time and "
        f"{last['calls made'] / first['calls made']:,.1f} times the calls."
    )


def _table(rows: Sequence[dict[str, float]]) -> str:
    cells = [
        [
            *(f"{row[name]:,.0f}" for name in COLUMNS[:5]),
            f"{row['seconds']:.1f} s",
            f"{row['peak MB']:,.0f} MB ({row['idle MB']:,.0f} before)",
            f"{row['ledger MB']:.1f} MB",
        ]
        for row in rows
    ]
    return table(COLUMNS, cells)


if __name__ == "__main__":
    main()
