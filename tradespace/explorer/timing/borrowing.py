"""Seconds of questions whose calls are not made yet, and cannot be foretold: those of other questions stand for them.

How much a language model writes is known only when it has written. Until then a question borrows the seconds of one
whose calls of the same stage setting are known, whatever pipeline made them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from zlib import crc32

import numpy as np

from tradespace.components.base import Component, Pipeline
from tradespace.explorer.timing.latency_model import ENOUGH
from tradespace.explorer.timing.stage_seconds import PipelineSeconds, Seconds


def with_borrowed(foretold: Mapping[Pipeline, PipelineSeconds]) -> dict[Pipeline, PipelineSeconds]:
    """Fill what is NaN, where at least `ENOUGH` questions of the same stage setting are known."""
    lent: defaultdict[Component, set[float]] = defaultdict(set)
    for pipeline, taken in foretold.items():
        for stage, row in taken.seconds.items():
            lent[pipeline.stages[stage]].update(value for value in row if value is not None and math.isfinite(value))
    return {pipeline: _with_borrowed(pipeline, taken, lent) for pipeline, taken in foretold.items()}


def _with_borrowed(
    pipeline: Pipeline, taken: PipelineSeconds, lent: Mapping[Component, Collection[float]]
) -> PipelineSeconds:
    columns = zip(*taken.seconds.values(), strict=True)
    unknown = sum(any(value is not None and math.isnan(value) for value in column) for column in columns)
    if not unknown:
        return taken
    filled = {stage: _filled(stage, row, sorted(lent[pipeline.stages[stage]])) for stage, row in taken.seconds.items()}
    return replace(taken, seconds=filled, borrowed=unknown)


def _filled(stage: str, row: Seconds, lent: Sequence[float]) -> Seconds:
    """What is NaN, filled in evenly with what is lent, in an order of the stage's own: the values of the questions are
    then spread as those lent are, and two stages are not slow together."""
    gaps = [place for place, value in enumerate(row) if value is not None and math.isnan(value)]
    if len(lent) < ENOUGH:
        return row
    filled = list(row)
    for number, gap in enumerate(np.random.default_rng(crc32(stage.encode())).permutation(len(gaps)).tolist()):
        filled[gaps[gap]] = lent[int((number + 0.5) / len(gaps) * len(lent))]
    return tuple(filled)
