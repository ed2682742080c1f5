"""The settings of pipelines, taken from their notation, and which pipelines differ in one of them alone."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np

from tradespace.explorer.arrays import Floats, Integers
from tradespace.syntax import parse_expression

ABSENT = "none"
"""What fills a stage that a pipeline does not have."""
BY_DEFAULT = "default"
"""The value of a setting that a notation leaves out."""
COMPARED_VALUES = 12
"""Values of one setting that are compared with each other: those that most pipelines have."""
COMPARED_CONTEXTS = 500
"""Choices of the other settings in which two values are compared at most, evenly spread over all."""


def settings_of(stages: Mapping[str, str]) -> dict[str, str]:
    """All settings of a pipeline by the way to them, given the notation of the component in each stage.

    >>> settings_of({"retrieve": "bm25(top_k=5)", "generate": "llm(model=tiny(size=2))"})
    {'retrieve': 'bm25', 'retrieve.top_k': '5', 'generate': 'llm', 'generate.model': 'tiny', 'generate.model.size': '2'}
    """
    return {f"{stage}{way}": value for stage, notation in stages.items() for way, value in _settings(notation)}


@dataclass(frozen=True)
class ValuePair:
    """Two values of a setting, and how they are compared over pipelines.

    Attributes:
        values: how many values of the setting were tried where nothing else differs.
        contexts: how many choices of the other settings both were tried with.
        rows: pipelines with one of the values, in such a choice.
        weights: of these rows: summed up, they give by how much `other` has more than `one`, in the mean over the
            choices of the other settings.
    """

    setting: str
    one: str
    other: str
    values: int
    contexts: int
    rows: Integers
    weights: Floats

    def difference(self, values: Floats) -> Floats:
        """By how much `other` has more than `one`, for each column of values of shape (pipelines, columns); NaN where
        a value is missing."""
        return np.asarray(self.weights @ values[self.rows])


@dataclass(frozen=True)
class SettingsTable:
    """The settings of pipelines, one row for each, given the notations of their stages."""

    stages: tuple[Mapping[str, str], ...]

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """The settings of each pipeline."""
        return [settings_of(stages) for stages in self.stages]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All settings that are not the same everywhere, in the order in which they occur."""
        every = dict.fromkeys(name for row in self.rows for name in row)
        return tuple(name for name in every if len(set(self._column(name))) > 1)

    def pairs(self, setting: str) -> Iterator[ValuePair]:
        """All pairs of values that were tried with the same choice of all other settings."""
        groups = [group for group in self._groups(setting) if len(group) > 1]
        tried = Counter(value for group in groups for value, rows in group.items() for _ in rows)
        kept = [value for value, _ in tried.most_common(COMPARED_VALUES)]
        for one, other in combinations(kept, 2):
            shared = [(group[one], group[other]) for group in groups if one in group and other in group]
            compared = shared[:: math.ceil(len(shared) / COMPARED_CONTEXTS) or 1]
            if compared:
                rows, weights = _weighted(compared)
                yield ValuePair(setting, one, other, len(tried), len(compared), rows, weights)

    def _groups(self, setting: str) -> list[dict[str, list[int]]]:
        """The rows that agree in all other settings, by their value of this one. What only one of two components has
        is no other setting: pipelines that differ in it are taken together."""
        others = [name for name in self.names if name != setting and not self._depends(name, setting)]
        values = self._column(setting)
        keys = list(zip(*(self._codes[name] for name in others), strict=True)) if others else [()] * len(values)
        groups: dict[tuple[int, ...], dict[str, list[int]]] = {}
        for row, (key, value) in enumerate(zip(keys, values, strict=True)):
            groups.setdefault(key, {}).setdefault(value, []).append(row)
        return list(groups.values())

    def _depends(self, name: str, setting: str) -> bool:
        """Whether a setting is one of the component that another setting chooses, and of that component alone."""
        if not name.startswith(f"{setting}."):
            return False
        return len({value for value, row in zip(self._column(setting), self.rows, strict=True) if name in row}) < 2

    @cached_property
    def _codes(self) -> dict[str, list[int]]:
        """A number for each value of each setting, row by row."""
        return {name: _numbered(self._column(name)) for name in self.names}

    def _column(self, name: str) -> list[str]:
        absent = BY_DEFAULT if "." in name else ABSENT
        return [row.get(name, absent) for row in self.rows]


def _numbered(values: Sequence[str]) -> list[int]:
    numbers: dict[str, int] = {}
    return [numbers.setdefault(value, len(numbers)) for value in values]


def _weighted(contexts: Sequence[tuple[list[int], list[int]]]) -> tuple[Integers, Floats]:
    """The rows of both values in each context, and weights that make a mean of differences of their means."""
    rows: list[int] = []
    weights: list[float] = []
    for pair in contexts:
        for some, sign in zip(pair, (-1.0, 1.0), strict=True):
            rows += some
            weights += [sign / (len(some) * len(contexts))] * len(some)
    return np.array(rows, dtype=np.intp), np.array(weights)


@lru_cache(maxsize=4096)
def _settings(notation: str) -> tuple[tuple[str, str], ...]:
    """The name of a component under the empty way, and its settings by theirs; text that is no notation as it is."""
    try:
        return tuple(_flat("", parse_expression(notation)))
    except (SyntaxError, ValueError):
        return (("", notation),)


def _flat(way: str, tree: ast.expr) -> Iterator[tuple[str, str]]:
    if not isinstance(tree, ast.Call):
        yield way, ast.unparse(tree)
        return
    yield way, ast.unparse(tree.func)
    for place, argument in enumerate(tree.args):
        yield from _flat(f"{way}.{place}", argument)
    for keyword in tree.keywords:
        yield from _flat(f"{way}.{keyword.arg}", keyword.value)
