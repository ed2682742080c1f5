"""Whether anything can be scored: how many questions each wanted measure applies to, checked before searching."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.roles import Role
from tradespace.data import QuestionSets
from tradespace.errors import Fault, SpaceError
from tradespace.evals.figures import figure_of
from tradespace.evals.measures import Measure, Needs, measures
from tradespace.plurals import count
from tradespace.search_space.specification import Specification
from tradespace.types import Question

_NEEDED = {
    Needs.ANSWERS: "accepted answers that it can compare",
    Needs.GOLD: "gold documents",
    Needs.EVIDENCE: "evidence",
    Needs.TEXT: "a text",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """How many questions of each split a measure can score, of how many."""

    explore: int
    confirm: int
    explore_of: int
    confirm_of: int

    @property
    def in_vain(self) -> bool:
        """Whether a split that has questions has none that can be scored."""
        return not self.explore or (self.confirm_of > 0 and not self.confirm)

    def __str__(self) -> str:
        confirm = f" and {self.confirm:,} of {count(self.confirm_of, 'confirm question')}" if self.confirm_of else ""
        explore = f"{self.explore_of:,} explore" if confirm else count(self.explore_of, "explore question")
        return f"{self.explore:,} of {explore}{confirm}"


def scored(specification: Specification, splits: QuestionSets) -> Mapping[str, Scored]:
    """For each measure of questions that pipelines are judged by, how many of them it can score."""
    return {name: _scored(specification.measure(name), specification, splits) for name in specification.goals.scores}


def require_scorable(specification: Specification, splits: QuestionSets) -> None:
    """Make sure that each objective and limit can be computed for some pipeline, so that no search is wasted.

    Raises:
        SpaceError: one cannot; the fault says what it needs, and what can be scored instead.
    """
    where = str(specification.path or "")
    faults = [
        Fault(
            f"{_problem(specification.measure(name), counts, specification)}. {_instead(specification, splits)}", where
        )
        for name, counts in scored(specification, splits).items()
        if counts.in_vain
    ]
    faults += [Fault(problem, where) for problem in _uncounted(specification)]
    if faults:
        raise SpaceError(faults)


def _uncounted(specification: Specification) -> Iterator[str]:
    """Why figures would be known for no pipeline: nothing here measures them, and no rate is stated."""
    for name in specification.goals.needed:
        meter = figure_of(name).meter
        if meter and meter.section not in specification.rates and meter.count() is None:
            yield (
                f"{_purpose(name, specification)} needs {meter.counted_by}, which cannot be read here; or say what to "
                f"estimate it from, in a section such as `{meter.section}: {meter.example}`"
            )


def _scored(measure: Measure, specification: Specification, splits: QuestionSets) -> Scored:
    has_stage = _stage(measure) in specification.space.stages

    def applicable(questions: Sequence[Question]) -> int:
        return sum(map(measure.applies_to, questions)) if has_stage else 0

    explore, confirm = splits.explore, splits.confirm
    return Scored(applicable(explore), applicable(confirm), len(explore), len(confirm))


def _stage(measure: Measure) -> Role:
    """The stage whose work a measure scores."""
    return Role.RETRIEVE if measure.scores_passages else Role.GENERATE


def _problem(measure: Measure, counts: Scored, specification: Specification) -> str:
    stage, purpose = _stage(measure), _purpose(measure.name, specification)
    if stage not in specification.space.stages:
        return f"{purpose} scores the stage `{stage}`, and the pipeline has none"
    return f"{purpose} needs questions with {_NEEDED[measure.needs]}; it can score {counts}"


def _purpose(name: str, specification: Specification) -> str:
    return f"the {'objective' if name in specification.goals.measures else 'limit on'} {name}"


def _instead(specification: Specification, splits: QuestionSets) -> str:
    """Which measures compare with what is known of the questions: those that need nothing can always score, and say
    little alone."""
    known = {name: each for name, each in measures().items() if each.needs is not Needs.TEXT}
    counts = {name: _scored(each, specification, splits) for name, each in known.items()}
    possible = [f"{name} ({count.explore + count.confirm:,})" for name, count in counts.items() if not count.in_vain]
    if not possible:
        return "No measure can score anything here: add `answers`, `gold` or `evidence` to the questions"
    return f"Measures that can score questions here, and how many: {', '.join(possible)}"
