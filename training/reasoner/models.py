"""Building a tiny reasoner, and growing one into the next size without changing what it computes."""

from typing import TYPE_CHECKING

from training.reasoner.induction import write_induction_circuit
from training.reasoner.sizes import HEAD, ROPE_THETA, Size

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import LlamaForCausalLM


def build(size: Size, vocabulary: int) -> "LlamaForCausalLM":
    """Build a Llama with tied embeddings: random weights with an induction circuit written in."""
    from transformers import LlamaConfig, LlamaForCausalLM

    width = HEAD * size.heads
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary, hidden_size=width, intermediate_size=size.feed_forward, head_dim=HEAD,
            num_hidden_layers=size.layers, num_attention_heads=size.heads, num_key_value_heads=size.heads,
            tie_word_embeddings=True, max_position_embeddings=1024, rms_norm_eps=1e-6, initializer_range=width**-0.5,
            bos_token_id=1, eos_token_id=5, pad_token_id=0,
            rope_parameters={"rope_type": "default", "rope_theta": ROPE_THETA},
        )
    )  # fmt: skip
    write_induction_circuit(model)
    return model


def grow(old: "LlamaForCausalLM", size: Size) -> "LlamaForCausalLM":
    """Return a larger model that computes what `old` computes, but for the epsilon of its norms.

    The method is that of Net2Net (Chen et al. 2016) and LEMON (Wang et al. 2023).
    New residual dimensions start at zero, new heads and neurons are read by nobody yet, new layers add nothing;
    the inputs of all of them are random, so that gradients tell them apart at once.
    """
    import torch

    new = build(size, old.config.vocab_size)
    theirs, ours = dict(old.named_parameters()), dict(new.named_parameters())
    shrink = (old.config.hidden_size / new.config.hidden_size) ** 0.5
    with torch.no_grad():
        for name, parameter in ours.items():
            _fill(name, parameter, theirs.get(name), shrink)
    return new


def _fill(name: str, parameter: "Tensor", source: "Tensor | None", shrink: float) -> None:
    writes_residual = name.endswith(("o_proj.weight", "down_proj.weight", "embed_tokens.weight"))
    if name.endswith("norm.weight"):
        parameter.fill_(shrink if source is None else float(source.mean()) * shrink)
        if source is not None:
            parameter[: len(source)] = source * shrink
        return
    if writes_residual:
        parameter.zero_()
    if source is not None:
        rows, columns = source.shape
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            parameter[rows:, :] = 0
        parameter[:rows, :columns] = source
