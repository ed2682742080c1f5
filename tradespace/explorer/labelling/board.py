"""What one person says of the answers that people are asked about: kept in the study at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tradespace.explorer.storage.labels import AskedAnswer, MeasureLabels
from tradespace.explorer.storage.study import StudyFolder


@dataclass(frozen=True)
class LabelBoard:
    """Reads and writes the labels of a measure.

    Attributes:
        by: who labels; empty where that is not told.
    """

    study: StudyFolder
    measure: str
    by: str = ""

    @property
    def labels(self) -> MeasureLabels:
        """As they are now."""
        return self.study.labels().of(self.measure)

    def own(self, answer: AskedAnswer) -> int | None:
        """What this person said of an answer; None where nothing, or two things."""
        values = [label.value for label in answer.labels if label.by == self.by]
        return values[0] if len(values) == 1 else None

    def say(self, key: str, value: Literal[0, 1] | None) -> MeasureLabels:
        """Say yes (1) or no (0) of an answer, or skip it; what the same person said of it before counts no more.

        Raises:
            KeyError: nobody was asked about it.
        """
        changed = self.study.change_labels(
            lambda stored: stored.changed(self.measure, self._said(stored.of(self.measure), key, value))
        )
        return changed.of(self.measure)

    def _said(self, labels: MeasureLabels, key: str, value: Literal[0, 1] | None) -> MeasureLabels:
        asked = labels.asked[key]
        if value is None:
            others = tuple(label for label in asked.labels if label.by != self.by)
            return labels.with_answers([asked.model_copy(update={"labels": others, "skipped": not others})])
        return labels.with_answers([asked.labelled([value], self.by, labels.policy)])
