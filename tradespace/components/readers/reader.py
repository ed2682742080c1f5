"""A trained span reader: a network predicts where in the passage the answer starts and ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from tradespace.components.corpus import Corpus
from tradespace.components.encoders import Layers, PassageAnswer, Precision, Runtime, SpanReader
from tradespace.components.encoders.engine import passes
from tradespace.components.encoders.reader import READER_FOLDER
from tradespace.components.encoders.weights import read_manifest
from tradespace.components.passes import Passes
from tradespace.components.readers.pointwise import PairReader, PointwiseReader
from tradespace.types import Answer, Pair, Passage, Request

LayerCount = Annotated[Layers, Field(description="how many of MiniLM's layers the network has")]
PrecisionChoice = Annotated[Precision, Field(description="the number format of the layers' matrices")]
RuntimeChoice = Annotated[Runtime, Field(description="what runs the network; torch is the slower one")]


class TrainedReader(PointwiseReader):
    """MiniLM trained to read: fewer layers and a coarser precision are faster, and less accurate.

    Scores compare across passages (shared normalisation, Clark & Gardner 2018); the confidence is calibrated. It was
    trained on most of the questions of `wikipedia/nq`: of the bundled data, judge it by `wikipedia/xquad` alone.
    """

    name: ClassVar[str] = "reader"
    in_words: ClassVar[str] = "a trained reader answers"

    layers: LayerCount = 6
    precision: PrecisionChoice = "fp32"
    runtime: RuntimeChoice = "onnxruntime"

    @property
    def weights_checksum(self) -> str:
        return read_manifest(READER_FOLDER).sha256

    def passes(self, requests: Sequence[Request]) -> Passes:
        return passes((question, passage.text) for question, passage in self.pairs(requests))

    def reader(self, corpus: Corpus) -> PairReader:
        network = SpanReader(self.layers, self.precision, self.runtime)

        def read(pairs: Sequence[Pair]) -> list[Answer]:
            readings = network.read_pairs([(question, passage.text) for question, passage in pairs])
            return [_answer(passage, reading) for (_, passage), reading in zip(pairs, readings, strict=True)]

        return read


def _answer(passage: Passage, reading: PassageAnswer) -> Answer:
    stands_in = passage.id if reading.text else None
    return Answer(reading.text, reading.score, stands_in, reading.confidence, reading.relevance)
