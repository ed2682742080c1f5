"""BM25 over the bundled passages finds the gold passage as often as bm25s does in the reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.base import ranking_of
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.store import ArtefactStore
from tradespace.data.bundled.wikipedia import wikipedia
from tradespace.testing.running import run_together
from tradespace.types import Request

DEPTHS = (1, 3, 5, 10, 20)
REFERENCE = {"xquad": (0.858, 0.936, 0.951, 0.959, 0.976), "nq": (0.757, 0.878, 0.907, 0.936, 0.954)}
"""Gold-passage recall at each depth: bm25s with k1 1.2, b 0.75, English stopwords, no stemming, whole passages."""


@pytest.mark.parametrize("part", REFERENCE)
def test_gold_passage_recall_is_that_of_the_reference(part: str, tmp_path: Path) -> None:
    """The share of questions whose gold passage is among the first k comes within 0.01 of the reference, for each k."""
    dataset = wikipedia(part)
    corpus = Corpus(whole_documents(dataset.documents), ArtefactStore(tmp_path))
    outcomes = run_together(BM25(top_k=20), corpus, [Request(question.text) for question in dataset.questions])
    rankings = [[scored.passage.id for scored in ranking_of(outcome)] for outcome in outcomes]
    for depth, expected in zip(DEPTHS, REFERENCE[part], strict=True):
        hits = [
            bool(set(question.gold) & set(ids[:depth]))
            for question, ids in zip(dataset.questions, rankings, strict=True)
        ]
        assert sum(hits) / len(hits) == pytest.approx(expected, abs=0.01)
