"""A grid that was measured elsewhere, concluded as an exploration is: chosen on some questions, judged on others."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from tradespace.data.tables import RecordedGrid
from tradespace.errors import InputError
from tradespace.explorer.conclusions.figures import figures
from tradespace.explorer.conclusions.finalists import finalists, shares_missed
from tradespace.explorer.dominance import front_layers
from tradespace.explorer.recorded_evaluator import RecordedEvaluator
from tradespace.explorer.results import Evaluation, Provenance, QuestionSet, Results
from tradespace.search_space.goals import Goals
from tradespace.search_space.recorded import recorded_pipelines

FEWEST_FINALISTS = 6
"""Pipelines that are judged on the confirm questions, if there are as many: those of the frontier, and those next to
it where it has fewer."""


@dataclass(frozen=True)
class Analysis:
    """How a grid is concluded.

    Attributes:
        goals: what its pipelines are judged by.
        confirm: questions that have no part in choosing the finalists; of all others it is chosen.
        seed: of the split of the questions.
        yaml: the same as a search-space file, for the report.
    """

    goals: Goals
    confirm: int
    seed: int = 0
    yaml: str = ""

    def results(self, grid: RecordedGrid) -> Results:
        """What the grid says, as the results of an exploration that tried all of it.

        Raises:
            InputError: no question would be left to choose by.
        """
        if not self.confirm < len(grid.questions):
            raise InputError(
                f"some of the {len(grid.questions)} questions must be left to choose by; given: {self.confirm} to hold "
                "out"
            )
        explore = len(grid.questions) - self.confirm
        split = grid.dataset.split(explore, self.confirm, self.seed)
        pipelines = recorded_pipelines(grid)
        explored = RecordedEvaluator(grid, QuestionSet.EXPLORE, split.explore).evaluate(pipelines)
        wanted = {evaluation.pipeline for evaluation in _finalists(explored, self.goals)}
        chosen = [pipeline for pipeline in pipelines if str(pipeline) in wanted] if self.confirm else []
        confirmed = RecordedEvaluator(grid, QuestionSet.CONFIRM, split.confirm).evaluate(chosen)
        questions = {QuestionSet.EXPLORE: explore, QuestionSet.CONFIRM: self.confirm}
        return Results(
            name=grid.name,
            space_yaml=self.yaml,
            goals=self.goals,
            explored=tuple(explored),
            confirmed=tuple(confirmed),
            provenance=_provenance(grid, questions, self.seed),
        )


def _finalists(explored: Sequence[Evaluation], goals: Goals) -> list[Evaluation]:
    """As in an exploration; where these are few, the next layers of those that keep all bounds, too."""
    chosen = finalists(explored, goals, FEWEST_FINALISTS)
    missed = shares_missed(explored, goals.bounds)
    kept = [evaluation for evaluation, share in zip(explored, missed, strict=True) if share == 0]
    layers = front_layers(figures(kept, goals.measures), goals.maximize, FEWEST_FINALISTS)
    both = {evaluation.pipeline: evaluation for evaluation in (*chosen, *(kept[row] for row in layers.tolist()))}
    return list(both.values())[: max(FEWEST_FINALISTS, len(chosen))]


def _provenance(grid: RecordedGrid, questions: dict[QuestionSet, int], seed: int) -> Provenance:
    return Provenance(
        tradespace=version("tradespace"),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        host="",
        dataset=grid.name,
        data_key=grid.key,
        documents=0,
        questions=questions,
        seed=seed,
        space_size=len(grid.settings),
        versions={"python": platform.python_version()},
        seconds_spent=0.0,
        calls_made=0,
        calls_asked=0,
        table=grid.name,
    )
