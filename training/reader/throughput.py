"""Seconds to load, and pairs per second: one pair on each core, as shipped, beside batches that all cores share.

    python -m training.reader.throughput

The pairs are the Wikipedia paragraphs that the contract tests use. The ways take turns: load hits all alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import get_args

import torch

from tradespace.components.encoders import Layers, Precision, Runtime, SpanReader
from tradespace.components.encoders.base import tokenizer
from tradespace.components.encoders.inputs import pad, pieces, row
from tradespace.components.encoders.network import ReadingNetwork
from tradespace.components.encoders.reader import READER_FOLDER
from tradespace.components.encoders.weights import load_network
from tradespace.testing.paragraphs import documents, questions

Pairs = list[tuple[str, str]]


def in_batches(network: ReadingNetwork, layers: int, pairs: Pairs, size: int) -> None:
    """Batches of like length, padded, each split among the cores inside of every operation."""
    reader = tokenizer()
    rows = [row(pieces(reader, question).tokens, pieces(reader, other).tokens) for question, other in pairs]
    rows.sort(key=lambda each: len(each.tokens))
    with torch.inference_mode():
        for first in range(0, len(rows), size):
            batch = pad(rows[first : first + size])
            network(*(torch.from_numpy(each) for each in (batch.tokens, batch.segments, batch.mask)), (layers,))


def main(rounds: int = 3) -> None:
    pairs = [(question.text, document.text) for question, document in zip(questions(), documents(), strict=False)]
    for precision, runtime in product(get_args(Precision), get_args(Runtime)):
        begun = time.perf_counter()
        SpanReader(6, precision, runtime)
        print(f"Loading {precision} in {runtime}, torch imported before: {time.perf_counter() - begun:.2f} s")
    network = load_network(READER_FOLDER)
    ways: dict[str, Callable[[], object]] = {}
    for layers in get_args(Layers):
        for size in (1, 8):
            ways[f"{layers} layers, fp32, batches of {size}"] = partial(in_batches, network, layers, pairs, size)
        for precision, runtime in product(get_args(Precision), get_args(Runtime)):
            reader = SpanReader(layers, precision, runtime)
            ways[f"{layers} layers, {precision} in {runtime}, one pair on each core"] = partial(
                reader.read_pairs, pairs
            )
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - begun)
    print(f"| {len(pairs)} pairs, {torch.get_num_threads()} cores | pairs/s |\n|---|---|")
    for name, values in seconds.items():
        print(f"| {name} | {len(pairs) / min(values):.0f} |")


if __name__ == "__main__":
    main()
