"""The engine: windows over long passages, batches of any size."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.components.encoders.engine import WINDOW_TOKENS, Engine
from tradespace.components.encoders.inputs import Batch

_WORDS = st.lists(st.sampled_from(["red", "bridge", "of", "1932", "opened,", "Kraków"]), max_size=30).map(" ".join)


def _echo(batch: Batch) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Stands for a network: each token's logits are its own number, the relevance is the number of tokens."""
    logits = numpy.repeat(batch.tokens[:, :, None], 2, axis=2).astype(numpy.float32)
    return logits, batch.mask.sum(axis=1).astype(numpy.float32)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=12), st.integers(1, 5))
def test_batching_changes_nothing(pairs: list[tuple[str, str]], batch_rows: int) -> None:
    """Pairs in batches of any size come out as one by one, in their order."""
    together = Engine(_echo, batch_rows).infer(pairs)
    one_by_one = [window for pair in pairs for window in Engine(_echo).infer([pair])]
    assert [window.pair for window in together] == list(range(len(pairs)))
    for one, other in zip(together, one_by_one, strict=True):
        assert one.offsets == other.offsets
        assert numpy.array_equal(one.logits, other.logits)
        assert one.relevance == other.relevance


@pytest.mark.parametrize("words", [1, 383, 384, 385, 640, 641, 2000])
def test_windows_cover_a_long_passage(words: int) -> None:
    """Every token of a passage is in some window, and no window is longer than the network reads."""
    passage = " ".join(["red"] * words)
    windows = Engine(_echo).infer([("where", passage)])
    seen = {start for window in windows for start, _ in window.offsets}
    assert seen == set(range(0, 4 * words, 4))
    assert all(len(window.offsets) <= WINDOW_TOKENS for window in windows)
