"""How far the recommended pipeline's figure fell on questions that had no say in choosing it.

A threshold that was fitted looks better on the questions that fitted it than it is. Between these and the confirm
questions stands the cross-fitted figure: the explore questions again, each judged by the threshold that all other folds
choose (`tradespace.evals.cross_fit`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from statistics import fmean

import numpy as np

from tradespace.evals.cross_fit import cross_fit
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.results import QuestionSet
from tradespace.plurals import count
from tradespace.reports.words import listed, measure_name, quantity

THRESHOLDS = ("accept", "decline_below", "route_below", "level", "sure_from", "hard_from")
"""Settings by which pipelines decide, question by question, whether to go on."""
_SETTING = re.compile(rf"\b({'|'.join(THRESHOLDS)})=[-+.\w]+(?:, )?")
THRESHOLD_FOLDS = 10


@dataclass(frozen=True, slots=True)
class FallInfo:
    """The first objective of the recommended pipeline, before and after, over questions that it has a score of.

    Attributes:
        explored: on the questions that chose the pipeline.
        confirmed: on those that did not.
        thresholds: settings that differ between it and explored pipelines that are otherwise the same; `tried` counts
            these, itself included.
        cross_fitted: what choosing among these gives on the explore questions; None where there is nothing to choose,
            or what was chosen has no score.
        raw: whether both are as a judge scored, though the confirmed one is known corrected.
    """

    measure: str
    explored: float
    confirmed: float
    thresholds: tuple[str, ...] = ()
    tried: int = 1
    cross_fitted: float | None = None
    raw: bool = False


def fall_info(conclusion: Conclusion) -> FallInfo | None:
    """Compare the figures; None where the recommendation is not confirmed."""
    chosen = conclusion.recommended
    if chosen is None or chosen.evaluation.question_set is not QuestionSet.CONFIRM or not conclusion.primary.maximize:
        return None
    measure, pipeline = conclusion.primary.measure, chosen.evaluation.pipeline
    explored = [point.evaluation for point in conclusion.points]
    family = [
        evaluation for evaluation in explored if without_thresholds(evaluation.pipeline) == without_thresholds(pipeline)
    ]
    own = [row for row, evaluation in enumerate(family) if evaluation.pipeline == pipeline]
    confirmed = chosen.as_judged(measure)
    if not own or confirmed is None:
        return None
    scores = Cohort(tuple(family)).values(measure)
    scores = scores[:, ~np.isnan(scores).all(axis=0)]
    before, after = float(_means(scores)[own[0]]), confirmed.value or 0.0
    if before == -np.inf:
        return None
    names = tuple(dict.fromkeys(name for evaluation in family for name in _SETTING.findall(evaluation.pipeline)))
    if len(family) < 2 or scores.shape[1] < THRESHOLD_FOLDS:
        return FallInfo(measure, before, after, raw=measure in chosen.raw)
    fitted = _cross_fitted(scores)
    return FallInfo(measure, before, after, names, len(family), fitted, raw=measure in chosen.raw)


def without_thresholds(pipeline: str) -> str:
    """A pipeline's notation but for its thresholds.

    >>> without_thresholds("cascade(first=a(level=0.9), accept=0.5)")
    'cascade(first=a())'
    """
    return _SETTING.sub("", pipeline).replace(", )", ")")


def _means(scores: Floats) -> Floats:
    """The mean of each row over the questions that it has a score of; minus infinity where it has none."""
    known = ~np.isnan(scores)
    counts = known.sum(axis=1)
    return np.where(counts, np.where(known, scores, 0.0).sum(axis=1) / np.maximum(counts, 1), -np.inf)


def _cross_fitted(scores: Floats) -> float | None:
    """Mean over questions (columns) of the row that the questions of other folds prefer; None where these have no
    score."""

    def choose(questions: Sequence[int]) -> int:
        return int(np.argmax(_means(scores[:, list(questions)])))

    def evaluate(row: int, questions: Sequence[int]) -> list[float]:
        return [float(scores[row, question]) for question in questions]

    values = cross_fit(choose, evaluate, scores.shape[1], THRESHOLD_FOLDS).values
    known = [value for value in values if not isnan(value)]
    return fmean(known) if known else None


def fall_sentence(info: FallInfo) -> str:
    """Say how far it fell, or rose."""
    explored, confirmed = (quantity(figure, info.measure) for figure in (info.explored, info.confirmed))
    change = quantity(abs(info.explored - info.confirmed), info.measure)
    moved = "fell by" if info.confirmed < info.explored else "rose by"
    measure = f"{'raw ' if info.raw else ''}{measure_name(info.measure)}"
    sentence = f"On the explore questions, which chose it, its {measure} is {explored}; confirmed it is "
    sentence += f"{confirmed}: it {moved} {change}." if explored != confirmed else f"{confirmed} too."
    if info.cross_fitted is None:
        return sentence
    return (
        f"{sentence} Its {listed(info.thresholds)} was chosen from {count(info.tried, 'setting')}: chosen on nine "
        "tenths of the explore questions and judged on the rest, they give "
        f"{quantity(info.cross_fitted, info.measure)}."
    )
