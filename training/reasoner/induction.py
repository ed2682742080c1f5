"""Start a Llama with an induction circuit, so that it copies from its context before the first step of training.

Found by gradient descent alone, the circuit takes a model of this size tens of millions of tokens; written down,
none. In layer 0 some heads attend a fixed number of tokens back (by rotary phases alone) and note the token found
there; in layer 1 heads look for places whose noted token is the current one, and copy the token at that place
(Elhage et al. 2021; Olsson et al. 2022; structured starts: Trockman & Kolter 2023, "Mimetic initialization").
"""

from typing import TYPE_CHECKING, Any

from training.reasoner.sizes import HEAD, ROPE_THETA

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import LlamaForCausalLM

SHARED = 0.6
LOOK_BACK = 8.0
NOTED = 0.2
MATCH = 3.0
COPIED = 0.7
# Rotary pairs from here on turn so slowly that a match does not depend on the distance.
FIRST_SLOW_PAIR = 6


def write_induction_circuit(model: "LlamaForCausalLM") -> None:
    """Overwrite the embeddings and the attention of layers 0 and 1 of a fresh model in place."""
    import torch

    with torch.no_grad():
        shared = _shared_direction(model.model.embed_tokens.weight)
        heads, width = model.config.num_attention_heads, model.config.hidden_size
        basis = torch.linalg.qr(torch.randn(width, width))[0]
        noted, notes = basis[:HEAD], basis[HEAD : 2 * HEAD]
        layers: Any = model.model.layers
        for layer in layers:
            # Nothing else writes at first, or random writing would drown the circuit.
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        looking, copying = layers[0].self_attn, layers[1].self_attn
        for head in range(max(1, heads // 2)):
            _look_back(looking, head, head + 1, shared, ROPE_THETA)
        _rows(looking.v_proj.weight, 0).copy_(noted)
        _rows(looking.o_proj.weight.T, 0).copy_(notes * NOTED)
        for head in range(heads):
            _copy(copying, head, noted, notes, basis[HEAD * head : HEAD * (head + 1)])


def _shared_direction(embeddings: "Tensor") -> "Tensor":
    """Give all embeddings one component in common, which serves the fixed attention as a constant; return it."""
    import torch

    direction = torch.nn.functional.normalize(torch.randn(embeddings.shape[1]), dim=0)
    embeddings -= (embeddings @ direction)[:, None] * direction
    embeddings += SHARED * direction
    return direction


def _look_back(attention: Any, head: int, distance: int, shared: "Tensor", theta: float) -> None:
    """Let a head attend `distance` tokens back: constant queries, and keys turned ahead by that distance."""
    import torch

    half = HEAD // 2
    angles = distance * theta ** (-torch.arange(half) / half)
    strength = LOOK_BACK / (SHARED / (1 + SHARED**2) ** 0.5 * len(shared) ** 0.5)
    query = torch.cat((torch.ones(half), torch.zeros(half)))
    key = torch.cat((angles.cos(), angles.sin()))
    _rows(attention.q_proj.weight, head).copy_(strength * query[:, None] * shared)
    _rows(attention.k_proj.weight, head).copy_(strength * key[:, None] * shared)


def _copy(attention: Any, head: int, noted: "Tensor", notes: "Tensor", copied: "Tensor") -> None:
    """Let a head match the current token with noted ones, and copy its share of the dimensions of what it finds."""
    import torch

    half = HEAD // 2
    slow = [*range(FIRST_SLOW_PAIR, half), *range(half + FIRST_SLOW_PAIR, HEAD)]
    mix = torch.linalg.qr(torch.randn(HEAD, HEAD))[0]
    matching = torch.zeros(HEAD, 1)
    matching[slow] = MATCH
    # Queries keep a little in the fast phases too: where queries and keys both are zero, no gradient would ever flow.
    _rows(attention.q_proj.weight, head).copy_(matching.clamp(min=0.1) * mix @ noted)
    _rows(attention.k_proj.weight, head).copy_(matching * mix @ notes)
    _rows(attention.v_proj.weight, head).copy_(copied)
    _rows(attention.o_proj.weight.T, head).copy_(COPIED * copied)


def _rows(weight: "Tensor", head: int) -> "Tensor":
    return weight[HEAD * head : HEAD * (head + 1)]
