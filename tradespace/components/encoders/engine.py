"""Runs the network over pairs of question and passage, each on its own: what comes out depends on the pair alone.

Batches would save nothing here: on a CPU one passage fills a core's matrix products, and rows of one length need no
padding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tradespace.components.encoders.base import tokenizer
from tradespace.components.encoders.inputs import Pieces, Row, pad, pieces, row
from tradespace.components.encoders.threads import on_all_cores
from tradespace.components.encoders.weights import load_network

if TYPE_CHECKING:
    import numpy

    from tradespace.components.encoders.network import ReadingNetwork

Precision = Literal["fp32", "int8"]
Layers = Literal[3, 6]
Runner = Callable[[Row], "tuple[numpy.ndarray, float]"]
"""A row in; span logits [length, 2] and relevance out."""

WINDOW_TOKENS, WINDOW_STRIDE = 384, 256


@dataclass(frozen=True)
class Planned:
    """One window of a passage that the network is to read.

    Attributes:
        pair: which pair the window is of.
        row: the network's input.
        offsets: the characters of the passage that each token of the window stands for.
    """

    pair: int
    row: Row
    offsets: list[tuple[int, int]]


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

    def __init__(self, runner: Runner) -> None:
        self._runner, self._tokenizer = runner, tokenizer()

    def infer(self, pairs: Sequence[tuple[str, str]]) -> list[Window]:
        """The windows of all `pairs` of (question, passage), in the pairs' order.

        Windows are read side by side on all cores, the longest first, so that no core is left with a long one.
        """
        planned = sorted(self._plan(pairs), key=lambda plan: -len(plan.row.tokens))
        found = on_all_cores(self._read, planned)
        return sorted(found, key=lambda window: (window.pair, window.offsets[:1]))

    def _plan(self, pairs: Sequence[tuple[str, str]]) -> list[Planned]:
        planned, cut = [], dict[str, Pieces]()
        for place, (question, passage) in enumerate(pairs):
            for text in (question, passage):
                if text not in cut:
                    cut[text] = pieces(self._tokenizer, text)
            last = max(1, len(cut[passage].tokens) - WINDOW_TOKENS + WINDOW_STRIDE)
            for start in range(0, last, WINDOW_STRIDE):
                window = slice(start, start + WINDOW_TOKENS)
                made = row(cut[question].tokens, cut[passage].tokens[window])
                planned.append(Planned(place, made, cut[passage].offsets[window]))
        return planned

    def _read(self, planned: Planned) -> Window:
        logits, relevance = self._runner(planned.row)
        first = planned.row.passage_start
        return Window(planned.pair, planned.offsets, logits[first : first + len(planned.offsets)], relevance)


def torch_runner(network: ReadingNetwork, layers: int) -> Runner:
    """Runs `network` up to `layers` in PyTorch."""
    import torch

    def run(row: Row) -> tuple[numpy.ndarray, float]:
        batch = pad([row])
        with torch.inference_mode():
            inputs = (torch.from_numpy(each) for each in (batch.tokens, batch.segments, batch.mask))
            [(logits, relevance)] = network(*inputs, (layers,))
        return logits[0].numpy(), float(relevance[0])

    return run


@cache
def open_engine(folder: Path, layers: int, precision: Precision) -> Engine:
    """The engine for the weights in `folder`; all that ask for the same share it.

    Raises:
        ComponentError: the weights are missing or damaged.
    """
    return Engine(torch_runner(_network(folder, precision), layers))


@cache
def _network(folder: Path, precision: Precision) -> ReadingNetwork:
    if precision == "fp32":
        return load_network(folder)
    from tradespace.components.encoders.quantised import quantised

    return quantised(_network(folder, "fp32"))
