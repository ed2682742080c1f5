"""Is ONNX Runtime faster than PyTorch here? Both side by side, fp32 and int8, on one thread and the same batch.

    pip install onnx onnxruntime && python -m training.reader.onnx_trial

The package runs PyTorch alone; this is the measurement behind that choice.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy
import torch
from torch import Tensor, nn

from tradespace.components.encoders.engine import torch_runner
from tradespace.components.encoders.inputs import Batch
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.reader import READER_FOLDER
from tradespace.components.encoders.weights import load_network

NAMES = ["tokens", "segments", "mask"]


class _SixLayers(nn.Module):
    """The network with the exit fixed, as the exporter needs it."""

    def __init__(self, network: ReadingNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, tokens: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        [(logits, relevance)] = self.network(tokens, segments, mask, (6,))
        return logits, relevance


def _batch(rows: int = 5, length: int = 160, question: int = 14) -> Batch:
    tokens = numpy.random.default_rng(0).integers(1000, 20000, (rows, length))
    segments = numpy.broadcast_to(numpy.arange(length) >= question, (rows, length)).astype(numpy.int64)
    return Batch(tokens, segments, numpy.ones_like(tokens))


def _onnx_runs(network: ReadingNetwork, batch: Batch, folder: Path) -> dict[str, Callable[[], object]]:
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain, rounded = folder / "fp32.onnx", folder / "int8.onnx"
    inputs = tuple(torch.from_numpy(getattr(batch, name)) for name in NAMES)
    torch.onnx.export(_SixLayers(network), inputs, plain, dynamo=False, input_names=NAMES, opset_version=17)
    quantize_dynamic(plain, rounded, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    feed = {name: getattr(batch, name) for name in NAMES}
    sessions = {path.stem: onnxruntime.InferenceSession(path, options) for path in (plain, rounded)}
    return {f"ONNX Runtime {name}": partial(session.run, None, feed) for name, session in sessions.items()}


def main() -> None:
    torch.set_num_threads(1)
    network, batch = load_network(READER_FOLDER), _batch()
    fp32, int8 = torch_runner(network, 6, "fp32"), torch_runner(network, 6, "int8")
    runs: dict[str, Callable[[], object]] = {"PyTorch fp32": lambda: fp32(batch), "PyTorch int8": lambda: int8(batch)}
    with tempfile.TemporaryDirectory() as folder:
        runs |= _onnx_runs(network, batch, Path(folder))
        seconds: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(15):
            for name, run in runs.items():
                begun = time.process_time()
                run()
                seconds[name].append(time.process_time() - begun)
    base = float(numpy.median(seconds["PyTorch fp32"]))
    print("| runtime | ratio of median CPU time |\n|---|---|")
    for name, values in seconds.items():
        print(f"| {name} | {float(numpy.median(values)) / base:.2f} |")


if __name__ == "__main__":
    main()
