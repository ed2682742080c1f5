"""The network with its matrices in 8-bit integers. Import this module inside functions only: it imports torch."""

from __future__ import annotations

import warnings

import torch
from torch import Tensor, nn

from tradespace.components.encoders.network import ReadingNetwork

_LARGEST = 127


class QuantisedLinear(nn.Module):
    """A linear map with one scale for each row of its weights and one for each token.

    A scale for each token, and not one for all that PyTorch's dynamic quantisation takes, keeps a token with large
    activations from rounding the others away (as in LLM.int8(), Dettmers et al. 2022).
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach()
        scale = weight.abs().amax(1).clamp(min=1e-12) / _LARGEST
        with warnings.catch_warnings():
            # PyTorch wants new code to use torchao; that is a dependency more for the same kernels.
            warnings.simplefilter("ignore")
            rounded = torch.quantize_per_channel(
                weight, scale, torch.zeros(len(scale), dtype=torch.long), 0, torch.qint8
            )
        self._packed = torch.ops.quantized.linear_prepack(rounded, None)
        self._bias = linear.bias.detach()

    def forward(self, states: Tensor) -> Tensor:
        """As `torch.nn.Linear`: [..., inputs] to [..., outputs]."""
        size = states.abs().amax(-1, keepdim=True).clamp(min=1e-12)
        # Rounding to 7 bits is what the kernels of processors without VNNI need so as not to overflow.
        product = torch.ops.quantized.linear_dynamic(states / size, self._packed, reduce_range=True)
        return torch.addcmul(self._bias, product, size)


def quantised(network: ReadingNetwork) -> ReadingNetwork:
    """`network` with the linear maps of its layers quantised; embeddings and exits are shared with it, in fp32."""
    with torch.device("meta"):
        copy = ReadingNetwork()
    copy.load_state_dict(network.state_dict(), assign=True)
    for layer in copy.layers:
        for name, part in list(layer.named_children()):
            if isinstance(part, nn.Linear):
                setattr(layer, name, QuantisedLinear(part))
    return copy.eval().requires_grad_(False)
