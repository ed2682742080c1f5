"""What `tradespace check` finds, as values: what JSON and CSV hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tradespace.errors import InputError
from tradespace.explorer.planning.estimate import SpendingEstimate
from tradespace.explorer.planning.plan import Plan, by_role
from tradespace.explorer.planning.wall_time import WallTime
from tradespace.explorer.scorable import Scored
from tradespace.reports.columns import NamedRows
from tradespace.search_space.summary import SpaceSummary
from tradespace.secrets import scrubbed


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What evaluating pipelines takes beyond what the ledger knows.

    Attributes:
        pipeline: its notation; None where it is as many as the search may try.
        planned: the calls.
        estimated: what they take.
        in_space: whether the pipeline is one of the space.
        wall: how long they take with so many workers; None where that is not asked.
    """

    pipeline: str | None
    planned: Plan
    estimated: SpendingEstimate
    in_space: bool = True
    wall: WallTime | None = None

    @property
    def content(self) -> dict[str, Any]:
        """What JSON holds; null dollars where nothing has a price."""
        return {
            "pipeline": self.pipeline,
            "in_space": self.in_space,
            "pipelines": self.planned.pipelines,
            "questions": self.planned.questions,
            "calls_at_most": self.planned.asked,
            "calls_missing": {str(role): number for role, number in by_role(self.planned.missing).items()},
            "calls_known": {str(role): number for role, number in by_role(self.planned.known).items()},
            "judging_calls": self.planned.judging_calls,
            "seconds": self.estimated.outlay.seconds,
            "seconds_with_workers": self.wall.seconds if self.wall else None,
            "usd": self.estimated.outlay.usd,
            "seconds_unknown_of": [*self.estimated.untried, *self.estimated.untimed],
            "usd_unknown_of": self.estimated.unpriced,
        }


@dataclass(frozen=True, slots=True)
class CheckedSpace:
    """A search space without errors.

    Attributes:
        warnings: what might not be meant, as sentences.
        questions: how many there are, by split.
        scored: how many of them each measure can score.
        summary: what it holds; None where only some pipelines were asked about.
        foreseen: what exploring takes, or each pipeline that was named; nothing where all figures stand in a table.
    """

    name: str
    warnings: Sequence[str]
    documents: int
    questions: Mapping[str, int]
    scored: Mapping[str, Scored] = field(default_factory=dict)
    summary: SpaceSummary | None = None
    foreseen: Sequence[Foreseen] = ()

    @property
    def content(self) -> dict[str, Any]:
        """What JSON holds."""
        return {
            "name": self.name,
            "errors": (),
            "warnings": self.warnings,
            "documents": self.documents,
            "questions": self.questions,
            "scored": self.scored,
            "space": self.summary,
            "estimates": [each.content for each in self.foreseen],
        }

    @property
    def named_rows(self) -> NamedRows:
        """What CSV holds: the components that may fill each stage, and how many combinations of settings each has."""
        stages = self.summary.stages if self.summary else {}
        rows = [(stage, *each) for stage, components in stages.items() for each in components.items()]
        return ("stage", "component", "combinations"), rows


def error_content(error: InputError) -> dict[str, Any]:
    """What JSON holds of a space with errors: each with its place in the file, and what must hold."""
    return {"errors": [{"where": scrubbed(fault.where), "message": scrubbed(fault.message)} for fault in error.faults]}
