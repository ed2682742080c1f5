"""Measures of rankings with parameters: `ndcg@5`, `gold_recall@7`, or a formula of ir_measures such as `P@3`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, cast

from tradespace.errors import InputError
from tradespace.evals.measures.ranking import RankingMeasure

OURS = {"gold_recall": "R", "mrr": "RR", "ndcg": "nDCG"}
"""What ir_measures calls our own."""
WITH_CUTOFF = ("P", "R", "RR", "AP", "nDCG", "Success")
FAMILIES = (*WITH_CUTOFF, "Rprec", "IPrec")
"""Those that depend on the places of the gold documents alone, and lie between 0 and 1."""
DEEPEST = 100_000
"""The largest cutoff: trec_eval, which is written in C, checks none."""


class Formula(RankingMeasure):
    """What a formula of ir_measures says of the documents found, all gold documents equally relevant."""


@cache
def formula(name: str) -> RankingMeasure | None:
    """The measure that a name with parameters stands for; None where it is no formula.

    Raises:
        InputError: it is one, of which no objective can be made.
    """
    family, at, cutoff = name.partition("@")
    parsed = _parsed(f"{OURS[family]}{at}{cutoff}" if family in OURS else name) if name.split() == [name] else None
    if parsed is None:
        return None
    if problem := _problem(parsed):
        raise InputError(f"the measure {name!r} {problem}")
    return Formula(name, str(parsed))


def examples(cutoff: str) -> Iterable[str]:
    """What may stand before a cutoff, with that cutoff."""
    return (f"{family}@{cutoff if cutoff.isdecimal() else 5}" for family in (*OURS, *WITH_CUTOFF))


def _parsed(text: str) -> Any:
    import ir_measures

    try:
        return ir_measures.parse_measure(text)
    except (NameError, ValueError, TypeError, AssertionError, SyntaxError):
        return None


def _problem(parsed: Any) -> str | None:
    """Why no objective can be made of a formula, as the rest of a sentence."""
    from ir_measures import DefaultPipeline

    known, pipeline = parsed.params, cast("Any", DefaultPipeline)
    if parsed.NAME not in FAMILIES:
        return f"must be of a family that looks at the places of gold documents alone: {', '.join(FAMILIES)}"
    if known.get("cutoff", 1) not in range(1, DEEPEST + 1):
        return f"needs a cutoff from 1 to {DEEPEST:,}, as in {parsed.NAME}@5; given: {known['cutoff']}"
    if not 0 <= known.get("recall", 0) <= 1:
        return f"needs a recall from 0 to 1, as in IPrec@0.1; given: {known['recall']}"
    if known.get("rel", 1) != 1 or known.get("judged_only"):
        return "cannot grade or leave out documents: all gold documents are equally relevant, and no other is"
    try:
        supported: bool = pipeline.supports(parsed)
    except AssertionError:  # of a parameter that is needed or wrong
        return f"needs other parameters, as in {'IPrec@0.1' if parsed.NAME == 'IPrec' else f'{parsed.NAME}@5'}"
    return None if supported else "cannot be computed: no provider of ir_measures that is installed knows it"
