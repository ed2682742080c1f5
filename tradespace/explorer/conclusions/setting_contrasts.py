"""Which settings matter: what changing one of them does while nothing else changes.

Pipelines that differ in one setting alone are compared question by question. That holds of the pipelines that were
explored: where the effect of a setting depends on the others, it is the mean over those that were tried.
"""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np

from tradespace.evals.figures import figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.points import Point
from tradespace.search_space.goals import Goals
from tradespace.syntax import parse_expression

ABSENT = "none"
"""What fills a stage that a pipeline does not have."""
BY_DEFAULT = "default"
"""The value of a setting that a notation leaves out."""
COMPARED_VALUES = 12
"""Values of one setting that are compared with each other: those that most pipelines have."""


@dataclass(frozen=True, slots=True)
class SettingContrast:
    """What one setting does, by those two of its values that are furthest apart in the first objective.

    Attributes:
        setting: the way to it, such as `retrieve.top_k`; a stage, or a setting that is a component, stands for the
            choice of that component.
        worse, better: the two values.
        values: how many values were tried where nothing else differs.
        contexts: how many choices of all other settings both values were tried with.
        gain: by how much the better is better in the first objective, in the mean over these, paired over questions.
            The intervals of all pairs of values, of all settings, hold at once: so they hold for those that are chosen
            from these.
        seconds: by how much its judged latency is longer, in the same mean; None where that is not known.
    """

    setting: str
    worse: str
    better: str
    values: int
    contexts: int
    gain: Estimate
    seconds: float | None

    @property
    def shown(self) -> bool:
        """Whether the two can be told apart: the interval excludes 0."""
        return (self.gain.low or 0.0) > 0


def setting_contrasts(points: Sequence[Point], goals: Goals) -> tuple[SettingContrast, ...]:
    """Compare the values of each setting over explored pipelines, the setting that matters most first.

    Nothing is said of a setting of which no two values were tried with the same others, nor by a first objective that
    is not compared question by question: its intervals would not be honest.
    """
    summary = figure_of(goals.primary.measure).summary
    if not points or not goals.primary.is_score or not summary.paired:
        return ()
    table = SettingsTable(tuple(point.evaluation.stages for point in points))
    pairs = [pair for setting in table.names for pair in table.pairs(setting)]
    scores = Cohort(tuple(point.evaluation for point in points)).values(goals.primary.measure)
    if not pairs or not scores.shape[1]:
        return ()
    scores = scores if goals.primary.maximize else -scores
    seconds = np.array([[point.figures.get(goals.latency)] for point in points], dtype=np.float64)
    differences = np.stack([pair.difference(scores) for pair in pairs])
    gains = summary.differences(differences.tolist(), [0.0] * differences.shape[1])
    longer = [float(pair.difference(seconds)[0]) for pair in pairs]
    return _furthest_apart([_contrast(*each) for each in zip(pairs, gains, longer, strict=True)])


def settings_of(stages: Mapping[str, str]) -> dict[str, str]:
    """All settings of a pipeline by the way to them, given the notation of the component in each stage.

    >>> settings_of({"retrieve": "bm25(top_k=5)", "generate": "llm(model=tiny(size=2))"})
    {'retrieve': 'bm25', 'retrieve.top_k': '5', 'generate': 'llm', 'generate.model': 'tiny', 'generate.model.size': '2'}
    """
    return {f"{stage}{way}": value for stage, notation in stages.items() for way, value in _settings(notation)}


@dataclass(frozen=True)
class ValuePair:
    """Two values of a setting, and for each choice of the others that both were tried with, the rows of both."""

    setting: str
    one: str
    other: str
    values: int
    rows: tuple[tuple[Integers, Integers], ...]

    def difference(self, values: Floats) -> Floats:
        """By how much `other` has more than `one`, in the mean over the choices of the other settings, for each column
        of values of shape (rows, columns); NaN where a value is missing."""
        return np.mean([values[other].mean(axis=0) - values[one].mean(axis=0) for one, other in self.rows], axis=0)


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
            rows = tuple((group[one], group[other]) for group in groups if one in group and other in group)
            if rows:
                yield ValuePair(setting, one, other, len(tried), rows)

    def _groups(self, setting: str) -> list[dict[str, Integers]]:
        """The rows that agree in all other settings, by their value of this one. What only one of two components has
        is no other setting: pipelines that differ in it are taken together."""
        others = [name for name in self.names if name != setting and not self._depends(name, setting)]
        values = self._column(setting)
        keys = list(zip(*(self._codes[name] for name in others), strict=True)) if others else [()] * len(values)
        groups: dict[tuple[int, ...], dict[str, list[int]]] = {}
        for row, (key, value) in enumerate(zip(keys, values, strict=True)):
            groups.setdefault(key, {}).setdefault(value, []).append(row)
        return [{value: np.array(rows, dtype=np.intp) for value, rows in group.items()} for group in groups.values()]

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


def _contrast(pair: ValuePair, gain: Estimate, longer: float) -> SettingContrast:
    """The pair, from the worse value to the better one."""
    worse, better = pair.one, pair.other
    if (gain.value or 0.0) < 0:
        worse, better, gain, longer = better, worse, _turned(gain), -longer
    known = longer if math.isfinite(longer) else None
    return SettingContrast(pair.setting, worse, better, pair.values, len(pair.rows), gain, known)


def _turned(estimate: Estimate) -> Estimate:
    low, value, high = (None if end is None else -end for end in (estimate.high, estimate.value, estimate.low))
    return Estimate(value, low, high, estimate.n, estimate.missing)


def _furthest_apart(contrasts: Sequence[SettingContrast]) -> tuple[SettingContrast, ...]:
    """One for each setting, the largest first."""
    found: dict[str, SettingContrast] = {}
    for each in sorted(contrasts, key=lambda each: -(each.gain.value or 0.0)):
        if each.gain.value is not None:
            found.setdefault(each.setting, each)
    return tuple(found.values())


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
