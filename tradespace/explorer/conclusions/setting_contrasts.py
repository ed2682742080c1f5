"""Which settings matter: what changing one of them does while nothing else changes.

Pipelines that differ in one setting alone are compared question by question. That holds of the pipelines that were
explored: where the effect of a setting depends on the others, it is the mean over those that were tried.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.figures import figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.conclusions.settings_table import SettingsTable, ValuePair
from tradespace.search_space.goals import Goals


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


def _contrast(pair: ValuePair, gain: Estimate, longer: float) -> SettingContrast:
    """The pair, from the worse value to the better one."""
    worse, better = pair.one, pair.other
    if (gain.value or 0.0) < 0:
        worse, better, gain, longer = better, worse, _turned(gain), -longer
    known = longer if math.isfinite(longer) else None
    return SettingContrast(pair.setting, worse, better, pair.values, pair.contexts, gain, known)


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
