"""The evaluations of one exploration: those of its data, prices and host, in its study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.goals import Goals


@dataclass(frozen=True)
class Records:
    """Reads and writes evaluations.

    Attributes:
        context: what evaluations depend on besides the pipeline (`provenance.context`).
        host: what this machine is called in its timings.
        goals: what the exploration is after.
        scored_by: the keys of measures with settings, by name.
    """

    study: StudyFolder
    context: str
    host: str
    goals: Goals
    scored_by: Mapping[str, str] = field(default_factory=dict)

    def known(self, question_set: QuestionSet) -> dict[str, Evaluation]:
        """By pipeline, what was evaluated on this host and scored by all that this exploration is after, so set."""
        evaluations = self.study.evaluations.read(self.context, self.host, question_set)
        return {
            name: evaluation
            for name, evaluation in evaluations.items()
            if all(evaluation.holds(measure, self.scored_by) for measure in self.goals.scores)
        }

    def elsewhere(self, question_set: QuestionSet) -> list[str]:
        """The pipelines that were evaluated on any host, by whatever measures."""
        return list(self.study.evaluations.pipelines(self.context, question_set))

    def store(self, evaluations: Sequence[Evaluation]) -> None:
        """Write evaluations; an earlier one of the same pipeline is replaced."""
        self.study.evaluations.write(self.context, self.host, evaluations)
