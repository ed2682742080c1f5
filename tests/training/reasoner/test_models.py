"""Specification of the sizes, the induction circuit and growth."""

from random import Random

import pytest
import torch

from training.reasoner.models import build, grow
from training.reasoner.sizes import SIZES
from training.reasoner.vocabulary import words

VOCABULARY = len(words())


@pytest.mark.parametrize(("size", "millions"), [("small", 0.4), ("medium", 1.5), ("large", 5.0)])
def test_the_sizes_are_what_their_names_promise(size: str, millions: float) -> None:
    """About 0.4, 1.5 and 5 million parameters, at most 10 MB each in half precision."""
    parameters = build(SIZES[size], VOCABULARY).num_parameters()
    assert 0.85 * millions < parameters / 1e6 < 1.15 * millions
    assert 2 * parameters < 10e6


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_a_fresh_model_copies_from_its_context(size: str) -> None:
    """The induction circuit predicts the repeat of random tokens far better than chance, without training."""
    torch.manual_seed(0)
    model = build(SIZES[size], VOCABULARY)
    random = Random(0)
    rows = [[random.randrange(7, VOCABULARY) for _ in range(40)] * 2 for _ in range(8)]
    tokens = torch.tensor(rows)
    with torch.no_grad():
        predicted = model(tokens).logits[:, 40:-1].argmax(-1)
    assert (predicted == tokens[:, 41:]).float().mean() > 0.15 > 50 / VOCABULARY


@pytest.mark.parametrize(("smaller", "larger"), [("small", "medium"), ("medium", "large"), ("small", "large")])
def test_growing_changes_nothing_at_first(smaller: str, larger: str) -> None:
    """A grown model computes what the smaller one does, so what that has learned is not lost."""
    torch.manual_seed(0)
    old = build(SIZES[smaller], VOCABULARY)
    with torch.no_grad():
        for parameter in old.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.05)
    new = grow(old, SIZES[larger])
    tokens = torch.randint(7, VOCABULARY, (2, 50))
    with torch.no_grad():
        before, after = old(tokens).logits, new(tokens).logits
    assert torch.allclose(before, after, atol=5e-3 * before.abs().max().item())


def test_every_part_of_a_grown_model_learns() -> None:
    """After a few steps every row of every weight has had a gradient, so the added capacity is used."""
    torch.manual_seed(0)
    model = grow(build(SIZES["small"], VOCABULARY), SIZES["medium"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    tokens = torch.randint(7, VOCABULARY, (4, 40))
    for _ in range(3):
        optimizer.zero_grad()
        model(tokens, labels=tokens).loss.backward()
        optimizer.step()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None
        assert parameter.grad.flatten(1).abs().sum(-1).min() > 0 if parameter.dim() > 1 else True, name
