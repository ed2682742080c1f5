"""Finds the best span in a passage from its start and end logits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradespace.components.encoders.engine import Window

if TYPE_CHECKING:
    import numpy

MAXIMUM_TOKENS = 24


@dataclass(frozen=True)
class Span:
    """Characters [start, end) of a passage, the sum of its start and end logits, and its log-probability in the window."""

    start: int
    end: int
    logit: float
    certainty: float


def best_span(window: Window) -> Span:
    """The span of at most 24 word pieces with the greatest start plus end logit; an empty window gives an empty span."""
    import numpy

    if not window.offsets:
        return Span(0, 0, -1e4, -1e4)
    sums = window.logits[:, None, 0] + window.logits[None, :, 1]
    sums = numpy.where(_allowed(len(window.offsets)), sums, -1e4)
    first, last = (int(i) for i in numpy.unravel_index(int(sums.argmax()), sums.shape))
    best = float(sums[first, last])
    certainty = -float(numpy.log(numpy.exp(sums - best).sum()))
    return Span(window.offsets[first][0], window.offsets[last][1], best, certainty)


def _allowed(length: int) -> numpy.ndarray:
    import numpy

    return numpy.triu(numpy.tri(length, length, MAXIMUM_TOKENS - 1, dtype=bool))
