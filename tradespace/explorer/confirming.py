"""The confirm phase: finalists answer questions that no decision has seen, as many as their figures need.

All finalists see the same questions. These come in blocks from the front; who is evaluated on a longer run of them
replaces its earlier evaluation, whose calls are in the ledger.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.evals.confidence_sequences import betting_bounds
from tradespace.evals.figures import figure_of
from tradespace.evals.statistics import mean_of
from tradespace.explorer.conclusions.classes import answer_classes
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.figures import joint_estimates
from tradespace.explorer.conclusions.finalists import finalists, shares_missed
from tradespace.explorer.planning.allowance import Allowance
from tradespace.explorer.progress import Progress
from tradespace.explorer.records import Records
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.explorer.searching import PipelineEvaluator
from tradespace.search_space.goals import Goals

FINALISTS = 6
"""Pipelines that are confirmed and run end to end, besides the best of each split."""
FIRST_QUESTIONS = 100
"""Questions that finalists are asked at first, where asking takes time."""
FALSELY_APART = 0.05
"""The chance that finalists are falsely said to be told apart."""


@dataclass
class Confirming:
    """One confirm phase.

    Attributes:
        half_width: how precisely the first objective is to be known, where it is a score: half the width of the
            interval of every finalist that keeps the bounds, all of them at once. Where it is None, it is enough to
            tell the finalists apart.
        questions: how many can be asked.
        evaluator: evaluates on so many of them, from the front.
        first: how many are asked at first, which tell how many more it takes.
    """

    goals: Goals
    half_width: float | None
    questions: int
    evaluator: Callable[[int], PipelineEvaluator]
    first: int
    records: Records
    budget: Budget
    allowance: Allowance
    progress: Progress
    _confirmed: dict[str, Evaluation] = field(default_factory=dict, init=False)

    def run(self) -> str:
        """Evaluate the finalists, and return how many questions they were asked and why it were no more."""
        self._confirmed = self.records.known(QuestionSet.CONFIRM)
        explored = list(self.records.known(QuestionSet.EXPLORE).values())
        names = [finalist.pipeline for finalist in finalists(explored, self.goals, FINALISTS)]
        if not names:
            return ""
        asked = self._first(names)
        try:
            self._evaluate(names, asked)
            while not (enough := self._enough(names, asked)):
                asked = self._next(names, asked)
                self._evaluate(names, asked)
        except BudgetSpent as spent:
            return self._cut_short(names, str(spent))
        return f"{asked:,} of {self.questions:,} confirm questions were asked: {enough}"

    def _first(self, names: Sequence[str]) -> int:
        """As many questions as some of them were asked in an earlier run, or a first block."""
        return max([min(self.first, self.questions), *map(_questions, self._known(names))])

    def _known(self, names: Sequence[str], asked: int | None = None) -> list[Evaluation]:
        """Those that were confirmed, on so many questions if that is given, without a call that failed."""
        evaluations = [self._confirmed[name] for name in names if name in self._confirmed]
        evaluations = [each for each in evaluations if not each.has_failed_calls]
        return [each for each in evaluations if asked in (None, _questions(each))]

    def _evaluate(self, names: Sequence[str], asked: int) -> None:
        """Evaluate those that were not asked so many questions yet.

        Raises:
            BudgetSpent: there is no time or there are no dollars for it.
        """
        done = {evaluation.pipeline for evaluation in self._known(names, asked)}
        evaluator = self.evaluator(asked)
        for some in self._groups([parse(name) for name in names if name not in done]):
            seconds = self.budget.seconds_left if self._confirmed else self.allowance.seconds_for_the_first
            self.budget.allow(usd=self.budget.limits.usd, seconds=seconds)
            self.records.store(evaluator.evaluate(some))
            self._confirmed = self.records.known(QuestionSet.CONFIRM)

    def _groups(self, pipelines: Sequence[Pipeline]) -> list[Sequence[Pipeline]]:
        """Finalists to be confirmed together: all where there is time for them, or where all were asked some questions;
        else one by one, the best first."""
        left, needed = self.budget.seconds_left, self.allowance.seconds_to_confirm
        before = {evaluation.pipeline for evaluation in self._known([str(pipeline) for pipeline in pipelines])}
        together = left is None or (needed is not None and needed <= left) or len(before) == len(pipelines)
        return [pipelines] if together and pipelines else [[pipeline] for pipeline in pipelines]

    def _enough(self, names: Sequence[str], asked: int) -> str:
        """Why no more questions are needed; empty where they are."""
        if asked == self.questions:
            return "there are no more"
        known = self._rivals(names, asked)
        if self.half_width is None:
            return "they tell the finalists apart" if told_apart(known, self.goals, self.questions) else ""
        primary = self.goals.primary
        reached = primary.is_score and widest(known, primary.measure) <= self.half_width
        name = figure_of(primary.measure).wording.name
        return f"the {name} of the finalists is known within ±{self.half_width:g}" if reached else ""

    def _next(self, names: Sequence[str], asked: int) -> int:
        """As many as it takes by what is known, twice as many at most where a budget may end it."""
        needed = float(self.questions)
        if self.half_width is not None and self.goals.primary.is_score:
            now = widest(self._rivals(names, asked), self.goals.primary.measure)
            needed = 1.05 * asked * (now / self.half_width) ** 2
        limited = self.half_width is None or self.budget.seconds_left is not None or self.budget.limits.usd is not None
        most = min(self.questions, 2 * asked if limited else self.questions)
        return max(asked + 1, min(most, math.ceil(min(needed, most))))

    def _rivals(self, names: Sequence[str], asked: int) -> list[Evaluation]:
        """Those that keep the bounds, from which one is recommended; all where none does."""
        known = self._known(names, asked)
        kept = [each for each, missed in zip(known, shares_missed(known, self.goals.bounds), strict=True) if not missed]
        return kept or known

    def _cut_short(self, names: Sequence[str], why: str) -> str:
        counts = [_questions(evaluation) for evaluation in self._known(names)]
        asked = max(counts, default=0)
        confirmed = counts.count(asked)
        if confirmed < len(names):
            self.progress.warn([f"{confirmed} of {len(names)} finalists were confirmed: {why}. Raise the budget"])
        return f"{asked:,} of {self.questions:,} confirm questions were asked: {why}"


def widest(evaluations: Sequence[Evaluation], measure: str) -> float:
    """Half the width of the widest of the intervals that hold for all at once; infinite where there is none."""
    known = [each[measure] for each in joint_estimates(evaluations, [measure]) if measure in each]
    return max((((each.high or 0.0) - (each.low or 0.0)) / 2 for each in known), default=math.inf)


def told_apart(evaluations: Sequence[Evaluation], goals: Goals, population: int) -> bool:
    """Whether the best score is shown to be better than all others, those that answered alike counted once, however
    often one looks."""
    primary = goals.primary
    if not primary.is_score or not figure_of(primary.measure).summary.paired or not evaluations:
        return False
    distinct = [evaluations[rows[0]] for rows in answer_classes(evaluations, goals.scores)]
    gains = Cohort(tuple(distinct)).scores(primary.measure) * (1 if primary.maximize else -1)
    best = int(np.argmax(np.nan_to_num(mean_of(gains), nan=-np.inf)))
    low, _ = betting_bounds(
        gains[best] - np.delete(gains, best, axis=0), population, FALSELY_APART / max(1, len(gains) - 1)
    )
    return bool((low > 0).all())


def _questions(evaluation: Evaluation) -> int:
    return max(map(len, evaluation.scores.values()), default=0)
