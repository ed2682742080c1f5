"""Which runtime, and which way to 8-bit integers? All side by side, on one thread and one pair at a time.

    python -m training.reader.runtimes

Writes its table into docs/models.md. The pairs are the Wikipedia paragraphs that the contract tests use.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from pathlib import Path
from typing import get_args

import numpy
import torch
from torch import nn

from tradespace.components.encoders import Precision, onnxruntime_runner, torch_runner
from tradespace.components.encoders.base import tokenizer
from tradespace.components.encoders.engine import Runner
from tradespace.components.encoders.inputs import TokenRow, pieces, row
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.reader import READER_FOLDER
from tradespace.components.encoders.weights import load_network
from tradespace.testing.paragraphs import documents, questions
from training.document import PAGE, insert


def _rows(count: int) -> list[TokenRow]:
    reader = tokenizer()
    pairs = zip(questions()[:count], documents(), strict=False)
    return [row(pieces(reader, question.text).tokens, pieces(reader, other.text).tokens) for question, other in pairs]


def _dynamic(network: ReadingNetwork) -> ReadingNetwork:
    """PyTorch's own dynamic quantisation: one scale for all tokens that are read together."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rounded: ReadingNetwork = torch.ao.quantization.quantize_dynamic(network, {nn.Linear}, dtype=torch.qint8)  # type: ignore[no-untyped-call]
    return rounded


def _table(runners: dict[str, Runner], rows: list[TokenRow], rounds: int) -> str:
    """CPU time per pair and how far the logits are from the first runner's."""
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    errors: dict[str, list[float]] = {name: [] for name in runners}
    for place, pair in enumerate(rows * rounds):
        [(wanted, _)] = next(iter(runners.values()))([pair])
        for name, run in runners.items():
            begun = time.process_time()
            [(logits, _)] = run([pair])
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
    os.environ["OMP_NUM_THREADS"] = "1"
    network, rows = load_network(READER_FOLDER), _rows(arguments.pairs)
    runners = {
        f"{title}, {precision}": module.runner(READER_FOLDER, 6, precision)
        for title, module in (("PyTorch", torch_runner), ("ONNX Runtime", onnxruntime_runner))
        for precision in get_args(Precision)
    }
    runners["PyTorch's own dynamic int8 (not shipped)"] = torch_runner.network_runner(_dynamic(network), 6)
    table = _table(runners, rows, arguments.rounds)
    insert(arguments.page, "runtimes", table)
    print(table)


if __name__ == "__main__":
    main()
