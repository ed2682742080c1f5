"""Every measure by name. A new measure of ours joins through the list here; a user's, by entry point or
`tradespace.register` (docs/extending.md)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tradespace.errors import InputError
from tradespace.evals.figures import FIGURES
from tradespace.evals.group_names import GroupName
from tradespace.evals.measures.abstention_rate import ABSTENTION_RATE
from tradespace.evals.measures.answer_choice import ANSWER_CHOICE
from tradespace.evals.measures.answer_code import ANSWER_CODE
from tradespace.evals.measures.answer_contained import ANSWER_CONTAINED
from tradespace.evals.measures.answer_em import ANSWER_EM
from tradespace.evals.measures.answer_expression import ANSWER_EXPRESSION
from tradespace.evals.measures.answer_f1 import ANSWER_F1
from tradespace.evals.measures.answer_in_passages import ANSWER_IN_PASSAGES
from tradespace.evals.measures.answer_number import ANSWER_NUMBER
from tradespace.evals.measures.answer_yes_no import ANSWER_YES_NO
from tradespace.evals.measures.answered import ANSWERED_ALONE
from tradespace.evals.measures.base import Measure, Needs
from tradespace.evals.measures.declined import DECLINED
from tradespace.evals.measures.evidence_iou import EVIDENCE_IOU
from tradespace.evals.measures.evidence_precision import EVIDENCE_PRECISION
from tradespace.evals.measures.evidence_recall import EVIDENCE_RECALL
from tradespace.evals.measures.formulas import examples, formula
from tradespace.evals.measures.gold_recall import GOLD_RECALL
from tradespace.evals.measures.in_group import InGroup
from tradespace.evals.measures.mrr import MRR
from tradespace.evals.measures.ndcg import NDCG
from tradespace.evals.measures.passages import PassageMeasure
from tradespace.registry import Registry

MEASURES: tuple[Measure, ...] = (
    ANSWER_EM,
    ANSWER_F1,
    ANSWER_CONTAINED,
    ANSWER_NUMBER,
    ANSWER_CHOICE,
    ANSWER_YES_NO,
    ANSWER_EXPRESSION,
    ANSWER_CODE,
    ABSTENTION_RATE,
    *ANSWERED_ALONE,
    *DECLINED,
    *GOLD_RECALL,
    MRR,
    NDCG,
    EVIDENCE_RECALL,
    EVIDENCE_PRECISION,
    EVIDENCE_IOU,
    ANSWER_IN_PASSAGES,
)


def _problem(entry: Any) -> str | None:
    """Why something cannot be chosen by name as a measure, as the rest of a sentence."""
    if not isinstance(entry, Measure):
        return "must be a Measure with its name, as in MyMeasure('my_measure')"
    if not isinstance(getattr(entry, "needs", None), Needs):
        return f"needs a class attribute `needs`, one of {', '.join(map(str, Needs))}"
    if not isinstance(entry.name, str) or not entry.name or entry.name.split() != [entry.name]:
        return f"must have a name without spaces; its name is {entry.name!r}"
    if entry.name in FIGURES:
        return f"must have another name: {entry.name} is not scored, but measured"
    return None


_REGISTRY: Registry[Measure] = Registry("measure", "tradespace.measures", lambda: MEASURES, _problem)

__all__ = ["MEASURES", "Measure", "Needs", "measure", "measures"]


def measures() -> Registry[Measure]:
    """All measures by name."""
    return _REGISTRY


def measure(name: str, configured: Mapping[str, Measure] = MappingProxyType({})) -> Measure:
    """The measure of that name, or that a formula or a cutoff makes of one: `P@3`, `ndcg@5`, `evidence_recall@3`; that
    of a group too: `mrr[language=de]`.

    Args:
        name: what it is called.
        configured: measures with settings, by the names that were given to them.

    Raises:
        InputError: there is none, or its cutoff is out of range.
    """
    known = configured.get(name) or measures().get(name)
    measure = known or _of_group(name, configured) or _of_first_passages(name) or formula(name)
    if measure is None:
        valid = dict.fromkeys([*configured, *measures(), *examples(name.partition("@")[2])])
        raise InputError(f"no measure is called {name!r}; {measures().instead(name, valid)}")
    return measure


def _of_group(name: str, configured: Mapping[str, Measure]) -> InGroup | None:
    group = GroupName.parse(name)
    return InGroup.of_group(measure(group.measure, configured), group.column, group.value) if group else None


def _of_first_passages(name: str) -> Measure | None:
    """The measure of passages that a name with a cutoff stands for; None where it is no such name."""
    family, at, cutoff = name.partition("@")
    whole = measures().get(family)
    return whole.at(cutoff) if at and isinstance(whole, PassageMeasure) else None
