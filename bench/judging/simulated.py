"""Studies whose truth is known: finalists that answer questions, a judge that errs, and people who don't."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradespace.evals.label_drawing import WORTH_OF_DECIDING, LabelStratum, drawn_questions
from tradespace.evals.prediction_powered import LabelDesign, label_design
from tradespace.explorer.labelling.judged_answers import MOST_DIFFERENT

Floats = NDArray[np.float64]
MISSING = np.nan


@dataclass(frozen=True)
class JudgeSetting:
    """One kind of study.

    Attributes:
        name: in the table.
        sensitivity, specificity: of the judge.
        favours: how much more often it says yes to wrong answers of the last finalist: a bias that flatters it.
        right: how often each finalist is right, in the mean over all questions.
        alike: how many questions all finalists answer alike.
        labels: how many answers people label, about.
        questions: how many questions the finalists are asked.
        decisive: whether half of the labels are spent where the finalists are judged differently.
    """

    name: str
    sensitivity: float
    specificity: float
    right: tuple[float, ...] = (0.7,)
    favours: float = 0.0
    alike: float = 0.6
    labels: int = 40
    questions: int = 300
    decisive: bool = True


@dataclass(frozen=True)
class SimulatedStudy:
    """What came of one.

    Attributes:
        judged, true: of shape (finalists, questions): what the judge says, and what is so.
        keys: what each finalist answered, as a number: equal ones are one answer.
        drawn: places of the questions whose answers people label.
        strata: from which these were drawn.
    """

    judged: Floats
    true: Floats
    keys: NDArray[np.intp]
    drawn: tuple[int, ...]
    strata: tuple[int, ...]

    @property
    def labels(self) -> Floats:
        """What people say: the truth where they were asked, else nothing."""
        said = np.full(self.true.shape, MISSING)
        said[:, list(self.drawn)] = self.true[:, list(self.drawn)]
        return said

    @property
    def design(self) -> LabelDesign:
        """Of the labels."""
        asked = [place in set(self.drawn) for place in range(self.true.shape[1])]
        return label_design(self.strata, (self.keys == self.keys[:1]).all(axis=0).tolist(), asked)


def simulated_study(setting: JudgeSetting, random: np.random.Generator) -> SimulatedStudy:
    """Draw questions, answers, verdicts and labels."""
    finalists, questions = len(setting.right), setting.questions
    keys = np.where(
        random.random(questions) < setting.alike,
        np.zeros((finalists, 1), dtype=np.intp),
        np.arange(finalists)[:, None],
    )
    hardness = random.random((finalists, questions))
    true = _by_key(hardness < np.array(setting.right)[:, None], keys)
    flattering = 1 - setting.specificity + setting.favours * (np.arange(finalists) == finalists - 1)
    says_yes = np.where(true > 0, setting.sensitivity, flattering[:, None])
    judged = _by_key(random.random((finalists, questions)) < says_yes, keys)
    differ = (keys != keys[:1]).any(axis=0)
    decides = differ if differ.mean() <= MOST_DIFFERENT else (judged != judged[:1]).any(axis=0)
    strata = tuple((decides & setting.decisive).astype(int).tolist())
    several = np.array([len(set(column)) for column in keys.T.tolist()], dtype=np.float64)
    kinds = {
        stratum: LabelStratum(float(several[np.array(strata) == stratum].mean()), WORTH_OF_DECIDING if stratum else 1.0)
        for stratum in set(strata)
    }
    order = random.permutation(questions).tolist()
    drawn = drawn_questions(order, dict(enumerate(strata)), kinds, setting.labels)
    return SimulatedStudy(judged, true, keys, tuple(drawn), strata)


def truth(setting: JudgeSetting) -> Floats:
    """How often each finalist is right: where all answer alike, as often as the first."""
    right = np.array(setting.right)
    return setting.alike * right[0] + (1 - setting.alike) * right


def _by_key(values: NDArray[np.bool_], keys: NDArray[np.intp]) -> Floats:
    """Of equal answers to a question, the same value: that of the first finalist that gave it."""
    return np.take_along_axis(values, keys, axis=0).astype(np.float64)
