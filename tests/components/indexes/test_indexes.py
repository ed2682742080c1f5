"""Every index keeps its contract; the approximate ones approach the exact one as they search more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Vectors
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.indexes import INDEXES
from tradespace.components.indexes.base import Index
from tradespace.components.indexes.flat import Flat
from tradespace.components.indexes.hnsw import HNSW
from tradespace.components.indexes.ivf import IVF
from tradespace.components.indexes.ivfpq import IVFPQ
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError
from tradespace.testing.index_contract import IndexContract

VARIANTS: tuple[Index, ...] = (
    Flat(),
    Flat(storage="disk"),
    Flat(precision="fp16"),
    Flat(precision="int8", storage="disk"),
    HNSW(),
    HNSW(m=4, ef_search=8),
    HNSW(precision="int8", storage="disk"),
    IVF(nlist=8, nprobe=1),
    IVF(nlist=8, nprobe=4, precision="int8"),
    IVF(nlist=8, nprobe=4, precision="fp16", storage="disk"),
    IVFPQ(nlist=4, bits=5),
    IVFPQ(nlist=4, bits=5, storage="disk"),
)


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


def eight_bits(vectors: Vectors) -> Vectors:
    """A naive reference of SQ8: each number on a scale of 256 steps from the least to the greatest of its column."""
    least, greatest = vectors.min(axis=0), vectors.max(axis=0)
    codes = np.clip(np.floor((vectors - least) / (greatest - least) * 255), 0, 255)
    return least + (codes + 0.5) / 255 * (greatest - least)


@pytest.mark.parametrize(
    ("quantised", "reference"),
    [
        (Flat(precision="fp16"), lambda vectors: vectors.astype(np.float16).astype(np.float32)),
        (Flat(precision="int8"), eight_bits),
    ],
    ids=["fp16", "int8"],
)
def test_quantised_vectors_are_scored_as_rounded(
    quantised: Index, reference: Callable[[Vectors], Vectors], corpus: Corpus
) -> None:
    """Scores are the inner products with vectors whose numbers were rounded, and few neighbours change."""
    vectors = np.array(Minilm().embed(corpus))[list(corpus.text_order)]
    scores, places = quantised.load(corpus, Minilm()).search(vectors, 5)
    expected = vectors @ reference(vectors).T
    np.testing.assert_allclose(scores, np.take_along_axis(expected, places, axis=1), atol=1e-4)
    np.testing.assert_allclose(scores, -np.sort(-expected, axis=1)[:, :5], atol=1e-4)
    exact = np.argsort(-(vectors @ vectors.T), axis=1)[:, :5]
    recall = np.mean([len(set(found) & set(true)) / 5 for found, true in zip(places, exact, strict=True)])
    assert recall >= 0.9


def size_of(index: Index, corpus: Corpus) -> int:
    """Bytes of the files that an index adds to an empty store."""
    with TemporaryDirectory() as folder:
        alone = Corpus(corpus.passages, ArtefactStore(Path(folder)))
        index.load(alone, Minilm())
        return sum(file.stat().st_size for file in Path(folder).rglob("index.faiss"))


def test_quantised_vectors_take_less_room(corpus: Corpus) -> None:
    """Half of full precision for `fp16`, a quarter for `int8`, and what all indexes have beside their vectors."""
    full = len(corpus.passages) * 384 * 4
    sizes = {precision: size_of(Flat(precision=precision), corpus) for precision in ("fp16", "int8")}
    assert full / 2 <= sizes["fp16"] < full * 0.6
    assert full / 4 <= sizes["int8"] < full * 0.35


@pytest.mark.parametrize("index", [Flat(), HNSW(), IVF(nlist=8), IVFPQ(nlist=4, bits=5)], ids=str)
def test_an_index_on_disk_finds_what_it_finds_in_memory(index: Index, corpus: Corpus) -> None:
    """Its file is mapped, not read, and the same is found with the same scores."""
    vectors = np.array(Minilm().embed(corpus))
    on_disk = index.with_settings(storage="disk").load(corpus, Minilm())
    maps = Path("/proc/self/maps")
    assert not maps.exists() or "index.faiss" in maps.read_text()
    in_memory = index.load(corpus, Minilm())
    for mapped, loaded in zip(on_disk.search(vectors, 5), in_memory.search(vectors, 5), strict=True):
        np.testing.assert_array_equal(mapped, loaded)


@pytest.mark.parametrize("index", [IVF(nlist=49), IVFPQ(nlist=49), IVFPQ(nlist=4, bits=8)], ids=str)
def test_more_clusters_than_passages_are_refused(index: Index, corpus: Corpus) -> None:
    """The error says which setting, what was asked for, and how many passages there are."""
    with pytest.raises(ComponentError, match=r"must be at most the number of passages; .* is (49|256), .* 48 passages"):
        index.load(corpus, Minilm())


def test_parts_must_divide_the_vector(corpus: Corpus) -> None:
    """The error lists what divides the vectors' length."""
    with pytest.raises(ComponentError, match=r"m must divide the vectors' length 384; valid: 1, 2, 3, 4, 6, 8"):
        IVFPQ(nlist=4, m=50, bits=5).load(corpus, Minilm())
