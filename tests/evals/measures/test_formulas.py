"""Measures with parameters, by a formula in the place of a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.errors import InputError, SpaceError
from tradespace.evals.measures import measure
from tradespace.evals.measures.ranking import RankingMeasure
from tradespace.explorer.files import read_specification
from tradespace.types import Passage, Question, ScoredPassage

RANKING = tuple(ScoredPassage(Passage(name, name, name), 0.0) for name in ("a", "x", "b", "y"))
ASKED = Question("q", "?", gold=("x", "y"))


@pytest.mark.parametrize(
    ("name", "formula", "score"),
    [
        ("P@3", "P@3", 1 / 3),
        ("gold_recall@2", "R@2", 0.5),
        ("Recall@4", "R@4", 1.0),
        ("mrr@1", "RR@1", 0.0),
        ("ndcg@2", "nDCG@2", 0.3869),
        ("nDCG(dcg='exp-log2')@2", "nDCG(dcg='exp-log2')@2", 0.3869),
        ("AP", "AP", 0.5),
    ],
)
def test_a_formula_is_a_measure(name: str, formula: str, score: float) -> None:
    """Gold documents at places 2 and 4 of 4, by hand; our own names take other cutoffs than those listed."""
    found = measure(name)
    assert isinstance(found, RankingMeasure)
    assert (found.name, found.formula) == (name, formula)
    assert found.score([ASKED], [RANKING], [None])[0] == pytest.approx(score, abs=1e-4)
    assert measure(name) == found


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("P@0", "needs a cutoff from 1 to 100,000, as in P@5; given: 0"),
        ("ndcg@99999999999999999999", "needs a cutoff from 1 to 100,000"),
        ("R@1.5", "needs a cutoff from 1"),
        ("P", "needs other parameters, as in P@5"),
        ("IPrec@2", "needs a recall from 0 to 1, as in IPrec@0.1; given: 2"),
        ("Judged@5", "must be of a family that looks at the places of gold documents alone: P, R"),
        ("NumRet", "must be of a family"),
        ("P(rel=2)@3", "all gold documents are equally relevant"),
        ("AP(judged_only=True)", "all gold documents are equally relevant"),
        ("nDGC@7", "no measure is called 'nDGC@7'; did you mean 'nDCG@7'?"),
        ("answer_f1@3", "no measure is called 'answer_f1@3'; did you mean 'answer_f1'?"),
        ("P @3", "no measure is called 'P @3'"),
        ("__import__('os')@3", "no measure is called"),
    ],
)
def test_what_is_no_measure_is_answered_with_what_is(name: str, message: str) -> None:
    """Before anything is computed: trec_eval, written in C, would end the process over a cutoff of 0."""
    with pytest.raises(InputError) as caught:
        measure(name)
    assert message in str(caught.value)


def test_formulas_are_objectives(tmp_path: Path) -> None:
    """Read from a search space; a wrong one is a fault in its line."""
    file = tmp_path / "space.yaml"
    space = "name: n\ndata: {{dataset: wikipedia}}\npipeline: {{retrieve: bm25}}\nobjectives:\n  P@3: maximize\n  {}:\n"
    file.write_text(space.format("ndcg@5"))
    assert read_specification(file).goals.measures == ("P@3", "ndcg@5")
    file.write_text(space.format("ndgc@5"))
    with pytest.raises(SpaceError, match=r"space.yaml:6.*no measure is called 'ndgc@5'; did you mean 'ndcg@5'"):
        read_specification(file)
