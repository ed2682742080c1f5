"""Measures the shipped weights on XQuAD and on held-out NQ, and writes the tables of docs/models.md.

    python -m training.reader.evaluate --data DATA --run runs/reader/evaluation --questions 1190

Every question's readings are appended to a file in the run's folder, so a stopped evaluation continues, and a larger
`--questions` only adds to it. The passages searched are XQuAD's and Natural Questions' together.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tradespace.components.encoders.reader import READER_FOLDER, PassageAnswer, SpanReader
from tradespace.components.encoders.weights import read_manifest
from tradespace.evals.measures.answer_em import ANSWER_EM
from tradespace.evals.measures.answer_f1 import ANSWER_F1
from training.document import PAGE, insert
from training.reader.corpora import Question, natural_questions, part_of, xquad
from training.reader.examples import DEFAULT_DATA
from training.reader.latency import latency_table
from training.reader.retrieval import bm25_top
from training.reader.tables import PASSAGES_RERANKED, Evaluated, GradedReading, precision_table, quality_tables


@dataclass(frozen=True)
class TestSet:
    """Questions with the passages that BM25 finds for each."""

    name: str
    questions: list[Question]
    candidates: list[list[str]]


def test_sets(data: Path) -> list[TestSet]:
    """XQuAD and the test part of Natural Questions, their questions in an order drawn once."""
    natural, foreign = natural_questions(data), xquad(data)
    texts = list(dict.fromkeys(question.passage.text for question in [*foreign, *natural]))
    held_out = [question for question in natural if part_of(question) == "test"]
    sets = []
    for name, questions in (("XQuAD", foreign), ("NQ held out", held_out)):
        drawn = random.Random(0).sample(questions, len(questions))
        nearest = bm25_top([question.text for question in drawn], texts, PASSAGES_RERANKED)
        sets.append(TestSet(name, drawn, [[texts[place] for place in places] for places in nearest]))
    return sets


def evaluate(reader: SpanReader, test: TestSet, folder: Path, retrieval: int) -> list[Evaluated]:
    """Reads the gold passages of all questions of `test`, and what BM25 found for the first `retrieval` of them."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = [[question.passage.text] for question in test.questions]
    alone = _graded(reader, test.questions, plain, folder / "gold.jsonl")
    asked = test.questions[:retrieval]
    retrieved = _graded(reader, asked, test.candidates[:retrieval], folder / "retrieved.jsonl")
    retrieved += [[] for _ in test.questions[retrieval:]]
    return [Evaluated(read, gold) for [gold], read in zip(alone, retrieved, strict=True)]


def _graded(
    reader: SpanReader, questions: Sequence[Question], passages: Sequence[Sequence[str]], file: Path
) -> list[list[GradedReading]]:
    """The graded readings of each question's passages; those already in `file` are not made again."""
    stored = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    done = [[GradedReading(**each) for each in json.loads(line)] for line in stored[: len(questions)]]
    with file.open("a", encoding="utf-8") as lines:
        for question, texts in list(zip(questions, passages, strict=True))[len(done) :]:
            readings = reader.read(question.text, texts)
            done.append([_grade(question, text, each) for text, each in zip(texts, readings, strict=True)])
            lines.write(json.dumps([asdict(each) for each in done[-1]]) + "\n")
            lines.flush()
    return done


def _grade(question: Question, passage: str, reading: PassageAnswer) -> GradedReading:
    return GradedReading(
        gold=passage == question.passage.text,
        f1=ANSWER_F1.grade(reading.text, question.answers),
        exact=ANSWER_EM.grade(reading.text, question.answers),
        score=reading.score,
        confidence=reading.confidence,
        relevance=reading.relevance,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--weights", type=Path, default=READER_FOLDER)
    parser.add_argument("--run", type=Path, default=Path("runs/reader/evaluation"))
    parser.add_argument("--questions", type=int, default=1190, help="of each set, how many to retrieve passages for")
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    run = arguments.run / f"{read_manifest(arguments.weights).sha256[:12]} onnxruntime"
    tests = test_sets(arguments.data)
    results = {
        (test.name, layers): evaluate(
            SpanReader(layers, folder=arguments.weights), test, run / f"{test.name} {layers}", arguments.questions
        )
        for layers in (3, 6)
        for test in tests
    }
    foreign = tests[0]
    precisions = {
        layers: (results[foreign.name, layers], evaluate(reader, foreign, run / f"{foreign.name} {layers} int8", 0))
        for layers in (3, 6)
        for reader in [SpanReader(layers, "int8", folder=arguments.weights)]
    }
    latency = latency_table(arguments.weights, foreign.questions, foreign.candidates)
    tables = "\n".join((quality_tables(results), precision_table(foreign.name, precisions), latency))
    insert(arguments.page, "reader", tables)
    print(tables)


if __name__ == "__main__":
    main()
