"""The best span of a window."""

from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.encoders.engine import Window
from tradespace.components.encoders.spans import MAXIMUM_ANSWER_TOKENS, best_span

_LOGITS = st.lists(st.tuples(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32)), min_size=1, max_size=40)


def _two_lines(words: int, title: int) -> str:
    """`words` words of two letters, the first `title` of them on a line of their own."""
    return "".join("ab\n" if place + 1 == title else "ab " for place in range(words))


def _window(logits: list[tuple[float, float]]) -> Window:
    return Window(0, [(3 * i, 3 * i + 2) for i in range(len(logits))], numpy.array(logits, dtype=numpy.float32), 0.0)


@given(_LOGITS, st.integers(0, 40))
def test_best_span_equals_a_search_of_all(logits: list[tuple[float, float]], title: int) -> None:
    """The span has the greatest start plus end logit of all that are in order, in one line and not too long."""
    passage = _two_lines(len(logits), title)
    sums = [
        logits[i][0] + logits[j][1]
        for i in range(len(logits))
        for j in range(i, min(len(logits), i + MAXIMUM_ANSWER_TOKENS))
        if "\n" not in passage[3 * i : 3 * j + 2]
    ]
    span = best_span(_window(logits), passage)
    assert span.logit == pytest.approx(max(sums), abs=1e-4)
    assert span.certainty == pytest.approx(-math.log(sum(math.exp(s - max(sums)) for s in sums)), abs=1e-3)
    first, last = span.start // 3, (span.end - 2) // 3
    assert 0 <= last - first < MAXIMUM_ANSWER_TOKENS


def test_empty_window_never_wins() -> None:
    """A passage without a word gives an empty span below any real one."""
    empty = best_span(Window(0, [], numpy.zeros((0, 2), dtype=numpy.float32), 0.0), "")
    assert (empty.start, empty.end) == (0, 0)
    assert empty.logit < best_span(_window([(-9.0, -9.0)]), "ab").logit
