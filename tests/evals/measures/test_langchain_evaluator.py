"""Evaluators of LangChain as measures, by their dotted paths."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tradespace.evals.measures.langchain_evaluator import as_function
from tradespace.evals.measures.own_function import OwnFunction
from tradespace.types import Answer, Question

MODULE = """
class SharedLetters:
    \"\"\"As `langchain_classic.evaluation.StringEvaluator` is called and answers.\"\"\"

    requires_reference = True

    def evaluate_strings(self, *, prediction, reference=None, input=None):
        shared = set(prediction) & set(reference)
        return {"score": len(shared) / len(set(prediction)) if prediction and input is None else None}


class Shortness(SharedLetters):
    requires_reference = False
    requires_input = True

    def evaluate_strings(self, *, prediction, reference=None, input=None):
        return {"score": float(reference is None and len(prediction) < len(input))}
"""
QUESTION = Question("q", "Who led them?", ("Tesla", "Rollo"))


@pytest.fixture(autouse=True)
def _module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "evaluators.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "evaluators", raising=False)


def scored(path: str, answer: str, direction: str = "maximize") -> float | None:
    measure = OwnFunction.model_validate({"path": path, "direction": direction}).measure("theirs")
    return measure.score([QUESTION], [None], [Answer(answer, 0.0)])[0]


def test_an_evaluator_that_compares_is_asked_for_each_accepted_answer() -> None:
    """The best counts, which is the least where less is better; without any score there is none."""
    assert scored("evaluators:SharedLetters", "Rollo") == 1.0
    assert scored("evaluators:SharedLetters", "Rollo", "minimize") == 1 / 3
    assert scored("evaluators:SharedLetters", "") is None


def test_an_evaluator_that_needs_no_reference_is_given_none() -> None:
    """It is asked once."""
    assert scored("evaluators:Shortness", "Rollo") == 1.0


def test_what_cannot_be_called_is_no_function() -> None:
    """Neither a function nor an evaluator."""
    assert as_function(5, maximize=True) is None
    assert as_function(len, maximize=True) is len


def test_langchains_own_evaluators_are_measures() -> None:
    """Where they are installed: since LangChain 1 in `langchain-classic`."""
    pytest.importorskip("langchain_classic")
    assert scored("langchain_classic.evaluation:ExactMatchStringEvaluator", "Rollo") == 1.0
    assert scored("langchain_classic.evaluation:ExactMatchStringEvaluator", "Edison") == 0.0
