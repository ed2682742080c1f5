"""What retrievers share: choosing the best passages by score, and one search for every `top_k`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from tradespace.components.corpus import Corpus
from tradespace.errors import ComponentError
from tradespace.types import Passage, Ranking, ScoredPassage

TopK = Annotated[int, Field(ge=1, le=1000, description="how many passages to return; all if the corpus has fewer")]

_SHARED_DEPTHS = (20, 100, 1000)


def shared_depth(top_k: int) -> int:
    """The depth at which a search for `top_k` passages is made, to be cut afterwards.

    Where the best k are the beginning of the best 20, searching 20 answers every k up to 20 with one call. The deeper
    search of an exact index or of BM25 takes microseconds longer.
    """
    return min(depth for depth in _SHARED_DEPTHS if depth >= top_k)


def best_places(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the places of the `count` highest scores, best first; of equal scores the earlier place is better.

    Whoever calls it hands scores over in `Corpus.text_order`.
    """
    if count < len(scores):
        lowest = np.partition(scores, -count)[-count]
        candidates = np.flatnonzero(scores >= lowest)
    else:
        candidates = np.arange(len(scores))
    return candidates[np.argsort(-scores[candidates], kind="stable")][:count]


def ranking(passages: Sequence[Passage], scores: Sequence[float]) -> Ranking:
    """Pair passages with their scores, in the order given."""
    return tuple(ScoredPassage(passage, float(score)) for passage, score in zip(passages, scores, strict=True))


def searchable(corpus: Corpus) -> Corpus:
    """Return the corpus, which must hold a passage to be indexed.

    Raises:
        ComponentError: it is empty.
    """
    if not corpus.passages:
        raise ComponentError(
            "a retriever needs at least one passage; the corpus is empty: check the documents and the chunker"
        )
    return corpus
