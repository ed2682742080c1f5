"""Passages that match no document, in words."""

from __future__ import annotations

from collections.abc import Sequence

from tradespace.explorer.results import Evaluation
from tradespace.plurals import count


def unmatched_notes(evaluations: Sequence[Evaluation]) -> tuple[str, ...]:
    """How many passages could not be matched with a document, and what to do; nothing where all were."""
    affected = [evaluation for evaluation in evaluations if evaluation.unmatched]
    if not affected:
        return ()
    most = max(affected, key=lambda evaluation: evaluation.unmatched)
    return (
        f"In {count(len(affected), 'pipeline')}, passages match no document, neither by content nor by name: "
        f"{most.unmatched:,} in {most.pipeline}. Gold recall, MRR and nDCG count them as wrong. Let its retriever "
        "search these documents, or name them in the metadata `source`, as the data does.",
    )
