"""The network in ONNX Runtime: what it says is what the network in PyTorch says."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.components.encoders import Layers, Precision, SpanReader, onnxruntime_runner, torch_runner
from tradespace.components.encoders.engine import Runner
from tradespace.components.encoders.inputs import row
from tradespace.components.encoders.onnxruntime_runner import Graph, graph_file, initializers, is_layer_matrix
from tradespace.components.encoders.reader import READER_FOLDER
from tradespace.components.encoders.weights import load_weights
from tradespace.errors import ComponentError
from tradespace.testing.paragraphs import documents, questions

_TOKENS = st.lists(st.integers(1000, 30000), max_size=60)


@cache
def _runner(module: ModuleType, layers: Layers) -> Runner:
    runner: Runner = module.runner(READER_FOLDER, layers, "fp32")
    return runner


@settings(max_examples=25, deadline=None)
@given(_TOKENS, _TOKENS)
@pytest.mark.parametrize("layers", [3, 6])
def test_in_fp32_it_is_the_network(layers: Layers, question: list[int], passage: list[int]) -> None:
    """For any tokens, logits and relevance are those of PyTorch but for rounding: the graphs are up to date."""
    given_row = row(question, passage)
    [(logits, relevance)] = _runner(onnxruntime_runner, layers)([given_row])
    [(wanted, wanted_relevance)] = _runner(torch_runner, layers)([given_row])
    assert numpy.allclose(logits, wanted, atol=2e-3)
    assert relevance == pytest.approx(wanted_relevance, abs=2e-3)


@pytest.mark.parametrize("layers", [3, 6])
def test_in_int8_answers_stay_nearly_the_same(layers: Layers) -> None:
    """Of twelve questions, each read in its own paragraph, at least ten have the answer that they have in fp32."""
    pairs = [(question.text, document.text) for question, document in zip(questions()[:12], documents(), strict=False)]
    whole, rounded = (SpanReader(layers, precision).read_pairs(pairs) for precision in ("fp32", "int8"))
    assert sum(answer.text == other.text for answer, other in zip(whole, rounded, strict=True)) >= 10


@pytest.mark.parametrize(("precision", "matrices"), [("fp32", 0), ("int8", 18)])
def test_only_the_layers_matrices_are_rounded(precision: Precision, matrices: int) -> None:
    """Six matrices of each layer come as integers of 7 bits; nothing of deeper layers or of the other exit comes."""
    arrays = initializers(load_weights(READER_FOLDER), 3, precision)
    whole = {name for name, array in arrays.items() if array.dtype == numpy.int8}
    assert len(whole) == matrices
    assert all(int(numpy.abs(arrays[name]).max()) == 63 for name in whole)
    assert not [name for name in arrays if name.startswith(("layers.3", "layers.4", "layers.5", "exits.6"))]
    assert sum(map(is_layer_matrix, arrays)) == 18 - matrices


def test_reading_needs_no_torch() -> None:
    """A process that only reads passages does not wait for torch to be imported."""
    program = """
import sys
from tradespace.components.encoders import SpanReader
assert SpanReader(3, "int8").read("When?", ["In 1932."])[0].text
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_damaged_graph_is_named(tmp_path: Path) -> None:
    """Of a file that is cut short, the error says which it is and what to do."""
    file = tmp_path / "graph.onnx"
    file.write_bytes(graph_file(3, "fp32").read_bytes()[:5000])
    with pytest.raises(ComponentError, match=r"graph\.onnx must be the graph of the network.*reinstall tradespace"):
        Graph(file, {})
