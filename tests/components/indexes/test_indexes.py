"""Every index keeps its contract; the approximate ones approach the exact one as they search more."""

from __future__ import annotations

import numpy as np
import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.indexes import INDEXES
from tradespace.components.indexes.base import Index
from tradespace.components.indexes.flat import Flat
from tradespace.components.indexes.hnsw import HNSW
from tradespace.components.indexes.ivf import IVF
from tradespace.components.indexes.ivfpq import IVFPQ
from tradespace.errors import ComponentError
from tradespace.testing.index_contract import IndexContract

VARIANTS: tuple[Index, ...] = (Flat(), HNSW(), HNSW(m=4, ef_search=8), IVF(nlist=8, nprobe=1), IVFPQ(nlist=4, bits=5))


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestIndexes(IndexContract):
    """The contract."""


def test_every_index_is_under_contract() -> None:
    """No index is listed without being tested."""
    assert {type(variant) for variant in VARIANTS} == set(INDEXES)


def test_flat_is_the_sorted_inner_product(corpus: Corpus) -> None:
    """The exact index finds what sorting all cosines finds."""
    vectors = np.array(Minilm().embed(corpus))[list(corpus.text_order)]
    scores, places = Flat().load(corpus, Minilm()).search(vectors[:10], 5)
    cosines = vectors[:10] @ vectors.T
    np.testing.assert_array_equal(places, np.argsort(-cosines, axis=1)[:, :5])
    np.testing.assert_allclose(scores, -np.sort(-cosines, axis=1)[:, :5], atol=1e-5)


@pytest.mark.parametrize("exhaustive", [HNSW(ef_search=48), IVF(nlist=8, nprobe=8)], ids=str)
def test_searching_everything_is_exact(exhaustive: Index, corpus: Corpus) -> None:
    """An approximate index that searches all it has finds what the exact one finds."""
    vectors = np.array(Minilm().embed(corpus))[list(corpus.text_order)]
    _, exact = Flat().load(corpus, Minilm()).search(vectors, 5)
    _, neighbours = exhaustive.load(corpus, Minilm()).search(vectors, 5)
    np.testing.assert_array_equal(neighbours, exact)


@pytest.mark.parametrize("index", [IVF(nlist=49), IVFPQ(nlist=49), IVFPQ(nlist=4, bits=8)], ids=str)
def test_more_clusters_than_passages_are_refused(index: Index, corpus: Corpus) -> None:
    """The error says which setting, what was asked for, and how many passages there are."""
    with pytest.raises(ComponentError, match=r"must be at most the number of passages; .* is (49|256), .* 48 passages"):
        index.load(corpus, Minilm())


def test_parts_must_divide_the_vector(corpus: Corpus) -> None:
    """The error lists what divides the vectors' length."""
    with pytest.raises(ComponentError, match=r"m must divide the vectors' length 384; valid: 1, 2, 3, 4, 6, 8"):
        IVFPQ(nlist=4, m=50, bits=5).load(corpus, Minilm())
