"""No reranking: the passages go on as the retriever ranked them. The baseline that every reranker must beat."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.base import Process, Reranker
from tradespace.components.rerankers.base import as_ordered
from tradespace.types import Request


class NoReranker(Reranker):
    """Passes every passage on, in the order given. Scores are reciprocal ranks, since requests carry no scores."""

    name: ClassVar[str] = "none"

    def process(self, request: Request) -> Process:
        yield ()
        return as_ordered(request.passages)
