"""A pipeline that was asked for: its notation, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.conclusions.points import Point
from tradespace.reports.section import Findings
from tradespace.reports.table import latency_basis, never_timed, standing_of
from tradespace.reports.words import figure_with_interval, listed, measure_name


@dataclass(frozen=True)
class ChosenPipeline:
    """A pipeline of a study. As text it is its notation, which `tradespace.parse` and every command read.

    Attributes:
        notation: its stages with their settings.
        number: the number that it goes by in its study.
        standing: recommended, misses the SLA, most accurate …
        figures: with 95 % intervals, by measure; latencies are in seconds.
        basis: the questions that these are of, and how its latency is known.
        yaml: the pipeline as a search space of its own.
    """

    notation: str
    number: int
    standing: str
    figures: Mapping[str, Estimate] = field(hash=False)
    basis: str
    yaml: str = field(repr=False)

    def __str__(self) -> str:
        return self.notation

    def __repr__(self) -> str:
        """The pipeline in three lines, for people."""
        figures = [f"{measure_name(name)} {figure_with_interval(self.figures, name)}" for name in self.figures]
        return f"#{self.number} {self.notation}\n{listed(figures)}\n{self.standing}; {self.basis}"


def chosen_pipeline(finalist: Finalist, findings: Findings) -> ChosenPipeline:
    """A judged pipeline of a study."""
    evaluation, conclusion = finalist.evaluation, findings.conclusion
    standing = standing_of(Point(evaluation, {}), finalist, conclusion)
    timed = "not timed" if never_timed(evaluation) else f"latency {latency_basis(evaluation)}"
    return ChosenPipeline(
        evaluation.pipeline,
        findings.numbers[evaluation.pipeline],
        standing,
        {name: known for name, known in finalist.estimates.items() if known.value is not None},
        f"{evaluation.question_set} questions, {timed}",
        evaluation.yaml,
    )
