"""The network in PyTorch. Import this module inside functions only: it imports torch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import torch
from numpy import ndarray

from tradespace.components.encoders.engine import Layers, Precision, Runner
from tradespace.components.encoders.inputs import TokenRow, pad
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.quantised import quantised
from tradespace.components.encoders.torch_threads import one_torch_thread
from tradespace.components.encoders.weights import load_network
from tradespace.components.threads import on_all_cores


def runner(folder: Path, layers: Layers, precision: Precision) -> Runner:
    """Runs the network with the weights in `folder` up to `layers`; all depths share their tensors.

    Raises:
        ComponentError: the weights are missing or damaged.
    """
    return network_runner(_network(folder, precision), layers)


def network_runner(network: ReadingNetwork, layers: int) -> Runner:
    """Runs `network` up to `layers`."""

    def read(row: TokenRow) -> tuple[ndarray, float]:
        with torch.inference_mode():
            inputs = (torch.from_numpy(array) for array in pad([row]).arrays.values())
            [(logits, relevance)] = network(*inputs, (layers,))
        return logits[0].numpy(), float(relevance[0])

    def run(rows: Sequence[TokenRow]) -> list[tuple[ndarray, float]]:
        with one_torch_thread():
            return on_all_cores(read, rows)

    return run


@cache
def _network(folder: Path, precision: Precision) -> ReadingNetwork:
    return load_network(folder) if precision == "fp32" else quantised(_network(folder, "fp32"))
