"""Passages that match no document are spoken of."""

from __future__ import annotations

from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.reports.unmatched import unmatched_notes


def evaluation(pipeline: str, unmatched: int) -> Evaluation:
    return Evaluation(pipeline, "", QuestionSet.EXPLORE, {}, {"gold_recall@5": (0.0,)}, unmatched=unmatched)


def test_where_all_match_nothing_is_said() -> None:
    """No note for pipelines whose passages are all of known documents."""
    assert unmatched_notes([evaluation("bm25()", 0)]) == ()


def test_the_number_and_the_pipeline_are_named() -> None:
    """How many pipelines, the one with the most, and what to do."""
    (note,) = unmatched_notes([evaluation("a()", 3), evaluation("b()", 1200), evaluation("c()", 0)])
    assert "2 pipelines" in note
    assert "1,200 in b()" in note
    assert "`source`" in note
