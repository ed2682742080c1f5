"""The span reader: finds the answer to a question in each passage it is given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from tradespace.components.encoders.engine import Layers, Precision, Runtime, Window, open_engine
from tradespace.components.encoders.spans import best_span
from tradespace.components.encoders.weights import WEIGHTS_FOLDER, ScoreCalibration, read_manifest

READER_FOLDER = WEIGHTS_FOLDER / "minilm-reader"


@dataclass(frozen=True, slots=True)
class PassageAnswer:
    """The best answer in one passage.

    Attributes:
        text: the answer, as it stands in the passage.
        start, end: its characters [start, end) in the passage.
        score: comparable over passages of the same question, which competed in training; higher is better.
        confidence: calibrated probability that the answer is right, given that this passage's answer is the one chosen.
        relevance: log-odds that the passage holds the answer: what a reranker sorts by, at no extra cost.
        certainty: log-probability of the span among all spans of the passage.
    """

    text: str
    start: int
    end: int
    score: float
    confidence: float
    relevance: float
    certainty: float


class SpanReader:
    """Reads passages one by one: a passage's reading does not depend on the others it is read with.

    The network points at the start and the end of the answer (Devlin et al. 2019); its logits were trained with
    the other passages of the question competing (shared normalisation, Clark & Gardner 2018), so the best of
    several passages is the one with the highest score, and its `confidence` is the confidence of the whole.

    >>> reader = SpanReader(layers=3)
    >>> [reading] = reader.read("When was the bridge opened?", ["The bridge was opened in 1932."])
    >>> reading.text
    '1932'
    """

    def __init__(
        self,
        layers: Layers = 6,
        precision: Precision = "fp32",
        runtime: Runtime = "onnxruntime",
        folder: Path = READER_FOLDER,
    ) -> None:
        """Loads the network up to `layers`.

        Raises:
            ComponentError: the weights are missing or damaged.
        """
        self._calibration = read_manifest(folder).calibrations[str(layers)]
        self._engine = open_engine(folder, layers, precision, runtime)

    def read(self, question: str, passages: Sequence[str]) -> list[PassageAnswer]:
        """The best answer in each of `passages`, in their order."""
        return self.read_pairs([(question, passage) for passage in passages])

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[PassageAnswer]:
        """As `read`, for pairs of (question, passage): many questions can share a batch."""
        windows = groupby(self._engine.infer(pairs), key=lambda window: window.pair)
        return [self._best(passage, list(read)) for (_, read), (_, passage) in zip(windows, pairs, strict=True)]

    def _best(self, passage: str, windows: Sequence[Window]) -> PassageAnswer:
        readings = [read_window(window, passage, self._calibration) for window in windows]
        best = max(readings, key=lambda reading: reading.score)
        return replace(best, relevance=max(reading.relevance for reading in readings))


def read_window(window: Window, passage: str, calibration: ScoreCalibration) -> PassageAnswer:
    """The best answer in one window of `passage`, scored."""
    span = best_span(window, passage)
    score = span.logit + calibration.relevance_weight * window.relevance
    logit = calibration.score * score + calibration.certainty * span.certainty + calibration.intercept
    return PassageAnswer(
        text=passage[span.start : span.end],
        start=span.start,
        end=span.end,
        score=score,
        confidence=1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit)))),
        relevance=window.relevance,
        certainty=span.certainty,
    )
