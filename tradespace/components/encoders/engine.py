"""Reads pairs of question and passage, each on its own: what comes out depends on the pair alone.

Batches would save nothing here: on a CPU one passage fills a core's matrix products, and rows of one length need no
padding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tradespace.components.encoders.base import tokenizer
from tradespace.components.encoders.inputs import Pieces, TokenRow, pieces, row

if TYPE_CHECKING:
    import numpy

Layers = Literal[3, 6]
Precision = Literal["fp32", "int8"]
Runtime = Literal["onnxruntime", "torch"]
Runner = Callable[[Sequence[TokenRow]], "list[tuple[numpy.ndarray, float]]"]
"""Rows in; span logits [length, 2] and relevance out, for each row by itself."""

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
    row: TokenRow
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


class EncoderEngine:
    """The network at one depth and precision in one runtime, with its tokenizer."""

    def __init__(self, runner: Runner) -> None:
        self._runner, self._tokenizer = runner, tokenizer()

    def infer(self, pairs: Sequence[tuple[str, str]]) -> list[Window]:
        """The windows of all `pairs` of (question, passage), in the pairs' order.

        Windows are read in parallel on all cores, the longest first, so that no core is left with a long one.
        """
        planned = sorted(self._plan(pairs), key=lambda plan: -len(plan.row.tokens))
        outputs = self._runner([plan.row for plan in planned])
        windows = [_window(plan, *output) for plan, output in zip(planned, outputs, strict=True)]
        return sorted(windows, key=lambda window: (window.pair, window.offsets[:1]))

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


def _window(planned: Planned, logits: numpy.ndarray, relevance: float) -> Window:
    first = planned.row.passage_start
    return Window(planned.pair, planned.offsets, logits[first : first + len(planned.offsets)], relevance)


@cache
def open_engine(folder: Path, layers: int, precision: Precision, runtime: Runtime) -> EncoderEngine:
    """The engine for the weights in `folder`; all that ask for the same share it.

    Raises:
        ComponentError: the weights are missing or damaged.
    """
    return EncoderEngine(
        import_module(f"tradespace.components.encoders.{runtime}_runner").runner(folder, layers, precision)
    )
