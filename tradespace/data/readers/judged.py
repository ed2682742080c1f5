"""Queries that were judged together with documents: those that were become questions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tradespace.data.readers.draft import Draft, Place
from tradespace.types import Question


@dataclass(frozen=True, slots=True)
class RelevanceJudgement:
    """How relevant a document is to a query, and where that was said. Above 0 the document is gold."""

    query: str
    document: str
    score: float
    place: Place


def add_judged(
    queries: Iterable[tuple[Question, Place]], judgements: Sequence[RelevanceJudgement], found_in: str, draft: Draft
) -> None:
    """Add the queries that were judged as questions with their gold documents.

    Args:
        queries: all that there are.
        judgements: of some of them.
        found_in: what the queries are in, to say that one is not.
        draft: takes the questions, and the faults.
    """
    gold: dict[str, dict[str, None]] = {}
    for judged in judgements:
        relevant = gold.setdefault(judged.query, {})
        if judged.score > 0:
            relevant[judged.document] = None
            draft.gold_places[judged.query, judged.document] = judged.place
    for query, place in queries:
        if query.id in gold:
            draft.questions.append((replace(query, gold=tuple(gold[query.id])), place))
    _warn_of_unknown(judgements, found_in, draft)


def _warn_of_unknown(judgements: Sequence[RelevanceJudgement], found_in: str, draft: Draft) -> None:
    known = {question.id for question, _ in draft.questions}
    first = {judged.query: judged for judged in reversed(judgements) if judged.query not in known}
    for query, judged in first.items():
        draft.warn(f"the judged query {query!r} is not in {found_in}; it was left out", judged.place())


def finite_score(score: str) -> float:
    """A score out of its text.

    Raises:
        ValueError: it is no finite number.
    """
    number = float(score)
    if not math.isfinite(number):
        raise ValueError
    return number
