"""Every measure by name. A new measure joins through the list here."""

from __future__ import annotations

from functools import cache

from tradespace.errors import InputError, nearest
from tradespace.evals.measures.answer_choice import ANSWER_CHOICE
from tradespace.evals.measures.answer_code import ANSWER_CODE
from tradespace.evals.measures.answer_contained import ANSWER_CONTAINED
from tradespace.evals.measures.answer_em import ANSWER_EM
from tradespace.evals.measures.answer_expression import ANSWER_EXPRESSION
from tradespace.evals.measures.answer_f1 import ANSWER_F1
from tradespace.evals.measures.answer_number import ANSWER_NUMBER
from tradespace.evals.measures.answer_yes_no import ANSWER_YES_NO
from tradespace.evals.measures.base import Measure, Needs
from tradespace.evals.measures.gold_recall import GOLD_RECALL
from tradespace.evals.measures.mrr import MRR
from tradespace.evals.measures.ndcg import NDCG

MEASURES: tuple[Measure, ...] = (
    ANSWER_EM,
    ANSWER_F1,
    ANSWER_CONTAINED,
    ANSWER_NUMBER,
    ANSWER_CHOICE,
    ANSWER_YES_NO,
    ANSWER_EXPRESSION,
    ANSWER_CODE,
    *GOLD_RECALL,
    MRR,
    NDCG,
)

__all__ = ["MEASURES", "Measure", "Needs", "measure", "measures"]


@cache
def measures() -> dict[str, Measure]:
    """All measures by name."""
    return {measure.name: measure for measure in MEASURES}


def measure(name: str) -> Measure:
    """The measure of that name.

    Raises:
        InputError: there is none.
    """
    try:
        return measures()[name]
    except KeyError:
        raise InputError(f"no measure is called {name!r}; {nearest(name, list(measures()))}") from None
