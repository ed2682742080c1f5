"""Runs the network over pairs of question and passage: windows, length-sorted batches, and a choice of precision."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tradespace.components.encoders.base import tokenizer
from tradespace.components.encoders.inputs import Batch, Pieces, Row, pad, pieces, row
from tradespace.components.encoders.weights import load_network

if TYPE_CHECKING:
    import numpy

    from tradespace.components.encoders.network import ReadingNetwork

Precision = Literal["fp32", "int8"]
Layers = Literal[3, 6]
Runner = Callable[[Batch], "tuple[numpy.ndarray, numpy.ndarray]"]
"""A batch in; span logits [rows, length, 2] and relevance [rows] out."""

WINDOW_TOKENS, WINDOW_STRIDE = 384, 256


@dataclass(frozen=True)
class Window:
    """What the network said of one window of a passage.

    Attributes:
        pair: which pair the window is of.
        offsets: the characters of the passage that each token of the window stands for.
        logits: start and end logits of those tokens [tokens, 2].
        relevance: logit of "this window answers the question".
    """

    pair: int
    offsets: list[tuple[int, int]]
    logits: numpy.ndarray
    relevance: float


class Engine:
    """The network at one depth and precision, with its tokenizer."""

    def __init__(self, runner: Runner, batch_rows: int = 8) -> None:
        self._runner, self._batch_rows, self._tokenizer = runner, batch_rows, tokenizer()

    def infer(self, pairs: Sequence[tuple[str, str]]) -> list[Window]:
        """The windows of all `pairs` of (question, passage), in the pairs' order."""
        found: list[Window] = []
        planned = sorted(self._plan(pairs), key=lambda plan: len(plan[1].tokens))
        for first in range(0, len(planned), self._batch_rows):
            found += self._run(planned[first : first + self._batch_rows])
        return sorted(found, key=lambda window: (window.pair, window.offsets[0] if window.offsets else (0, 0)))

    def _plan(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, Row, list[tuple[int, int]]]]:
        planned, cut = [], dict[str, Pieces]()
        for place, (question, passage) in enumerate(pairs):
            for text in (question, passage):
                if text not in cut:
                    cut[text] = pieces(self._tokenizer, text)
            last = max(1, len(cut[passage].tokens) - WINDOW_TOKENS + WINDOW_STRIDE)
            for start in range(0, last, WINDOW_STRIDE):
                window = slice(start, start + WINDOW_TOKENS)
                made = row(cut[question].tokens, cut[passage].tokens[window])
                planned.append((place, made, cut[passage].offsets[window]))
        return planned

    def _run(self, planned: Sequence[tuple[int, Row, list[tuple[int, int]]]]) -> list[Window]:
        logits, relevance = self._runner(pad([made for _, made, _ in planned]))
        return [
            Window(
                pair, offsets, logits[i, made.passage_start : made.passage_start + len(offsets)], float(relevance[i])
            )
            for i, (pair, made, offsets) in enumerate(planned)
        ]


def torch_runner(network: ReadingNetwork, layers: int, precision: Precision = "fp32") -> Runner:
    """Runs `network` up to `layers` in PyTorch; int8 quantises the matrices, and the activations as they come."""
    import torch

    if precision == "int8":
        with warnings.catch_warnings():
            # PyTorch wants new code to use torchao; that is a dependency more for the same kernels.
            warnings.simplefilter("ignore")
            network = torch.ao.quantization.quantize_dynamic(network, {torch.nn.Linear}, dtype=torch.qint8)  # type: ignore[no-untyped-call]

    def run(batch: Batch) -> tuple[numpy.ndarray, numpy.ndarray]:
        with torch.inference_mode():
            inputs = (torch.from_numpy(each) for each in (batch.tokens, batch.segments, batch.mask))
            [(logits, relevance)] = network(*inputs, (layers,))
        return logits.numpy(), relevance.numpy()

    return run


def open_engine(folder: Path, layers: int, precision: Precision) -> Engine:
    """The engine for the weights in `folder`.

    Raises:
        ComponentError: the weights are missing or damaged.
    """
    return Engine(torch_runner(load_network(folder), layers, precision))
