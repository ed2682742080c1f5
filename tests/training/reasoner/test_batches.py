"""Specification of the training batches."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.reasoner.batches import Batches, Curriculum
from training.reasoner.vocabulary import build_tokenizer

TOKENIZER = build_tokenizer()
BATCHES = Batches(TOKENIZER, rows=3, seed=5)
levels = st.floats(0, 1)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), levels)
def test_a_batch_depends_on_its_step_alone(step: int, level: float) -> None:
    """A resumed run sees the batches that the uninterrupted one would have seen."""
    curriculum = Curriculum(128, level, copying=0.3, sums=0.2)
    first, again = BATCHES.batch(step, curriculum), BATCHES.batch(step, curriculum)
    assert (first.tokens == again.tokens).all()
    assert (first.weights == again.weights).all()
    assert first.tokens.shape == first.weights.shape == (3, 128)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), levels)
def test_full_weight_lies_on_what_the_assistant_writes(step: int, level: float) -> None:
    """Tokens after <|assistant|> up to and with <|end|> count fully, all others a little."""
    batch = BATCHES.batch(step, Curriculum(256, level, copying=0, sums=0.3))
    begins, ends = (TOKENIZER.convert_tokens_to_ids(token) for token in ("<|assistant|>", "<|end|>"))
    for row, weights in zip(batch.tokens, batch.weights, strict=True):
        writing = np.cumsum(row == begins) - np.cumsum(row == ends) + (row == ends) - (row == begins)
        assert ((weights == 1) == (writing == 1)).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_copying_drills_ask_only_for_what_was_seen_before(step: int) -> None:
    """A token with weight occurred earlier in its row after the token that precedes it now."""
    batch = BATCHES.batch(step, Curriculum(64, 0, copying=1, sums=0))
    for row, weights in zip(batch.tokens.tolist(), batch.weights.tolist(), strict=True):
        pairs = list(pairwise(row))
        for place in range(1, len(row)):
            assert weights[place] == 0 or pairs[place - 1] in pairs[: place - 1]
