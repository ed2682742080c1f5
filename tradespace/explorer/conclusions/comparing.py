"""Two studies, before and after a change of model, host or data: what moved beyond noise. A pure function of both.

Pipelines are compared on the questions that both studies asked, question by question. All intervals of a comparison
hold at once, half of the error for those on confirm questions, which are few, and half for those on explore questions:
so with 95 % confidence nothing is named that did not move. What a judge scored is compared as it is, uncorrected.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.figures import Kind, figure_of
from tradespace.evals.simultaneous import linearised, row_differences
from tradespace.evals.statistics import CONFIDENCE, DIFFERENCES, Estimate, Range
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.better_than_observed import SettingChange, setting_changes
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.conclusions.judging import Finalist, includes_zero
from tradespace.explorer.conclusions.matching import (
    MatchedPipelines,
    PipelinePair,
    QuestionPlaces,
    common_questions,
    match_pipelines,
)
from tradespace.explorer.results import Evaluation, QuestionSet, Results

COMPARED_AT_ONCE = 1000
"""Rows that are resampled at once, at most."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure of one pipeline, before and after, on the questions that both studies asked.

    Attributes:
        pipeline: its notation after; `was` is that before, which is another where something was replaced.
        before, after: the figure; NaN where it is not known.
        difference: after less before, in the mean over the questions, whatever the figure is: so of a p95, too.
    """

    pipeline: str
    was: str
    measure: str
    question_set: QuestionSet
    before: float
    after: float
    difference: Estimate

    @property
    def moved(self) -> bool:
        """Whether it moved beyond noise."""
        return self.difference.value is not None and not includes_zero(self.difference)


@dataclass(frozen=True, slots=True)
class FigureShift:
    """One figure of all pipelines together.

    Attributes:
        pipelines: how many have it before and after.
        difference: the change in the mean over questions and pipelines, paired over questions.
        ratio: how many times the figure before the one after is, in the median over pipelines; None where that is not
            known.
        rose, fell: pipelines whose figure moved beyond noise.
    """

    measure: str
    question_set: QuestionSet
    pipelines: int
    difference: Estimate
    ratio: float | None
    rose: int
    fell: int


@dataclass(frozen=True, slots=True)
class RecommendationChange:
    """The pipelines that were recommended before and after; None where there was none.

    Attributes:
        settings: what differs between them.
        figures: the one after beside the one before, on the questions that both studies asked; empty where there are
            none, or one of the pipelines is missing.
    """

    before: Finalist | None
    after: Finalist | None
    settings: tuple[SettingChange, ...] = ()
    figures: tuple[FigureChange, ...] = ()

    @property
    def same(self) -> bool:
        """Whether it is one pipeline, by its notation."""
        return self.before is not None and self.after is not None and not self.settings


@dataclass(frozen=True, slots=True)
class StudyComparison:
    """What became of a study.

    Attributes:
        before, after: what each found.
        concluded: what follows from it, before and after.
        questions: how many both asked, by split.
        matched: pipelines, by split.
        changes: of each matched pipeline and each figure that both have, on those questions; by split.
        shifts: of each such figure, by split.
        recommendation: what is recommended.
    """

    before: Results
    after: Results
    concluded: tuple[Conclusion, Conclusion]
    questions: Mapping[QuestionSet, int]
    matched: Mapping[QuestionSet, MatchedPipelines]
    changes: Mapping[QuestionSet, tuple[FigureChange, ...]]
    shifts: tuple[FigureShift, ...]
    recommendation: RecommendationChange

    @property
    def basis(self) -> QuestionSet:
        """The questions that most is to be believed of: the confirm questions, where some were asked by both."""
        return QuestionSet.CONFIRM if self.changes[QuestionSet.CONFIRM] else QuestionSet.EXPLORE


def compare_studies(before: Results, after: Results) -> StudyComparison:
    """Compare two studies, each under its own goals: by the figures that both have."""
    concluded = (conclude(before), conclude(after))
    measures = _common_measures(*concluded)
    common = {split: common_questions(before, after, split) for split in QuestionSet}
    matched = {
        QuestionSet.EXPLORE: match_pipelines(before.explored, after.explored),
        QuestionSet.CONFIRM: match_pipelines(before.confirmed, after.confirmed),
    }
    error = (1 - CONFIDENCE) / len(matched)
    changes = {split: _changes(matched[split].pairs, common[split], measures, error) for split in QuestionSet}
    return StudyComparison(
        before=before,
        after=after,
        concluded=concluded,
        questions={split: len(places) for split, places in common.items()},
        matched=matched,
        changes=changes,
        shifts=tuple(
            _shift(matched[split].pairs, common[split], measure, changes[split])
            for split in QuestionSet
            for measure in measures
            if any(change.measure == measure for change in changes[split])
        ),
        recommendation=_recommendation((before, after), concluded, common, measures),
    )


def _common_measures(before: Conclusion, after: Conclusion) -> list[str]:
    """The figures that pipelines of both have."""
    old, new = ({name: None for point in each.points[:1] for name in point.figures} for each in (before, after))
    return [name for name in new if name in old]


def _changes(
    pairs: Sequence[PipelinePair], places: QuestionPlaces, measures: Sequence[str], error: float
) -> tuple[FigureChange, ...]:
    """Every figure of every pipeline, with intervals that are wrong anywhere with a chance of `error` at most."""
    if not pairs or not places:
        return ()
    each = error / max(1, len(measures))
    return tuple(change for measure in measures for change in _of_measure(pairs, places, measure, each))


def _of_measure(
    pairs: Sequence[PipelinePair], places: QuestionPlaces, measure: str, error: float
) -> list[FigureChange]:
    old, new = _tables(pairs, places, measure)
    summary = figure_of(measure).summary
    figures = zip(summary.of(old).tolist(), summary.of(new).tolist(), strict=True)
    return [
        FigureChange(after.pipeline, before.pipeline, measure, after.question_set, was, now, difference)
        for (before, after), (was, now), difference in zip(
            pairs, figures, _differences(measure, new, old, error), strict=True
        )
        if not (math.isnan(was) and math.isnan(now))
    ]


def _tables(pairs: Sequence[PipelinePair], places: QuestionPlaces, measure: str) -> tuple[Floats, Floats]:
    """What the figure summarises before and after, of shape (pipelines, common questions that both have)."""
    old, new = (Cohort(tuple(side)).values(measure) for side in zip(*pairs, strict=True))
    known = [(i, j) for i, j in places if i < old.shape[1] and j < new.shape[1]]
    return old[:, [i for i, _ in known]], new[:, [j for _, j in known]]


def _comparable(measure: str, *tables: Floats) -> tuple[Floats, ...]:
    """Tables whose values may be compared question by question."""
    return tables if figure_of(measure).summary.paired else tuple(map(linearised, tables))


def _range(measure: str) -> Range | None:
    """Where differences lie."""
    return DIFFERENCES if figure_of(measure).kind is Kind.SCORE else None


def _differences(measure: str, rows: Floats, others: Floats, error: float) -> list[Estimate]:
    """Rows less others at the same places, in blocks that fit into memory."""
    rows, others = _comparable(measure, rows, others)
    return [
        estimate
        for start in range(0, len(rows), COMPARED_AT_ONCE)
        for block, other in [(rows[start : start + COMPARED_AT_ONCE], others[start : start + COMPARED_AT_ONCE])]
        for estimate in row_differences(block, other, _range(measure), 1 - error * len(block) / len(rows))
    ]


def _shift(
    pairs: Sequence[PipelinePair], places: QuestionPlaces, measure: str, changes: Sequence[FigureChange]
) -> FigureShift:
    own = [change for change in changes if change.measure == measure]
    old, new = _tables(pairs, places, measure)
    moved = [change.difference.value or 0.0 for change in own if change.moved]
    ratios = [change.after / change.before for change in own if change.before and math.isfinite(change.before)]
    known = [ratio for ratio in ratios if math.isfinite(ratio)]
    return FigureShift(
        measure,
        own[0].question_set,
        len(own),
        _mean_change(measure, old, new),
        float(np.median(known)) if known else None,
        rose=sum(value > 0 for value in moved),
        fell=sum(value < 0 for value in moved),
    )


def _mean_change(measure: str, old: Floats, new: Floats) -> Estimate:
    """The change in the mean over the pipelines that have a finite value both times, of each question."""
    old, new = _comparable(measure, old, new)
    with np.errstate(invalid="ignore"):
        change = new - old
        known = np.isfinite(change)
        mean = np.where(known, change, 0.0).sum(axis=0) / known.sum(axis=0)
    return row_differences(mean[None, :], np.zeros((1, len(mean))), _range(measure))[0]


def _recommendation(
    results: tuple[Results, Results],
    concluded: tuple[Conclusion, Conclusion],
    common: Mapping[QuestionSet, QuestionPlaces],
    measures: Sequence[str],
) -> RecommendationChange:
    old, new = (each.recommended for each in concluded)
    if old is None or new is None:
        return RecommendationChange(old, new)
    settings = setting_changes(old.evaluation.stages, new.evaluation.stages)
    if old.evaluation.question_set is not new.evaluation.question_set:
        return RecommendationChange(old, new, settings)
    pair = (_uncorrected(old, results[0]), _uncorrected(new, results[1]))
    places = common[new.evaluation.question_set]
    return RecommendationChange(old, new, settings, _changes([pair], places, measures, 1 - CONFIDENCE))


def _uncorrected(finalist: Finalist, results: Results) -> Evaluation:
    """Its evaluation as it was before people were heard."""
    same = results.on_same_questions(finalist.evaluation)
    return next(each for each in same if each.pipeline == finalist.evaluation.pipeline)
