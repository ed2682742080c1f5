"""Matrices in 8-bit integers stay near those in 32-bit floats, whatever stands beside a token."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tradespace.components.encoders import SpanReader
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.quantised import QuantisedLinear, quantised
from tradespace.testing.paragraphs import documents, questions


def _linear(inputs: int = 64, outputs: int = 32) -> nn.Linear:
    return nn.Linear(inputs, outputs).requires_grad_(False)


def _naive(linear: nn.Linear, states: Tensor) -> Tensor:
    """Weights rounded to 1/127 of their row's largest, activations to about 1/63 of their token's largest."""
    step = linear.weight.abs().amax(1, keepdim=True) / 127
    unit = states.abs().amax(-1, keepdim=True)
    rounded = (states / unit * 63).round() / 63 * unit
    return rounded @ ((linear.weight / step).round() * step).T + linear.bias


@settings(max_examples=25)
@given(st.integers(0, 2**31 - 1), st.floats(1e-3, 1e3))
def test_a_product_is_that_of_the_rounded_numbers(seed: int, size: float) -> None:
    """Rounding to 8-bit weights and 7-bit activations explains all but a fraction of the difference to fp32."""
    torch.manual_seed(seed)
    linear, states = _linear(), size * torch.randn(7, 64)
    exact = linear(states)
    rounding = (_naive(linear, states) - exact).square().mean().sqrt()
    assert float((QuantisedLinear(linear)(states) - exact).square().mean().sqrt()) < 1.5 * float(rounding)


@settings(max_examples=25)
@given(st.integers(0, 2**31 - 1))
def test_a_large_token_does_not_blur_the_others(seed: int) -> None:
    """Beside a token a thousand times as large, a token's product is as near to fp32 as without it."""
    torch.manual_seed(seed)
    linear, states = _linear(), torch.randn(6, 64)
    states[0] *= 1000
    error = (QuantisedLinear(linear)(states) - linear(states))[1:]
    assert float(error.abs().max()) < 0.1


def test_a_token_of_zeros_gives_the_bias() -> None:
    """Nothing is divided by nothing."""
    linear = _linear()
    assert torch.allclose(QuantisedLinear(linear)(torch.zeros(1, 64))[0], linear.bias)


def test_the_original_stays_as_it_was() -> None:
    """Quantising makes another network; embeddings are shared, since they take most of the memory."""
    network = ReadingNetwork()
    rounded = quantised(network)
    assert all(isinstance(layer.query, nn.Linear) for layer in network.layers)
    assert all(isinstance(layer.query, QuantisedLinear) for layer in rounded.layers)
    assert rounded.words.weight.data_ptr() == network.words.weight.data_ptr()


def test_answers_stay_nearly_the_same() -> None:
    """Of twelve questions, each read in its own paragraph, at least ten have the same answer in int8."""
    pairs = [(question.text, document.text) for question, document in zip(questions()[:12], documents(), strict=False)]
    whole, rounded = (SpanReader(6, precision, "torch").read_pairs(pairs) for precision in ("fp32", "int8"))
    assert sum(answer.text == other.text for answer, other in zip(whole, rounded, strict=True)) >= 10
