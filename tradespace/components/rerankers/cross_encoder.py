"""The embedded cross-encoder: question and passage are read together by one network (Nogueira & Cho 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.corpus import Corpus
from tradespace.components.encoders import CrossEncoder
from tradespace.components.rerankers.pointwise import Pair, PointwiseReranker, Scorer


class EmbeddedCrossEncoder(PointwiseReranker):
    """MiniLM trained to say whether a passage holds the answer; it shares the span reader's weights.

    It was trained on most of the questions of `wikipedia/nq`: of the bundled data, judge it by `wikipedia/xquad` alone.
    """

    name: ClassVar[str] = "cross_encoder"

    layers: Literal[3, 6] = Field(default=6, description="how many of MiniLM's layers the network has")

    def scorer(self, corpus: Corpus) -> Scorer:
        network = _loaded(self.layers)

        def score(pairs: Sequence[Pair]) -> list[float]:
            return network.score([(question, passage.text) for question, passage in pairs])

        return score


@cache
def _loaded(layers: Literal[3, 6]) -> CrossEncoder:
    return CrossEncoder(layers)
