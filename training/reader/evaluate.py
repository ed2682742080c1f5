"""Measures the shipped weights on XQuAD and on held-out NQ, and writes the tables of docs/models-reader.md.

    python -m training.reader.evaluate --data DATA --run runs/reader/evaluation --questions 400

Every question's readings are appended to a file in the run's folder, so a stopped evaluation continues, and a larger
`--questions` only adds. The passages searched are XQuAD's and Natural Questions' together.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tradespace.components.encoders.reader import READER_FOLDER, SpanReader
from tradespace.components.encoders.weights import read_manifest
from tradespace.evals.measures.answer_em import ANSWER_EM
from tradespace.evals.measures.answer_f1 import ANSWER_F1
from training.reader.corpora import Question, natural_questions, part_of, xquad
from training.reader.examples import DEFAULT_DATA
from training.reader.latency import latency_table
from training.reader.retrieval import bm25_top
from training.reader.tables import PASSAGES_RERANKED, Evaluated, GradedReading, quality_tables

DOCUMENT = Path("docs/models-reader.md")
_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class TestSet:
    """Questions with the passages that BM25 finds for each."""

    name: str
    questions: list[Question]
    candidates: list[list[str]]


def test_sets(data: Path, count: int) -> list[TestSet]:
    """XQuAD and the test part of Natural Questions; `count` questions of each, in an order drawn once."""
    natural, foreign = natural_questions(data), xquad(data)
    texts = list(dict.fromkeys(question.passage.text for question in [*foreign, *natural]))
    held_out = [question for question in natural if part_of(question) == "test"]
    sets = []
    for name, questions in (("XQuAD", foreign), ("NQ held out", held_out)):
        drawn = random.Random(0).sample(questions, len(questions))[:count]
        found = bm25_top([question.text for question in drawn], texts, PASSAGES_RERANKED)
        sets.append(TestSet(name, drawn, [[texts[place] for place in places] for places in found]))
    return sets


def evaluate(reader: SpanReader, test: TestSet, file: Path) -> list[Evaluated]:
    """The readings of every question of `test`; those already in `file` are not made again."""
    file.parent.mkdir(parents=True, exist_ok=True)
    done = list(_read(file))[: len(test.questions)]
    with file.open("a", encoding="utf-8") as lines:
        for question, passages in list(zip(test.questions, test.candidates, strict=True))[len(done) :]:
            done.append(_evaluate(reader, question, passages))
            lines.write(json.dumps(asdict(done[-1])) + "\n")
            lines.flush()
    return done


def _evaluate(reader: SpanReader, question: Question, passages: Sequence[str]) -> Evaluated:
    gold = question.passage.text
    everything = list(dict.fromkeys([*passages, gold]))
    readings = reader.read(question.text, everything)
    graded = {
        text: GradedReading(
            gold=text == gold,
            f1=ANSWER_F1.grade(reading.text, question.answers),
            exact=ANSWER_EM.grade(reading.text, question.answers),
            score=reading.score,
            confidence=reading.confidence,
            relevance=reading.relevance,
        )
        for text, reading in zip(everything, readings, strict=True)
    }
    return Evaluated([graded[text] for text in passages], graded[gold])


def _read(file: Path) -> Iterator[Evaluated]:
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            fields = json.loads(line)
            yield Evaluated([GradedReading(**each) for each in fields["retrieved"]], GradedReading(**fields["alone"]))


def insert(document: Path, tables: str) -> None:
    """Replaces what stands between the two markers of `document`."""
    text = document.read_text(encoding="utf-8")
    before, after = text[: text.index(_BEGIN) + len(_BEGIN)], text[text.index(_END) :]
    document.write_text(f"{before}\n\n{tables.strip()}\n\n{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--weights", type=Path, default=READER_FOLDER)
    parser.add_argument("--run", type=Path, default=Path("runs/reader/evaluation"))
    parser.add_argument("--questions", type=int, default=1190)
    parser.add_argument("--document", type=Path, default=DOCUMENT)
    arguments = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    run = arguments.run / read_manifest(arguments.weights).sha256[:12]
    tests = test_sets(arguments.data, arguments.questions)
    results = {
        (test.name, layers): evaluate(
            SpanReader(layers, folder=arguments.weights), test, run / f"{test.name} {layers}.jsonl"
        )
        for layers in (3, 6)
        for test in tests
    }
    tables = quality_tables(results) + latency_table(arguments.weights, tests[0].questions, tests[0].candidates)
    insert(arguments.document, tables)
    print(tables)


if __name__ == "__main__":
    main()
