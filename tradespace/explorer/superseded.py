"""Evaluations that no longer hold: their components have other defaults, versions or weights than when they were made.

Nor do those hold that know the seconds of some questions only, as all evaluations once did.

An evaluation is kept under its pipeline's short notation, which says nothing of these; its address does.
"""

from __future__ import annotations

from itertools import islice

from tradespace.components.notation import parse
from tradespace.errors import NotationError
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.storage.base import EvaluationStore


def forget_superseded(store: EvaluationStore, context: str) -> tuple[str, ...]:
    """Remove the evaluations of a context that no longer hold, on all hosts; return their pipelines.

    They are recomputed from the ledger when they are needed: only calls of the components that changed are made.
    """
    hosts = store.hosts(context)
    evaluations = [
        evaluation
        for host in hosts
        for split in QuestionSet
        for evaluation in store.read(context, host, split).values()
    ]
    superseded = tuple(dict.fromkeys(evaluation.pipeline for evaluation in evaluations if not _holds(evaluation)))
    store.forget(context, superseded)
    return superseded


def _holds(evaluation: Evaluation) -> bool:
    try:
        return _is_timed_throughout(evaluation) and parse(evaluation.pipeline).address == evaluation.address
    except NotationError:  # a component or setting that there is no more
        return False


def _is_timed_throughout(evaluation: Evaluation) -> bool:
    """Whether its seconds are those of all questions: else they fit into no table with those of others."""
    scored = max(map(len, evaluation.scores.values()), default=0)
    return all(len(row) >= scored for row in islice(evaluation.seconds.values(), 1))
