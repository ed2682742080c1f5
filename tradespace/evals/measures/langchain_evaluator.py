"""Evaluators of other libraries as functions of question, answer, passages and references; none is imported here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def as_function(made: Any, maximize: bool) -> Callable[..., Any] | None:
    """What is called with a question, an answer, passages and references; None where nothing can be.

    LangChain's string evaluators (`langchain_classic.evaluation.StringEvaluator`) are asked once for each reference.
    """
    if hasattr(made, "evaluate_strings"):
        return lambda question, answer, _, references: _best(made, question, answer, references, maximize)
    return made if callable(made) else None


def _best(evaluator: Any, question: str, answer: str, references: Sequence[str], maximize: bool) -> Any:
    compared = references if getattr(evaluator, "requires_reference", False) else [None]
    asked = question if getattr(evaluator, "requires_input", False) else None
    scores = [
        evaluator.evaluate_strings(prediction=answer, reference=reference, input=asked).get("score")
        for reference in compared
    ]
    known = [score for score in scores if score is not None]
    return (max if maximize else min)(known) if known else None
