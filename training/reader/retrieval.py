"""BM25 over passages, as the package's own retriever does it: for hard negatives and for the evaluation."""

from __future__ import annotations

from collections.abc import Sequence


def bm25_top(queries: Sequence[str], passages: Sequence[str], count: int) -> list[list[int]]:
    """For each query the `count` best passages' places, best first (bm25s, k1 1.2, b 0.75, English stop words)."""
    import bm25s

    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index(bm25s.tokenize(list(passages), stopwords="en", show_progress=False), show_progress=False)
    tokens = bm25s.tokenize(list(queries), stopwords="en", show_progress=False)
    nearest, _ = index.retrieve(tokens, k=min(count, len(passages)), show_progress=False)
    return [[int(place) for place in row] for row in nearest]
