"""The network in ONNX Runtime, which needs no torch. Import this module inside functions only: it imports onnxruntime.

The graphs in `graphs/` hold the network's operations and no weights; `python -m training.reader.graphs` writes them.
They are given the weights when they are opened, so that one file of weights serves every runtime, depth and precision.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy
import onnxruntime
from numpy import ndarray
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf

from tradespace.components.encoders.engine import Layers, Precision, Runner
from tradespace.components.encoders.inputs import TokenRow, pad
from tradespace.components.encoders.weights import load_weights, rounded_rows
from tradespace.components.threads import on_all_cores
from tradespace.errors import ComponentError

GRAPHS = Path(__file__).parent / "graphs"
INTEGER_BITS = 7
"""Products of 8-bit activations and 7-bit weights, two by two, fit the 16-bit sums of processors without VNNI."""
INTEGERS, STEP = ".integers", ".step"
_LAYER = re.compile(r"layers\.(\d+)\.(.*)")
_EXIT = re.compile(r"exits\.(\d+)\.")


def runner(folder: Path, layers: Layers, precision: Precision) -> Runner:
    """Runs the network with the weights in `folder` up to `layers`.

    Raises:
        ComponentError: the weights or the graph are missing or damaged.
    """
    graph = Graph(graph_file(layers, precision), initializers(_weights(folder), layers, precision))

    def read(row: TokenRow) -> tuple[ndarray, float]:
        logits, relevance = graph.session.run(None, pad([row]).arrays)
        return logits[0], float(relevance[0])

    def run(rows: Sequence[TokenRow]) -> list[tuple[ndarray, float]]:
        return on_all_cores(read, rows)

    return run


def graph_file(layers: Layers, precision: Precision) -> Path:
    """Where the graph of a depth and precision is kept."""
    return GRAPHS / f"{layers}-layers-{precision}.onnx"


def initializers(weights: dict[str, ndarray], layers: Layers, precision: Precision) -> dict[str, ndarray]:
    """What the graph of a depth and precision has to be given, by name.

    In int8, each matrix [outputs, inputs] of a layer comes as integers [inputs, outputs] and a step for each output.
    """
    initializers: dict[str, ndarray] = {}
    for name, array in weights.items():
        if precision == "int8" and is_layer_matrix(name) and _is_used(name, layers):
            integers, step = rounded_rows(array, INTEGER_BITS)
            initializers |= {name + INTEGERS: numpy.ascontiguousarray(integers.T), name + STEP: step[:, 0]}
        elif _is_used(name, layers):
            initializers[name] = array
    return initializers


def is_layer_matrix(name: str) -> bool:
    """Whether the weight of that name is the matrix of a linear map of a layer: what int8 rounds."""
    match = _LAYER.fullmatch(name)
    return match is not None and match[2].endswith(".weight") and "norm" not in match[2]


def _is_used(name: str, layers: Layers) -> bool:
    if layer := _LAYER.match(name):
        return int(layer[1]) < layers
    if head := _EXIT.match(name):
        return int(head[1]) == layers
    return True


@cache
def _weights(folder: Path) -> dict[str, ndarray]:
    return load_weights(folder)


class Graph:
    """A graph with its initializers: ONNX Runtime reads them where they are, so they live as long as the session."""

    def __init__(self, file: Path, initializers: dict[str, ndarray]) -> None:
        """Opens the graph in `file`.

        Raises:
            ComponentError: the file is missing or damaged.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in initializers.values()]
        options.add_external_initializers(list(initializers), self._values)
        try:
            self.session = onnxruntime.InferenceSession(file.read_bytes(), options)
        except (OSError, Fail, InvalidGraph, InvalidProtobuf) as error:
            raise ComponentError(
                f"{file} must be the graph of the network, but opening it gave {error!r}; reinstall tradespace"
            ) from error
