"""The engine: windows over long passages, and readings that depend on their own pair alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.components.encoders import Layers, Precision, Runtime
from tradespace.components.encoders.engine import WINDOW_TOKENS, EncoderEngine, Window, open_engine, passes
from tradespace.components.encoders.inputs import TokenRow
from tradespace.components.encoders.reader import READER_FOLDER

Pairs = list[tuple[str, str]]

_WORDS = st.lists(st.sampled_from(["red", "bridge", "of", "1932", "opened,", "Kraków"]), max_size=30).map(" ".join)
_PAIRS = st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=8)


def _echo(rows: Sequence[TokenRow]) -> list[tuple[numpy.ndarray, float]]:
    """Stands for a network: each token's logits are its own number, the relevance is the number of tokens."""
    return [(numpy.repeat(numpy.array(row.tokens)[:, None], 2, axis=1), float(len(row.tokens))) for row in rows]


def _plain(windows: list[Window]) -> list[tuple[object, ...]]:
    return [(window.offsets, window.logits.tolist(), window.relevance) for window in windows]


@settings(max_examples=10)
@given(_PAIRS)
@pytest.mark.parametrize("layers", [3, 6])
@pytest.mark.parametrize("precision", ["fp32", "int8"])
@pytest.mark.parametrize("runtime", ["onnxruntime", "torch"])
def test_what_is_read_depends_on_the_pair_alone(
    layers: Layers, precision: Precision, runtime: Runtime, pairs: Pairs
) -> None:
    """Every pair comes out the same, to the last bit, alone and beside any others; windows are in the pairs' order."""
    engine = open_engine(READER_FOLDER, layers, precision, runtime)
    together = engine.infer(pairs)
    assert [window.pair for window in together] == list(range(len(pairs)))
    assert _plain(together) == _plain([window for pair in pairs for window in engine.infer([pair])])


@pytest.mark.parametrize("words", [1, 383, 384, 385, 640, 641, 2000])
def test_windows_cover_a_long_passage(words: int) -> None:
    """Every token of a passage is in some window, and no window is longer than the network reads."""
    passage = " ".join(["red"] * words)
    windows = EncoderEngine(_echo).infer([("where", passage)])
    seen = {start for window in windows for start, _ in window.offsets}
    assert seen == set(range(0, 4 * words, 4))
    assert all(len(window.offsets) <= WINDOW_TOKENS for window in windows)


@settings(max_examples=30)
@given(st.lists(st.tuples(_WORDS, st.integers(0, 1500).map(lambda words: " ".join(["red"] * words))), max_size=5))
def test_the_passes_that_are_told_are_those_that_are_made(pairs: Pairs) -> None:
    """As many, of as many tokens, the longest first, without the network being opened."""
    made: list[int] = []

    def counted(rows: Sequence[TokenRow]) -> list[tuple[numpy.ndarray, float]]:
        made.extend(len(row.tokens) for row in rows)
        return _echo(rows)

    EncoderEngine(counted).infer(pairs)
    assert passes(pairs).tokens == tuple(made)
