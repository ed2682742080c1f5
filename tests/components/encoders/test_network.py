"""The reading network: MiniLM's trunk, early exits and question alignment."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.components.encoders.base import base_weights, model_folder
from tradespace.components.encoders.network import QuestionAlignment, ReadingNetwork
from tradespace.components.encoders.weights import tensors


@pytest.fixture(scope="module")
def network() -> ReadingNetwork:
    torch.manual_seed(0)
    made = ReadingNetwork()
    made.load_state_dict(tensors(base_weights()), strict=False)
    return made.eval().requires_grad_(False)


def _inputs(rows: int = 3, length: int = 40) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    tokens = torch.randint(1000, 20000, (rows, length), generator=torch.Generator().manual_seed(1))
    segments = (torch.arange(length) > 10).long().expand(rows, length).contiguous()
    mask = torch.ones(rows, length, dtype=torch.long)
    mask[1, 30:] = 0
    return tokens, segments * mask, mask


def test_trunk_equals_transformers(network: ReadingNetwork) -> None:
    """With MiniLM's own weights the trunk computes what transformers.BertModel computes."""
    from transformers import BertModel

    tokens, segments, mask = _inputs()
    reference = BertModel.from_pretrained(model_folder()).eval()
    wanted = reference(input_ids=tokens, token_type_ids=segments, attention_mask=mask).last_hidden_state
    seen: list[torch.Tensor] = []
    hook = network.layers[5].register_forward_hook(lambda _module, _inputs, output: seen.append(output))
    network(tokens, segments, mask)
    hook.remove()
    assert torch.allclose(seen[0][mask.bool()], wanted[mask.bool()], atol=1e-5)


def test_every_base_weight_is_used() -> None:
    """MiniLM's tensors all have their place in the network."""
    assert not ReadingNetwork().load_state_dict(tensors(base_weights()), strict=False).unexpected_keys


def test_exit_alone_equals_exit_on_the_way(network: ReadingNetwork) -> None:
    """Stopping at the third layer gives what the third layer's exit gives in a run through all six."""
    inputs = _inputs()
    [alone] = network(*inputs, (3,))
    on_the_way, _ = network(*inputs, (3, 6))
    assert torch.equal(alone[0], on_the_way[0])
    assert torch.equal(alone[1], on_the_way[1])


def test_early_exit_skips_the_upper_layers(network: ReadingNetwork) -> None:
    """Asking for the third layer's exit leaves the layers above it alone."""
    called: list[int] = []
    hooks = [
        layer.register_forward_hook(lambda *_, depth=depth: called.append(depth))
        for depth, layer in enumerate(network.layers, start=1)
    ]
    network(*_inputs(), (3,))
    for hook in hooks:
        hook.remove()
    assert called == [1, 2, 3]


def test_padding_changes_nothing(network: ReadingNetwork) -> None:
    """A row gives the same logits alone as padded beside a longer one."""
    tokens, segments, mask = _inputs()
    [(padded, relevance)] = network(tokens, segments, mask)
    [(alone, relevance_alone)] = network(tokens[1:2, :30], segments[1:2, :30], mask[1:2, :30])
    assert torch.allclose(padded[1, :30], alone[0], atol=1e-5)
    assert torch.allclose(relevance[1], relevance_alone[0], atol=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=3, max_size=12), st.integers(1, 5))
def test_exact_match_equals_its_definition(words: list[int], asked: int) -> None:
    """The first feature is 1 where a word with a weight stands on the other side too, else 0."""
    module = QuestionAlignment(vocabulary=6, hidden=4)
    module.idf = torch.tensor([0.0, 0.5, 0.2, 0.9, 0.0, 0.3])
    asked = min(asked, len(words) - 1)
    segments = [0] * asked + [1] * (len(words) - asked)
    naive = [
        float(module.idf[word] > 0 and any(w == word and s != side for w, s in zip(words, segments, strict=True)))
        for word, side in zip(words, segments, strict=True)
    ]
    features = module(
        torch.tensor([words]), torch.tensor([segments]), torch.ones(1, len(words)), torch.randn(1, len(words), 4)
    )
    assert features[0, :, 0].tolist() == naive
