"""The cross-encoder: how well a passage answers a question, both read together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tradespace.components.encoders.engine import Layers, Precision, Runtime, open_engine
from tradespace.components.encoders.reader import READER_FOLDER


class CrossEncoder:
    """Scores pairs of (question, passage), after passage reranking with BERT (Nogueira & Cho 2019).

    It is the span reader's network: each reading also yields this score, as `Reading.relevance`.
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
        self._engine = open_engine(folder, layers, precision, runtime)

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """The log-odds that the passage holds the answer, for each (question, passage); its best window counts."""
        scores = [float("-inf")] * len(pairs)
        for window in self._engine.infer(pairs):
            scores[window.pair] = max(scores[window.pair], window.relevance)
        return scores
