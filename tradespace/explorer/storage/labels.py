"""What people said of the answers of a study: `labels.json` in its folder, which moves with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tradespace.explorer.results import JudgeLabels

LABELS_FORMAT: Literal[1] = 1
"""Raised whenever labels of an older version can no longer be read."""


class StoredValue(BaseModel):
    """What a labels file is made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class HumanLabel(StoredValue):
    """What one person said of one answer.

    Attributes:
        value: 1 for yes (right, supported, relevant …), 0 for no.
        by: who said it, as far as that was told.
        policy: the place of the policy by which it was said; None where none was recorded.
    """

    value: Literal[0, 1]
    by: str = ""
    policy: int | None = None


class AskedAnswer(StoredValue):
    """An answer that people are asked about, with all that they are shown.

    Attributes:
        key: names it; answers with one key are one.
        place: of its question, in the confirm questions.
        question_id: of its question, as data call it.
        references: accepted answers.
        passages: what it was made from.
        labels: what was said of it. One person may have said two things in one file: both are kept.
        skipped: whether somebody chose to say nothing.
        repeated: what the judge says when it is asked once more; None where it was not, or said nothing that is read.
    """

    key: str
    place: int
    question_id: str
    question: str
    answer: str
    references: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    labels: tuple[HumanLabel, ...] = ()
    skipped: bool = False
    repeated: float | None = None

    @property
    def said(self) -> float | None:
        """What people said: from 0 (all say no) to 1; None where nobody said anything."""
        return fmean(label.value for label in self.labels) if self.labels else None

    @property
    def disputed(self) -> bool:
        """Whether people said different things."""
        return len({label.value for label in self.labels}) > 1

    def labelled(self, values: Iterable[Literal[0, 1]], by: str, policy: int | None) -> AskedAnswer:
        """The same with what a person says now, in the place of what the same person said before."""
        others = [label for label in self.labels if label.by != by]
        own = [HumanLabel(value=value, by=by, policy=policy) for value in dict.fromkeys(values)]
        return self.model_copy(update={"labels": (*others, *own), "skipped": False})


class MeasureLabels(StoredValue):
    """The labels of one judged measure.

    Attributes:
        data_key, seed: of the data that places of questions count in.
        strata: by place of a confirm question, the stratum that it can be drawn from.
        answers: by pipeline, the key of what it answered to each of these; empty where it failed.
        digests: by pipeline, its `Evaluation.answers` when these keys were taken.
        drawn: places of the questions that were drawn, in the order of drawing.
        asked: the answers to these, by key.
        policies: by which people labelled, in order; new labels are made by the last.
        least_sensitivity, least_specificity: below which the judge is not believed.
    """

    data_key: str = ""
    seed: int = 0
    strata: tuple[int, ...] = ()
    answers: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    digests: dict[str, str] = Field(default_factory=dict)
    drawn: tuple[int, ...] = ()
    asked: dict[str, AskedAnswer] = Field(default_factory=dict)
    policies: tuple[str, ...] = ()
    least_sensitivity: float = Field(default=0.0, ge=0, le=1)
    least_specificity: float = Field(default=0.0, ge=0, le=1)

    @property
    def open(self) -> list[AskedAnswer]:
        """The answers that nobody said anything of yet, in the order in which they are asked."""
        return [answer for answer in self.asked.values() if not answer.labels and not answer.skipped]

    def with_answers(self, changed: Iterable[AskedAnswer]) -> MeasureLabels:
        """The same with some asked answers changed, or added."""
        return self.model_copy(update={"asked": self.asked | {answer.key: answer for answer in changed}})

    def with_policy(self, policy: str) -> MeasureLabels:
        """The same with the policy that labels are made by from now on."""
        if self.policies[-1:] == (policy,):
            return self
        return self.model_copy(update={"policies": (*self.policies, policy)})

    @property
    def policy(self) -> int | None:
        """The place of the policy that labels are made by now."""
        return len(self.policies) - 1 if self.policies else None

    def summarised(self) -> JudgeLabels:
        """What conclusions rest on."""
        answers = list(self.asked.values())
        used = dict.fromkeys(label.policy for answer in answers for label in answer.labels)
        return JudgeLabels(
            strata=self.strata,
            answers=self.answers,
            digests=self.digests,
            drawn=self.drawn,
            labels={answer.key: said for answer in answers if (said := answer.said) is not None},
            skipped=frozenset(answer.key for answer in answers if answer.skipped),
            repeated={answer.key: answer.repeated for answer in answers if answer.repeated is not None},
            disputed=sum(answer.disputed for answer in answers),
            policies=tuple(policy for place, policy in enumerate(self.policies) if place in used),
            without_policy=sum(label.policy is None for answer in answers for label in answer.labels),
            least_sensitivity=self.least_sensitivity,
            least_specificity=self.least_specificity,
        )


class StudyLabels(StoredValue):
    """What `labels.json` holds: labels by measure."""

    format: Literal[1] = LABELS_FORMAT
    measures: dict[str, MeasureLabels] = Field(default_factory=dict)

    def of(self, measure: str) -> MeasureLabels:
        """Those of a measure; none where there are none yet."""
        return self.measures.get(measure, MeasureLabels())

    def changed(self, measure: str, labels: MeasureLabels) -> StudyLabels:
        """The same with other labels of a measure."""
        return self.model_copy(update={"measures": self.measures | {measure: labels}})

    def summarised(self, data_key: str, seed: int) -> Mapping[str, JudgeLabels]:
        """What conclusions rest on, by measure: of labels that belong to these data alone."""
        return {
            name: labels.summarised()
            for name, labels in self.measures.items()
            if (labels.data_key, labels.seed) == (data_key, seed)
        }
