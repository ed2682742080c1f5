"""What an exploration reports while it runs. The command line shows it; nothing here prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Goals


@dataclass(frozen=True, slots=True)
class Status:
    """How far a search has come.

    Attributes:
        tried: pipelines evaluated so far.
        possible: pipelines that the space allows; None when there are infinitely many.
        exact: whether they were counted; an estimate otherwise.
        goals: what pipelines are judged by; one must keep their bounds to be the best.
        kept: how many keep it so far; all where there is nothing to keep.
        best: the most accurate pipeline so far among these, if any has a figure for every objective.
        best_figures: its figures by objective.
        failures: questions on which some pipeline failed.
        calls_asked: calls that the evaluations needed.
        calls_made: calls that had to be made, the others being shared.
        seconds_left: of the search's budget; None where it has no limit in time.
    """

    tried: int
    possible: int | None
    exact: bool
    goals: Goals
    kept: int
    best: Evaluation | None
    best_figures: dict[str, float]
    failures: int
    calls_asked: int
    calls_made: int
    seconds_left: float | None


class Progress(Protocol):
    """Listens to an exploration."""

    def phase(self, title: str) -> None:
        """A new phase begins."""

    def working(self, doing: str) -> None:
        """What is being done, reported repeatedly while it goes on."""

    def searching(self, status: Status) -> None:
        """Another batch of pipelines was evaluated."""

    def warn(self, messages: Sequence[str]) -> None:
        """Something is wrong, but the exploration continues."""
