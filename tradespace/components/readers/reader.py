"""A trained span reader: the answer is what stands between a start and an end that a network points at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.corpus import Corpus
from tradespace.components.encoders import SpanReader
from tradespace.components.readers.pointwise import Pair, PairReader, PointwiseReader
from tradespace.types import Answer


class TrainedReader(PointwiseReader):
    """MiniLM trained to read: fewer layers are faster, and less accurate.

    Scores compare across passages (shared normalisation, Clark & Gardner 2018); the confidence is calibrated. It was
    trained on most of the questions of `wikipedia/nq`: of the bundled data, judge it by `wikipedia/xquad` alone.
    """

    name: ClassVar[str] = "reader"

    layers: Literal[3, 6] = Field(default=6, description="how many of MiniLM's layers the network has")

    def reader(self, corpus: Corpus) -> PairReader:
        network = _loaded(self.layers)

        def read(pairs: Sequence[Pair]) -> list[Answer]:
            readings = network.read_pairs([(question, passage.text) for question, passage in pairs])
            return [
                Answer(reading.text, reading.score, passage.id if reading.text else None, reading.confidence)
                for (_, passage), reading in zip(pairs, readings, strict=True)
            ]

        return read


@cache
def _loaded(layers: Literal[3, 6]) -> SpanReader:
    return SpanReader(layers)
