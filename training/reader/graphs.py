"""Writes the reader's network as ONNX graphs without weights, one for each depth and precision:

    pip install onnx && python -m training.reader.graphs

Needed again only when the network's operations change; other weights need no other graphs.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy
import onnx
import torch
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper
from torch import Tensor, nn

from tradespace.components.encoders import Layers, Precision
from tradespace.components.encoders.inputs import TokenRow, pad
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.onnxruntime_runner import (
    GRAPHS,
    INTEGERS,
    STEP,
    graph_file,
    initializers,
    is_layer_matrix,
)

EXAMPLE = TokenRow([101, 2073, 102, 1999, 6273, 102], 3)
PREFIX = "network."
_CONSTANTS = {"zero_and_half": 128.5, "most": 127.0, "least": 1e-12}


class _OneExit(nn.Module):
    """The network with the exit fixed, as the exporter needs it."""

    def __init__(self, network: ReadingNetwork, layers: Layers) -> None:
        super().__init__()
        self.network, self.layers = network, layers

    def forward(self, tokens: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        [(logits, relevance)] = self.network(tokens, segments, mask, (self.layers,))
        return logits, relevance


def exported(network: ReadingNetwork, layers: Layers) -> ModelProto:
    """The network up to `layers` in fp32; its initializers are named as its tensors are."""
    arrays = pad([EXAMPLE]).arrays
    written = io.BytesIO()
    torch.onnx.export(
        _OneExit(network, layers),
        tuple(map(torch.from_numpy, arrays.values())),
        written,  # type: ignore[arg-type]
        dynamo=False,
        input_names=list(arrays),
        output_names=["logits", "relevance"],
        dynamic_axes={name: {1: "length"} for name in [*arrays, "logits"]},
        opset_version=17,
        do_constant_folding=False,
    )
    model = onnx.load_from_string(written.getvalue())
    for node in model.graph.node:
        node.input[:] = [name.removeprefix(PREFIX) for name in node.input]
    return model


def round_layers(graph: GraphProto) -> None:
    """Turns the products with the layers' matrices into products of integers.

    Each token's states are rounded to 8 bits with a step of their own (as in LLM.int8(), Dettmers et al. 2022). With
    one step for a whole passage, as DynamicQuantizeLinear has it, a token with large states rounds the others away.
    """
    transposed = {
        node.output[0]: node.input[0]
        for node in graph.node
        if node.op_type == "Transpose" and is_layer_matrix(node.input[0])
    }
    nodes: list[NodeProto] = [
        helper.make_node("Constant", [], [name], value_float=value) for name, value in _CONSTANTS.items()
    ]
    nodes.append(helper.make_node("Cast", ["zero_and_half"], ["zero"], to=TensorProto.UINT8))
    rounded: set[str] = set()
    for node in graph.node:
        if node.op_type == "MatMul" and node.input[1] in transposed:
            nodes += _integer_product(node, transposed[node.input[1]], rounded)
        elif node.output[0] not in transposed:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def _integer_product(node: NodeProto, matrix: str, rounded: set[str]) -> Iterator[NodeProto]:
    """What `node` becomes; states that several matrices are multiplied with are rounded once, and kept in `rounded`."""
    states, product = node.input[0], node.output[0]
    if states not in rounded:
        rounded.add(states)
        yield from _integers_of(states)
    yield helper.make_node("MatMulInteger", [f"{states}/integers", matrix + INTEGERS, "zero"], [f"{product}/sums"])
    yield helper.make_node("Cast", [f"{product}/sums"], [f"{product}/whole"], to=TensorProto.FLOAT)
    yield helper.make_node("Mul", [f"{product}/whole", f"{states}/step"], [f"{product}/states"])
    yield helper.make_node("Mul", [f"{product}/states", matrix + STEP], [product])


def _integers_of(states: str) -> Iterator[NodeProto]:
    """Rounds states [1, length, inputs] to integers from 1 to 255, where 128 is zero, and a step for each token."""
    yield helper.make_node("Abs", [states], [f"{states}/size"])
    yield helper.make_node("ReduceMax", [f"{states}/size"], [f"{states}/found"], axes=[-1], keepdims=1)
    yield helper.make_node("Max", [f"{states}/found", "least"], [f"{states}/largest"])
    yield helper.make_node("Div", [f"{states}/largest", "most"], [f"{states}/step"])
    yield helper.make_node("Div", ["most", f"{states}/largest"], [f"{states}/steps_per_unit"])
    yield helper.make_node("Mul", [states, f"{states}/steps_per_unit"], [f"{states}/steps"])
    yield helper.make_node("Add", [f"{states}/steps", "zero_and_half"], [f"{states}/shifted"])
    # The cast cuts off what is behind the point; with the half added, that rounds to the nearest.
    yield helper.make_node("Cast", [f"{states}/shifted"], [f"{states}/integers"], to=TensorProto.UINT8)


def declare(graph: GraphProto, initializers: dict[str, numpy.ndarray]) -> None:
    """Leaves of the initializers the names, types and shapes: the data are given when the graph is opened."""
    del graph.initializer[:]
    for name, array in initializers.items():
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        tensor = TensorProto(name=name, data_type=kind, dims=array.shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="given when the graph is opened")
        graph.initializer.append(tensor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=GRAPHS)
    out: Path = parser.parse_args().out
    network = ReadingNetwork().eval()
    weights = {name: tensor.numpy() for name, tensor in network.state_dict().items()}
    out.mkdir(exist_ok=True)
    for layers in get_args(Layers):
        for precision in get_args(Precision):
            model = exported(network, layers)
            if precision == "int8":
                round_layers(model.graph)
            declare(model.graph, initializers(weights, layers, precision))
            (out / graph_file(layers, precision).name).write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
