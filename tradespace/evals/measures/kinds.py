"""Every kind of measure that has settings, by name. A new one of ours joins through the list here; a user's, by entry
point or `tradespace.register` (docs/extending.md)."""

from __future__ import annotations

from typing import Any

from tradespace.components.registry import unwritable_settings
from tradespace.evals.figures import FIGURES
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.judged_correct import JudgedCorrect
from tradespace.evals.measures.judged_faithful import JudgedFaithful
from tradespace.evals.measures.judged_relevant import JudgedRelevant
from tradespace.evals.measures.own_function import OwnFunction
from tradespace.evals.measures.rouge_l import RougeL
from tradespace.evals.measures.semantic_similarity import SemanticSimilarity
from tradespace.registry import Registry, class_problem


def _problem(entry: Any) -> str | None:
    """Why something cannot be chosen by name as a kind of measure, as the rest of a sentence."""
    if problem := class_problem(entry, ConfiguredMeasure):
        return problem
    if not entry.name.isidentifier() or entry.name in FIGURES:
        return f"must have a name of letters, digits and _ that is no figure's; its name is {entry.name!r}"
    return unwritable_settings(entry)


MEASURE_KINDS: Registry[type[ConfiguredMeasure]] = Registry(
    "kind of measure",
    "tradespace.measure_kinds",
    lambda: (RougeL, SemanticSimilarity, JudgedCorrect, JudgedFaithful, JudgedRelevant, OwnFunction),
    _problem,
)


def usual_measures() -> dict[str, ConfiguredMeasure]:
    """Those kinds that need no setting, by name: objectives may name them as they are."""
    bare = (kind for kind in MEASURE_KINDS.values() if not any(field.is_required() for _, field in kind.fields()))
    return {kind.name: kind() for kind in bare}
