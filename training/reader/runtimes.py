"""Which runtime, and which way to 8-bit integers? All side by side, on one thread and one pair at a time.

    pip install onnx onnxruntime && python -m training.reader.runtimes

The package runs PyTorch alone, with a scale for each token in int8; this is the measurement behind both choices. It
writes its table into docs/models.md. The pairs are the Wikipedia paragraphs that the contract tests use.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path

import numpy
import torch
from torch import Tensor, nn

from tradespace.components.encoders.base import tokenizer
from tradespace.components.encoders.engine import Runner, torch_runner
from tradespace.components.encoders.inputs import Row, pad, pieces, row
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.quantised import quantised
from tradespace.components.encoders.reader import READER_FOLDER
from tradespace.components.encoders.weights import load_network
from tradespace.testing.paragraphs import documents, questions
from training.document import PAGE, insert

NAMES = ["tokens", "segments", "mask"]


class _SixLayers(nn.Module):
    """The network with the exit fixed, as the exporter needs it."""

    def __init__(self, network: ReadingNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        [(logits, relevance)] = self.network(tokens, segments, mask, (6,))
        return logits, relevance


def _rows(count: int) -> list[Row]:
    reader = tokenizer()
    pairs = zip(questions()[:count], documents(), strict=False)
    return [row(pieces(reader, one.text).tokens, pieces(reader, other.text).tokens) for one, other in pairs]


def _dynamic(network: ReadingNetwork) -> ReadingNetwork:
    """PyTorch's own dynamic quantisation: one scale for all tokens that are read together."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rounded: ReadingNetwork = torch.ao.quantization.quantize_dynamic(network, {nn.Linear}, dtype=torch.qint8)  # type: ignore[no-untyped-call]
    return rounded


def _onnx_runners(network: ReadingNetwork, example: Row, folder: Path) -> dict[str, Runner]:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain, rounded = folder / "fp32.onnx", folder / "int8.onnx"
    inputs = tuple(torch.from_numpy(getattr(pad([example]), name)) for name in NAMES)
    lengths = {name: {1: "length"} for name in [*NAMES, "logits"]}
    torch.onnx.export(
        _SixLayers(network),
        inputs,
        plain,
        dynamo=False,
        input_names=NAMES,
        output_names=["logits", "relevance"],
        dynamic_axes=lengths,
        opset_version=17,
    )
    quantize_dynamic(plain, rounded, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"])
    return {f"ONNX Runtime {path.stem}": _onnx_runner(path) for path in (plain, rounded)}


def _onnx_runner(path: Path) -> Runner:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)

    def run(given: Row) -> tuple[numpy.ndarray, float]:
        batch = pad([given])
        logits, relevance = session.run(None, {name: getattr(batch, name) for name in NAMES})
        return logits[0], float(relevance[0])

    return run


def _table(runners: dict[str, Runner], rows: list[Row], rounds: int) -> str:
    """CPU time per pair and how far the logits are from the first runner's."""
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    errors: dict[str, list[float]] = {name: [] for name in runners}
    for place, given in enumerate(rows * rounds):
        wanted, _ = next(iter(runners.values()))(given)
        for name, run in runners.items():
            begun = time.process_time()
            logits, _ = run(given)
            seconds[name].append(time.process_time() - begun)
            if place < len(rows):
                errors[name].append(float(numpy.abs(logits - wanted).mean()))
    base = numpy.median(seconds[next(iter(runners))])
    lines = ["| runtime | ratio of median CPU time | mean error of a logit |", "|---|---|---|"]
    for name, values in seconds.items():
        lines.append(f"| {name} | {numpy.median(values) / base:.2f} | {numpy.mean(errors[name]):.3f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", type=Path, default=PAGE)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network, rows = load_network(READER_FOLDER), _rows(arguments.pairs)
    runners = {
        "PyTorch fp32": torch_runner(network, 6),
        "PyTorch int8, a scale per token (shipped)": torch_runner(quantised(network), 6),
        "PyTorch int8, its own dynamic quantisation": torch_runner(_dynamic(network), 6),
    }
    with tempfile.TemporaryDirectory() as folder:
        table = _table(runners | _onnx_runners(network, rows[0], Path(folder)), rows, arguments.rounds)
    insert(arguments.page, "runtimes", table)
    print(table)


if __name__ == "__main__":
    main()
