"""Judged scores of the finalists, corrected by what people said of some of their answers.

Where a question was drawn, people label what every finalist answered to it; answers that are equal are one, and share
their label. That is all that is assumed when labels are pooled: what people say of an answer depends on the question
and the answer (and on the passages, of measures that read them), not on the pipeline that gave it. All finalists are
corrected or none, for a corrected figure does not compare with a raw one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradespace.evals.agreement import YES_FROM, JudgeAgreement, agreement, share_verdict
from tradespace.evals.prediction_powered import OUTSIDE, LabelDesign, label_design, rectified_scores, tuned_power
from tradespace.evals.statistics import Array
from tradespace.evals.verdicts import BoundVerdict
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.results import Evaluation, JudgeLabels, Results

NO_LABELS = JudgeLabels((), {}, {}, (), {})


class JudgeCalibration(StrEnum):
    """How it stands with a judge."""

    UNLABELLED = "unlabelled"
    """Nobody has labelled any of the answers."""
    OUTDATED = "outdated"
    """The finalists, or their answers, are others than those that people were asked about."""
    UNFINISHED = "unfinished"
    """Of some questions people labelled the answers of some finalists only."""
    TOO_FEW = "too few"
    REFUSED = "refused"
    """Its sensitivity or specificity is lower than what is demanded."""
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class JudgeStanding:
    """How it stands with the judge of a measure.

    Attributes:
        measure, judge: what is judged, and by whom.
        calibration: whether its scores are corrected, or why not.
        labels: what people said.
        questions: of how many questions every finalist's answer is labelled.
        lacking: what is missing: questions where there are too few, answers where some are unfinished.
        agreement: of judge and people on the labelled answers; None where there is none.
        repeated: of how many answers the judge was asked once more.
        changed: how many of these it then judged otherwise.
        yes: the share of answers that people say yes to.
        power: how far the judge is followed, from 0 to 1.
        design: which questions are labelled; None where it is not corrected.
    """

    measure: str
    judge: str
    calibration: JudgeCalibration
    labels: JudgeLabels = NO_LABELS
    questions: int = 0
    lacking: int = 0
    agreement: JudgeAgreement | None = None
    repeated: int = 0
    changed: int = 0
    yes: float = 0.0
    power: float = 0.0
    design: LabelDesign | None = None

    @property
    def corrected(self) -> bool:
        """Whether the finalists' figures are corrected."""
        return self.calibration is JudgeCalibration.CORRECTED


def calibrated(results: Results) -> tuple[Results, tuple[JudgeStanding, ...]]:
    """The results with judged scores of the finalists rectified where people labelled enough, and how it stands with
    each judge."""
    standings = []
    confirmed = results.confirmed
    for measure, judge in results.judges.items():
        labelled = _Labelled(measure, results.confirmed, results.labels.get(measure, NO_LABELS))
        standing = labelled.standing(judge)
        standings.append(standing)
        if standing.corrected:
            confirmed = labelled.rectified(confirmed, standing)
    return replace(results, confirmed=confirmed), tuple(standings)


@dataclass(frozen=True)
class _Labelled:
    """The finalists' judged scores beside what people said of their answers, question by question."""

    measure: str
    confirmed: tuple[Evaluation, ...]
    labels: JudgeLabels

    def standing(self, judge: str) -> JudgeStanding:
        calibration, lacking = self._begun()
        again = self._changed() if self.confirmed and self._known() else []
        told = JudgeStanding(
            self.measure, judge, calibration, self.labels, lacking=lacking, repeated=len(again), changed=sum(again)
        )
        if calibration is not JudgeCalibration.CORRECTED:
            return told
        design = self._design()
        found, yes = self._agreement(design)
        told = replace(told, agreement=found, yes=yes, questions=sum(design.labelled), lacking=design.missing)
        if design.missing:
            return replace(told, calibration=JudgeCalibration.TOO_FEW)
        if self._refused(found):
            return replace(told, calibration=JudgeCalibration.REFUSED)
        return replace(told, design=design, power=tuned_power(self._judged, self._said, design))

    def _begun(self) -> tuple[JudgeCalibration, int]:
        """What keeps labels from being used at all, and how many are missing for that."""
        if not self.labels.labels or not self.confirmed:
            return JudgeCalibration.UNLABELLED, 0
        if not self._known():
            return JudgeCalibration.OUTDATED, 0
        unfinished = self._unfinished()
        return (JudgeCalibration.UNFINISHED if unfinished else JudgeCalibration.CORRECTED), unfinished

    def _refused(self, found: JudgeAgreement) -> bool:
        demanded = (
            (found.sensitivity, self.labels.least_sensitivity),
            (found.specificity, self.labels.least_specificity),
        )
        return any(share_verdict(share, least) is BoundVerdict.MISSED for share, least in demanded)

    def rectified(self, confirmed: Sequence[Evaluation], standing: JudgeStanding) -> tuple[Evaluation, ...]:
        """The evaluations with rectified scores in the place of those of the judge."""
        assert standing.design is not None
        rows = rectified_scores(self._judged, self._said, standing.design, standing.power).tolist()
        return tuple(
            replace(
                evaluation,
                scores={
                    **evaluation.scores,
                    self.measure: tuple(None if math.isnan(value) else value for value in row),
                },
                designs={**evaluation.designs, self.measure: standing.design},
            )
            for evaluation, row in zip(confirmed, rows, strict=True)
        )

    @cached_property
    def _judged(self) -> Array:
        return Cohort(self.confirmed).scores(self.measure)

    @cached_property
    def _keys(self) -> NDArray[np.object_]:
        """What each finalist answered to each question, of shape (finalists, questions)."""
        width = self._judged.shape[1]
        rows = [self.labels.answers[evaluation.pipeline][:width] for evaluation in self.confirmed]
        return np.array(rows, dtype=object).reshape(len(rows), width)

    def _known(self) -> bool:
        """Whether it is known what these finalists answered to all these questions."""
        width = self._judged.shape[1]
        places = [
            len(self.labels.strata),
            *(len(self.labels.answers.get(each.pipeline, ())) for each in self.confirmed),
        ]
        digests = (self.labels.digests.get(each.pipeline) == each.answers for each in self.confirmed)
        return 0 < width <= min(places) and all(digests)

    @cached_property
    def _said(self) -> Array:
        """What people said of each answer; NaN where they said nothing. A question on which a pipeline failed has the
        score that failures have: nobody need be asked about it."""
        keys, judged = self._keys, self._judged
        said = [[self.labels.labels.get(key, np.nan) for key in row] for row in keys.tolist()]
        return np.where(keys == "", judged, np.array(said, dtype=np.float64).reshape(judged.shape))

    @cached_property
    def _drawn(self) -> NDArray[np.bool_]:
        """Which questions were drawn, without those of which somebody skipped an answer."""
        keys = self._keys
        drawn = np.zeros(keys.shape[1], dtype=np.bool_)
        drawn[[place for place in self.labels.drawn if 0 <= place < len(drawn)]] = True
        skipped = [any(key in self.labels.skipped for key in column) for column in keys.T.tolist()]
        return np.asarray(drawn & ~np.array(skipped, dtype=np.bool_))

    def _unfinished(self) -> int:
        """Answers without a label to drawn questions where others have theirs."""
        missing, by_people = np.isnan(self._said), ~np.isnan(self._said) & (self._keys != "")
        begun = self._drawn & by_people.any(axis=0)
        return len({*self._keys[missing & begun].tolist()})

    def _design(self) -> LabelDesign:
        keys, width = self._keys, self._judged.shape[1]
        complete = self._drawn & ~np.isnan(self._said).any(axis=0)
        alike = (keys == keys[:1]).all(axis=0)
        return label_design(self.labels.strata[:width], alike.tolist(), complete.tolist())

    def _agreement(self, design: LabelDesign) -> tuple[JudgeAgreement, float]:
        """Of judge and people on each labelled answer once, weighed by the questions that it stands for; and the share
        of these that people say yes to."""
        keys, judged, said = self._keys, self._judged, self._said
        weights = _weights(design)
        answers: dict[str, tuple[float, float, float]] = {}
        for place in np.flatnonzero(design.labelled).tolist():
            for row, key in enumerate(keys[:, place]):
                if key:
                    answers[key] = (judged[row, place], said[row, place], weights[place])
        scores, labels, counts = np.array(list(answers.values()), dtype=np.float64).reshape(-1, 3).T
        yes = float((labels * counts).sum() / counts.sum()) if len(counts) else 0.0
        return agreement(scores, labels, counts), yes

    def _changed(self) -> list[bool]:
        """Of the answers that the judge was asked about once more, whether it judged otherwise."""
        first = dict(zip(self._keys.ravel().tolist(), self._judged.ravel().tolist(), strict=True))
        pairs = [(first[key], again) for key, again in self.labels.repeated.items() if key in first]
        return [(before >= YES_FROM) != (again >= YES_FROM) for before, again in pairs if not math.isnan(before)]


def _weights(design: LabelDesign) -> Array:
    """By question, how many others a labelled one stands for."""
    shares = design.probabilities
    return np.array(
        [1.0 if stratum == OUTSIDE or not shares[stratum] else 1 / shares[stratum] for stratum in design.strata]
    )
