"""Scores: means of what measures say of single questions, from 0 to 1."""

from __future__ import annotations

from functools import cache

from tradespace.evals.figures.base import Figure, Kind, Wording
from tradespace.evals.figures.summaries import Mean, OwnMean
from tradespace.evals.figures.units import NUMBER
from tradespace.evals.group_names import GroupName, base_measure
from tradespace.evals.statistics import SCORES

NAMES = {
    "answer_f1": "answer F1",
    "answer_em": "exact match",
    "mrr": "MRR",
    "answered_f1": "F1 when answering",
    "answered_em": "exact match when answering",
    "answered_contained": "containment when answering",
}
OF_ANSWERED = frozenset({"answered_em", "answered_f1", "answered_contained"})
"""Those that each pipeline has of other questions: of those that it answers."""


@cache
def score(measure: str) -> Figure:
    """The figure of a measure of questions, installed here or not: a study may come from elsewhere."""
    name = _name(measure)
    return Figure(
        name=measure,
        what=f"the mean of `{measure}` over questions",
        kind=Kind.SCORE,
        maximize=True,
        unit=NUMBER,
        values=lambda tables: tables.scores(measure),
        summary=OwnMean(SCORES) if base_measure(measure) in OF_ANSWERED else Mean(SCORES),
        wording=Wording(name, name, f"how much {name}", f"accept more {name}"),
    )


def _name(measure: str) -> str:
    if group := GroupName.parse(measure):
        return f"{_name(group.measure)} ({group.column} {group.value})"
    return NAMES.get(measure) or measure.replace("_", " ").replace("ndcg", "nDCG").replace("mrr", "MRR")
