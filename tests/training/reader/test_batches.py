"""Batches for training."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.components.encoders.base import tokenizer
from training.reader.batches import Batches
from training.reader.examples import Group

READER = tokenizer()
FILLER = "Bread is baked for about forty minutes in a hot oven by the baker. " * 8


def _group(before: int, after: int) -> Group:
    """A group whose answer, "Kraków 1932", stands somewhere in a long passage."""
    left, right = FILLER[:before], FILLER[:after]
    passage = f"{left} Kraków 1932 {right}"
    start = passage.index("Kraków")
    return Group("where and when was it", passage, [(start, start + 11)], [FILLER, "Nothing."])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=4), st.integers(0, 9))
def test_marked_tokens_are_the_answer(places: list[tuple[int, int]], seed: int) -> None:
    """However the passage is cut, the tokens from start to end spell the answer, in gold rows only."""
    batches = Batches(READER, [_group(*place) for place in places], budget=600, passage_tokens=40, negatives=1.0)
    batch = batches.draw(seed)
    for row in range(len(batch.gold)):
        starts, ends = batch.starts[row].nonzero().flatten(), batch.ends[row].nonzero().flatten()
        assert len(starts) == len(ends) == int(batch.gold[row])
        for start, end in zip(starts, ends, strict=True):
            assert READER.decode(batch.tokens[row, start : end + 1].tolist()) == "krakow 1932"


def test_same_seed_draws_the_same_batch() -> None:
    """A batch depends on its seed alone, not on what was drawn before."""
    groups = [_group(10 * i, 300 - 10 * i) for i in range(20)]
    batches, other = (Batches(READER, groups, 600, 40, 0.5) for _ in range(2))
    batches.draw(1)
    assert torch.equal(batches.draw(2).tokens, other.draw(2).tokens)


@pytest.mark.parametrize("seed", range(5))
def test_budget_is_kept(seed: int) -> None:
    """A batch of several groups has no more tokens, padding included, than its budget."""
    groups = [_group(20 * i, 380 - 20 * i) for i in range(20)]
    assert Batches(READER, groups, 600, 40, 1.0).draw(seed).tokens.numel() <= 600
