"""How much the retriever's order should count when passages are reranked: recall@1 on the calibration questions.

    python -m training.reader.prior --data DATA

A passage at rank r of BM25's twenty keeps the network's log-odds less `prior` times log r. The weight is chosen on the
part of Natural Questions that also fits the confidences; XQuAD has no say. Writes a table into docs/models.md.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from tradespace.components.encoders.reader import SpanReader
from tradespace.components.rerankers.cross_encoder import with_prior
from training.document import PAGE, insert
from training.reader.corpora import Question, natural_questions, part_of, xquad
from training.reader.examples import DEFAULT_DATA
from training.reader.retrieval import bm25_top
from training.reader.tables import PASSAGES_RERANKED, interval

PRIORS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


def first_is_gold(relevances: Sequence[float], gold: Sequence[bool], prior: float) -> bool:
    """Whether the passage that comes first is the gold one; passages are given in BM25's order."""
    scores = with_prior(relevances, prior)
    return gold[scores.index(max(scores))]


def prior_table(rows: dict[int, list[tuple[list[float], list[bool]]]]) -> str:
    """Recall@1 by prior and depth, in Markdown."""
    lines = ["| prior | " + " | ".join(f"{layers} layers" for layers in rows) + " |", "|---|" + "---|" * len(rows)]
    for prior in PRIORS:
        cells = [interval([first_is_gold(*row, prior) for row in of_depth]) for of_depth in rows.values()]
        lines.append(f"| {prior:g} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def candidates(data: Path) -> tuple[list[Question], list[list[str]]]:
    """The calibration questions, and what BM25 finds for each among all passages."""
    natural, foreign = natural_questions(data), xquad(data)
    texts = list(dict.fromkeys(question.passage.text for question in [*foreign, *natural]))
    questions = [question for question in natural if part_of(question) == "calibration"]
    nearest = bm25_top([question.text for question in questions], texts, PASSAGES_RERANKED)
    return questions, [[texts[place] for place in places] for places in nearest]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    questions, retrieved = candidates(arguments.data)
    rows: dict[int, list[tuple[list[float], list[bool]]]] = {}
    for layers in (3, 6):
        reader = SpanReader(layers)
        rows[layers] = [
            (
                [reading.relevance for reading in reader.read(question.text, passages)],
                [passage == question.passage.text for passage in passages],
            )
            for question, passages in zip(questions, retrieved, strict=True)
        ]
    table = f"Recall@1 on {len(questions)} calibration questions, by how much the retriever's order counts.\n\n"
    insert(arguments.page, "reader-prior", table + prior_table(rows))


if __name__ == "__main__":
    main()
