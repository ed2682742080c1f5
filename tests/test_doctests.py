"""The examples in docstrings say what is true, and whoever derives a class of their own finds one."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import tradespace
from tradespace.components.base import Chunker, Reader, Reranker, Retriever
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Embedder
from tradespace.components.fusions.base import Fusion
from tradespace.components.indexes.base import Index
from tradespace.components.llms.base import LanguageModel
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.verifiers.base import Verifier
from tradespace.data import Dataset
from tradespace.evals.figures import Figure
from tradespace.evals.measures.base import AnswerMeasure, Measure
from tradespace.evals.measures.ranking import RankingMeasure
from tradespace.explorer.search import SearchAlgorithm
from tradespace.explorer.storage.base import Ledger
from tradespace.registry import Registry
from tradespace.search_space.space import PipelineSpace
from tradespace.types import Request

ROOT = Path(tradespace.__file__).parent
MODULES = sorted(
    ".".join(("tradespace", *file.relative_to(ROOT).with_suffix("").parts))
    for file in ROOT.rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)
PUBLIC = [value for value in (getattr(tradespace, name) for name in tradespace.__all__) if isinstance(value, type)]
PROTOCOLS = (
    *(Chunker, Retriever, Reranker, Reader, Embedder, Index, Fusion, LanguageModel, Strategy, Verifier),
    *(Measure, AnswerMeasure, RankingMeasure, SearchAlgorithm, Ledger),
)
VALUES = (Corpus, Dataset, Figure, Registry, Request, PipelineSpace)


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings_run(module: str) -> None:
    """Each gives what stands below it."""
    ran = doctest.testmod(import_module(module.removesuffix(".__init__")), optionflags=doctest.ELLIPSIS)
    assert ran.attempted > 0
    assert ran.failed == 0, f"see what {module} printed"


@pytest.mark.parametrize("public", (*PUBLIC, *PROTOCOLS, *VALUES), ids=lambda public: public.__name__)
def test_a_public_class_shows_an_example(public: type) -> None:
    """In its own docstring, not in that of what it is derived from."""
    assert ">>> " in (public.__dict__["__doc__"] or "")
