"""Settings of pipelines as numbers, so that alike settings have a large inner product."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Floats, Integers
from tradespace.search_space.domains import Chosen, Domain, Drawn
from tradespace.search_space.space import PipelineSpace

KNOTS = 5
MOST_ONE_HOT = 12


class SettingsFeatures:
    """The choices that make each pipeline, as a vector of blocks of unit length, one for each choice.

    A choice from a list is one-hot. A number from a long or endless range is spread over the two nearest of five knots,
    so that near numbers are alike. So the inner product of two pipelines is the number of choices they agree in.
    """

    def __init__(self, space: PipelineSpace) -> None:
        self.space = space
        self._columns: dict[tuple[str, Any], int] = {}
        self._owners: dict[str, int] = {}

    def __call__(self, pipelines: Sequence[Pipeline]) -> Floats:
        """Of shape (pipelines, columns). There may be more columns than there were the last time, on the right."""
        entries = [self._entries(pipeline) for pipeline in pipelines]
        features = np.zeros((len(pipelines), len(self._columns)))
        for row, weights in enumerate(entries):
            for column, weight in weights:
                features[row, column] = weight
        return features

    @property
    def owners(self) -> Integers:
        """A number for the setting of each column, of shape (columns)."""
        return np.array([self._owners.setdefault(path, len(self._owners)) for path, _ in self._columns], dtype=np.intp)

    def _entries(self, pipeline: Pipeline) -> list[tuple[int, float]]:
        choices = self.space.choices(pipeline) or {}
        return [
            (self._columns.setdefault((path, level), len(self._columns)), weight)
            for path, (domain, value) in choices.items()
            for level, weight in _levels(domain, value)
        ]


def _levels(domain: Domain, value: Any) -> list[tuple[Any, float]]:
    """The levels of a choice with their weights, of which the squares sum to 1."""
    if isinstance(domain, Chosen) or (domain.size is not None and domain.size <= MOST_ONE_HOT):
        return [(repr(value), 1.0)]
    lower, weight = divmod(_share(domain, value) * (KNOTS - 1), 1)
    length = math.hypot(weight, 1 - weight)
    return [(f"knot {int(lower)}", (1 - weight) / length), (f"knot {int(lower) + 1}", weight / length)]


def _share(domain: Drawn, value: float) -> float:
    """How far along its range a number is, from 0 to 1."""
    low, high, at = (math.log(each) if domain.log else float(each) for each in (domain.low, domain.high, value))
    return (at - low) / (high - low)
