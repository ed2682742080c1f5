"""What every vector index gives: a FAISS index, built once per corpus, embedder and build settings.

FAISS: Douze et al. 2024, "The Faiss library". Vectors are normalised, so the inner product is the cosine.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from tradespace.addresses import AddedLater
from tradespace.components.base import Component, notation
from tradespace.components.checked import checked_vectors
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.base import Embedder, Vectors
from tradespace.components.roles import Role
from tradespace.errors import ComponentError
from tradespace.plurals import count


class Index(Component, ABC):
    """Finds the vectors nearest to a query.

    Class attributes:
        search_settings: the settings that only steer the search; indexes that differ in nothing else are built once.
        cut_keeps_order: whether the best k are the beginning of the best 2k, whatever else is set.

    >>> import numpy as np
    >>> class HalfPrecision(Index):
    ...     name = "half_precision"
    ...
    ...     def build(self, vectors):
    ...         import faiss
    ...
    ...         index = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16)
    ...         index.metric_type = faiss.METRIC_INNER_PRODUCT
    ...         index.add(vectors)
    ...         return index
    >>> similarities, places = HalfPrecision().build(np.eye(3, dtype=np.float32)).search(np.eye(3, dtype=np.float32), 1)
    >>> places.ravel().tolist()
    [0, 1, 2]
    """

    role: ClassVar[Role] = Role.INDEX
    version: ClassVar[int] = 2
    search_settings: ClassVar[frozenset[str]] = frozenset({"storage"})
    cut_keeps_order: ClassVar[bool] = True

    storage: Annotated[Literal["memory", "disk"], AddedLater(was="'memory'")] = Field(
        default="memory", description="where the index lies when it is searched: on `disk` only what is needed is read"
    )

    @abstractmethod
    def build(self, vectors: Vectors) -> Any:
        """Return the FAISS index over the rows of `vectors`.

        Raises:
            ComponentError: the settings don't fit so many vectors, or vectors of this length.
        """

    def tune(self, index: Any) -> None:
        """Apply the search settings to a built index."""

    def load(self, corpus: Corpus, embedder: Embedder) -> Any:
        """The tuned FAISS index over the corpus, read from the store or built the first time.

        Its vectors stand in `Corpus.text_order`: what an approximate index finds depends on the order of its vectors.
        """
        import faiss

        def build(folder: Path) -> None:
            vectors = checked_vectors(embedder, embedder.embed(corpus), len(corpus.passages))[list(corpus.text_order)]
            with _one_thread():
                faiss.write_index(self.build(vectors), str(folder / "index.faiss"))

        keyed = self.keyed_settings.items()
        build_settings = {name: value for name, value in keyed if name not in self.search_settings}
        built_with = notation(self.versioned_name(), build_settings, Component.full_notation)
        folder = corpus.artefact(f"{built_with} over {embedder.identity}", build)
        mapped = faiss.IO_FLAG_MMAP_IFC if self.storage == "disk" else 0
        index = faiss.read_index(str(folder / "index.faiss"), mapped)
        self.tune(index)
        return index


def enough_vectors(index: Index, setting: str, needed: int, vectors: Vectors) -> None:
    """Check that a setting does not ask for more clusters than there are vectors.

    Raises:
        ComponentError: it does.
    """
    if len(vectors) < needed:
        raise ComponentError(
            f"{index}: {setting} must be at most the number of passages; {setting} is {needed}, the corpus has "
            f"{count(len(vectors), 'passage')}: lower it, cut smaller passages, or use flat()"
        )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Several threads would link HNSW's graph in the order in which they happen to run."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
