"""Finds the best span in a passage from its start and end logits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradespace.components.encoders.engine import Window

if TYPE_CHECKING:
    import numpy

MAXIMUM_ANSWER_TOKENS = 24


@dataclass(frozen=True)
class AnswerSpan:
    """Characters [start, end) of a passage, the sum of start and end logits, and its log-probability in the window."""

    start: int
    end: int
    logit: float
    certainty: float


def best_span(window: Window, passage: str) -> AnswerSpan:
    """The span with the greatest start plus end logit, at most 24 word pieces long and within one line of `passage`.

    It is empty for an empty window.
    """
    import numpy

    if not window.offsets:
        return AnswerSpan(0, 0, -1e4, -1e4)
    sums = window.logits[:, None, 0] + window.logits[None, :, 1]
    sums = numpy.where(_allowed([passage.count("\n", 0, start) for start, _ in window.offsets]), sums, -1e4)
    first, last = (int(i) for i in numpy.unravel_index(int(sums.argmax()), sums.shape))
    best = float(sums[first, last])
    certainty = -float(numpy.log(numpy.exp(sums - best).sum()))
    return AnswerSpan(window.offsets[first][0], window.offsets[last][1], best, certainty)


def _allowed(lines: Sequence[int]) -> numpy.ndarray:
    """Which (first, last) tokens may bound a span, given the line that each token stands in: [tokens, tokens]."""
    import numpy

    of = numpy.asarray(lines)
    near = numpy.tri(len(of), len(of), MAXIMUM_ANSWER_TOKENS - 1, dtype=bool)
    allowed: numpy.ndarray = numpy.triu(near) & (of[:, None] == of[None, :])
    return allowed
