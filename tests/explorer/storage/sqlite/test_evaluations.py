"""Evaluations in an SQLite file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tradespace.explorer.results import QuestionSet
from tradespace.explorer.storage.sqlite.evaluations import SQLiteEvaluationStore
from tradespace.testing.evaluation_store_contract import BM25_EVALUATION


def test_equal_rows_are_read_as_one(tmp_path: Path) -> None:
    """Pipelines that share a stage share its seconds, also in memory."""
    store = SQLiteEvaluationStore(tmp_path / "evaluations.sqlite")
    timed = replace(BM25_EVALUATION, seconds={"retrieve": (0.1, None, 0.3)})
    store.write("here", "host", [timed, replace(timed, pipeline="bm25(k1=2)")])
    one, other = store.read("here", "host", QuestionSet.EXPLORE).values()
    assert one.seconds["retrieve"] is other.seconds["retrieve"]
