"""Reads pairs of question and passage, each on its own: what comes out depends on the pair alone.

Batches would save nothing here: on a CPU one passage fills a core's matrix products, and rows of one length need no
padding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tradespace.components.encoders.base import tokenizer
from tradespace.components.encoders.inputs import Pieces, TokenRow, pieces, row, row_length
from tradespace.components.passes import Passes
from tradespace.components.threads import cores

if TYPE_CHECKING:
    import numpy
    from tokenizers import Tokenizer

Layers = Literal[3, 6]
Precision = Literal["fp32", "int8"]
Runtime = Literal["onnxruntime", "torch"]
Runner = Callable[[Sequence[TokenRow]], "list[tuple[numpy.ndarray, float]]"]
"""Rows in; span logits [length, 2] and relevance out, for each row by itself."""

WINDOW_TOKENS, WINDOW_STRIDE = 384, 256
COUNTED_TEXTS = 50_000
"""Texts whose word pieces are counted once."""


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
        self._runner = runner

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
                    cut[text] = pieces(_tokenizer(), text)
            for window in _windows(len(cut[passage].tokens)):
                made = row(cut[question].tokens, cut[passage].tokens[window])
                planned.append(Planned(place, made, cut[passage].offsets[window]))
        return planned


def passes(pairs: Iterable[tuple[str, str]]) -> Passes:
    """The passes in which an engine reads pairs of (question, passage): one for each window."""
    lengths = [
        row_length(_count(question), window.stop - window.start)
        for question, passage in pairs
        for window in _windows(_count(passage))
    ]
    return Passes(tuple(sorted(lengths, reverse=True)), cores())


def _windows(tokens: int) -> Iterator[slice]:
    """The windows that a passage of so many tokens is read in."""
    for start in range(0, max(1, tokens - WINDOW_TOKENS + WINDOW_STRIDE), WINDOW_STRIDE):
        yield slice(start, min(start + WINDOW_TOKENS, tokens))


@lru_cache(maxsize=COUNTED_TEXTS)
def _count(text: str) -> int:
    return len(pieces(_tokenizer(), text).tokens)


@cache
def _tokenizer() -> Tokenizer:
    return tokenizer()


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
