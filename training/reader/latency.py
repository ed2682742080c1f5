"""Latency of the variants side by side: each question goes through all in turn, so that load hits all alike."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import get_args

import numpy

from tradespace.components.encoders.engine import Precision
from tradespace.components.encoders.reader import SpanReader
from training.reader.corpora import Question


def latency_table(
    weights: Path, questions: Sequence[Question], candidates: Sequence[Sequence[str]], count: int = 30, read: int = 5
) -> str:
    """Median time of reading `read` passages with each variant, as ratios to six layers in fp32, in Markdown.

    Timed is the process's own CPU time on one thread: it leaves out what other processes do to the clock on the wall.
    """
    variants: list[tuple[int, Precision]] = list(product((6, 3), get_args(Precision)))
    readers = {
        (layers, precision): SpanReader(layers, precision, folder=weights)  # type: ignore[arg-type]
        for layers, precision in variants
    }
    seconds: dict[tuple[int, Precision], list[float]] = {variant: [] for variant in variants}
    for question, passages in list(zip(questions, candidates, strict=True))[:count]:
        for variant, reader in readers.items():
            begun = time.process_time()
            reader.read(question.text, passages[:read])
            seconds[variant].append(time.process_time() - begun)
    base = float(numpy.median(seconds[variants[0]]))
    lines = ["| layers | precision | median CPU ms | ratio |", "|---|---|---|---|"]
    for (layers, precision), values in seconds.items():
        median = float(numpy.median(values))
        lines.append(f"| {layers} | {precision} | {1000 * median:.0f} | {median / base:.2f} |")
    return "\n".join([f"#### Latency of reading {read} passages, one thread", "", *lines, ""])
