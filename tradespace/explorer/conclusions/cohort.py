"""Pipelines that were asked the same questions: the only ones whose questions can stand in one table.

Explore and confirm evaluations are of different questions, even where both are as many. So tables of questions are made
here alone, of a type that cannot hold both.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.figures import CorrectedMean, Summary, figure_of
from tradespace.explorer.arrays import Floats
from tradespace.explorer.results import Evaluation, QuestionSet

MeasuredValues = Sequence[float | None]


@dataclass(frozen=True)
class Cohort:
    """Evaluations on one choice of questions, in order; a table has one row for each and one column for each question.

    Raises:
        ValueError: the evaluations are of different splits, or (as soon as a table is asked for) of different numbers
            of questions.
    """

    evaluations: tuple[Evaluation, ...]

    def __post_init__(self) -> None:
        question_sets = sorted({evaluation.question_set for evaluation in self.evaluations})
        if len(question_sets) > 1:
            raise ValueError(f"pipelines are compared on the same questions; given: {' and '.join(question_sets)}")

    def __len__(self) -> int:
        return len(self.evaluations)

    @property
    def question_set(self) -> QuestionSet | None:
        """Whose questions they were asked; None where there is no evaluation."""
        return self.evaluations[0].question_set if self.evaluations else None

    def stage_seconds(self, stages: Collection[str] | None = None) -> Floats:
        """Return the composed seconds of each question, of shape (evaluations, questions).

        Stages add up per question, as a sum of quantiles is no quantile. A question without a time failed, so it is
        infinitely slow; a pipeline that was not timed is all NaN.

        Args:
            stages: the stages to add up; all online stages when None.
        """
        places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, evaluation in enumerate(self.evaluations):
            places[tuple(evaluation.seconds)].append(place)
        width = next((len(row) for evaluation in self.evaluations for row in evaluation.seconds.values()), 0)
        total = np.full((len(self), width), math.nan)
        for names, some in places.items():
            wanted = [name for name in names if stages is None or name in stages]
            rows = [_matrix([self.evaluations[place].seconds[name] for place in some], width) for name in wanted]
            total[some] = sum(
                (np.where(np.isnan(row), math.inf, row) for row in rows), np.float64(0 if names else math.nan)
            )
        return total

    def measured_seconds(self) -> Floats:
        """Return seconds per question as `stage_seconds` does, from real end-to-end runs of the questions that had
        any: these are the first. The others are corrected by what those took beside their composed seconds, in the
        median over questions."""
        seconds = self.stage_seconds()
        places: defaultdict[int, list[int]] = defaultdict(list)
        for place, evaluation in enumerate(self.evaluations):
            places[len(evaluation.end_to_end)].append(place)
        width = max([seconds.shape[1], *places])
        seconds = np.pad(seconds, ((0, 0), (0, width - seconds.shape[1])), constant_values=math.nan)
        for run, rows in places.items():
            measured = _matrix([self.evaluations[place].end_to_end for place in rows], run)
            seconds[rows, run:] *= _ratios(measured, seconds[rows, :run])
            seconds[rows, :run] = np.where(np.isnan(measured), math.inf, measured)
        return seconds

    def values(self, measure: str) -> Floats:
        """Return what figures summarise, of shape (evaluations, questions); NaN where a value is missing.

        A question that failed is infinitely slow, and scores 0 (where the measure applies; see `Evaluation.scores`).
        """
        return figure_of(measure).values(self)

    def summary(self, measure: str) -> Summary:
        """How the values of a measure become one figure: as the measure says, or corrected by what people said, if all
        pipelines were."""
        designs = [evaluation.designs.get(measure) for evaluation in self.evaluations]
        if designs and designs[0] and all(design is designs[0] for design in designs):
            return CorrectedMean(designs[0])
        return figure_of(measure).summary

    def scores(self, measure: str) -> Floats:
        """Return what questions score, of shape (evaluations, questions of the split)."""
        return _matrix([evaluation.scores.get(measure, ()) for evaluation in self.evaluations])

    def metered(self, quantity: str) -> Floats:
        """Return what questions took of a quantity, such as dollars, of shape (evaluations, questions)."""
        return _matrix([evaluation.metered.get(quantity, ()) for evaluation in self.evaluations])


def cohorts(evaluations: Sequence[Evaluation]) -> Iterator[tuple[list[int], Cohort]]:
    """Separate evaluations by the questions that they were asked; with each cohort come the places of its members."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, evaluation in enumerate(evaluations):
        places[evaluation.question_set].append(place)
    for some in places.values():
        yield some, Cohort(tuple(evaluations[place] for place in some))


def _matrix(rows: Sequence[MeasuredValues], width: int = 0) -> Floats:
    """Stack rows, of one length or empty, with NaN for None. A row shared by many pipelines is converted once.

    Raises:
        ValueError: rows have different lengths, or another than `width` where that is not 0.
    """
    widths = {len(row) for row in rows if row} | ({width} if width else set())
    if len(widths) > 1:
        raise ValueError(f"pipelines are compared on the same questions; given: rows of {_listed(widths)} questions")
    width = max(widths, default=0)
    gap = (math.nan,) * width
    distinct = {id(row): row or gap for row in rows}
    place = {key: position for position, key in enumerate(distinct)}
    table = np.array(list(distinct.values()), dtype=np.float64).reshape(len(distinct), width)
    return table[[place[id(row)] for row in rows]] if rows else table


def _ratios(measured: Floats, composed: Floats) -> Floats:
    """How many times its composed seconds each pipeline took, of shape (evaluations, 1); 1 where that is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.ma.masked_invalid(measured / composed)
    return np.ma.median(each, axis=1, keepdims=True).filled(1.0) if each.size else np.ones((len(measured), 1))  # type: ignore[no-untyped-call]


def _listed(widths: Collection[int]) -> str:
    return " and ".join(map(str, sorted(widths)))
