"""What scoring answers by calls would take, and what came of it: read from a ledger, without making a call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tradespace.components.base import Pipeline
from tradespace.evals.measures.calling import CallingMeasure, Scoring
from tradespace.explorer.planning.dry_run import DryRun
from tradespace.explorer.running.call_scorer import CallScore, CallScorer, CallScores
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.runner import Lacking, Trace
from tradespace.explorer.storage.base import Ledger
from tradespace.types import Question


class AnsweredCell(NamedTuple):
    """A pipeline on one question, by its place, and what came of it."""

    pipeline: Pipeline
    question: int
    trace: Trace


@dataclass
class CellScores:
    """Scores cells by those measures that make calls, as far as a ledger has these calls."""

    measures: Sequence[CallingMeasure]
    questions: Sequence[Question]
    opened_components: OpenedComponents
    ledger: Ledger
    _missing: dict[tuple[str, Pipeline, int], frozenset[bytes]] = field(default_factory=dict, init=False)
    _failed: set[bytes] = field(default_factory=set, init=False)

    def of(self, cells: Sequence[AnsweredCell], *, bought: bool = False) -> CallScores:
        """By measure, what it makes of each cell.

        Args:
            cells: what is scored.
            bought: whether all that cells lacked the last time was made since. A call that is missing again has failed.
        """
        if not self.measures:
            return {}
        dry_run = DryRun(self.opened_components, self.ledger)
        scorer = CallScorer(self.measures, dry_run, self.opened_components.nothing)
        scores = scorer.score([self.questions[cell.question] for cell in cells], [cell.trace for cell in cells])
        return {
            measure: [
                None if score is None else self._noted(score, (measure, cell.pipeline, cell.question), bought=bought)
                for score, cell in zip(column, cells, strict=True)
            ]
            for measure, column in scores.items()
        }

    def _noted(self, score: CallScore, place: tuple[str, Pipeline, int], *, bought: bool) -> CallScore:
        missing = frozenset(assumed.key for assumed in score.missing)
        again = missing & (self._missing.get(place, frozenset()) | self._failed)
        self._missing[place] = missing
        if not (bought and again):
            return score
        self._failed |= again
        return CallScore(Scoring(None, "a call failed"), failed=True)


def lacking_with(trace: Trace, scores: Iterable[CallScore | None]) -> Lacking:
    """The calls that a cell lacks: those of its pipeline, and those that score what it answers, which come after."""
    own, known = trace.lacking, [score for score in scores if score is not None]
    if not known:
        return own
    missing = tuple(assumed for score in known for assumed in score.missing)
    further = tuple(assumed for score in known for assumed in score.further)
    return Lacking(own.missing, own.further + missing + further) if own.missing else Lacking(missing, further)
