"""The search phase: what a strategy asks for is evaluated, and it is told how that did, until it ends or the budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from random import Random
from typing import Protocol

from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.explorer.conclusions.figures import figures
from tradespace.explorer.planning.allowance import Allowance
from tradespace.explorer.progress import Progress
from tradespace.explorer.records import Records
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.explorer.search import Failed, Measured, Partial, Search, Step, TrialResult
from tradespace.explorer.search.unseen import Unseen
from tradespace.plurals import count
from tradespace.search_space.goals import Goals
from tradespace.search_space.sections import SearchPlan
from tradespace.types import Question


class PipelineEvaluator(Protocol):
    """What evaluates pipelines on the questions of one split: runs them, or looks them up."""

    @property
    def questions(self) -> Sequence[Question]:
        """All of them."""
        ...

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        """Evaluate pipelines on all questions, in their order; raises BudgetSpent."""
        ...

    def make_calls(self, pipelines: Sequence[Pipeline], questions: range) -> None:
        """Make what was asked of pipelines on some of the questions known; raises BudgetSpent."""
        ...


@dataclass
class Searching:
    """One search under way.

    Attributes:
        after_batch: called with all that was evaluated so far, whenever more was: saves and reports.
        evaluated: the pipelines that were evaluated on all questions, in the order of the search.
    """

    plan: SearchPlan
    goals: Goals
    records: Records
    evaluator: PipelineEvaluator
    budget: Budget
    allowance: Allowance
    progress: Progress
    after_batch: Callable[[Search, Sequence[Evaluation]], None]
    evaluated: list[Evaluation] = field(default_factory=list)
    _known: dict[str, Evaluation] = field(default_factory=dict)
    _begun: list[Pipeline] = field(default_factory=list)

    def run(self, start: Callable[[], Search]) -> str:
        """Search to the end, and return why the budget ended it, or nothing where it did not.

        Raises:
            ModelUnavailableError: a model's server is down.
        """
        self._known = self.records.known(QuestionSet.EXPLORE)
        search: Search | None = None
        ended = ""
        try:
            self._time_again()
            self._mend()
            self._allow()
            search = start()
            while steps := search.ask(self._batch_size()):
                self._take(search, steps)
                self.after_batch(search, self.evaluated)
        except BudgetSpent as spent:
            ended = str(spent)
        if search is not None:
            self._evaluate_known(search)
            self.after_batch(search, self.evaluated)  # also where nothing is new: the search knows now why it ended
        return ended

    def _time_again(self) -> None:
        """Score and time what was explored on other hosts, or for other measures: its answers are in the ledger."""
        missing = [name for name in self.records.elsewhere(QuestionSet.EXPLORE) if name not in self._known]
        if missing:
            self.progress.phase("Scoring and timing here what was explored on another host, or for other measures")
        for start in range(0, len(missing), batch := self.plan.batch):
            self._add(self.evaluator.evaluate([parse(pipeline) for pipeline in missing[start : start + batch]]))

    def _mend(self) -> None:
        """Retry what failed, even if time and calls are used up: it was begun within the budget.

        Raises:
            BudgetSpent: the dollars are spent.
        """
        failed = [name for name, evaluation in self._known.items() if evaluation.has_failed_calls]
        if failed:
            self.progress.phase("Making the calls again that failed")
        with self.budget.any_number():
            for start in range(0, len(failed), batch := self.plan.batch):
                self._add(self.evaluator.evaluate([parse(name) for name in failed[start : start + batch]]))

    def _add(self, evaluations: Sequence[Evaluation]) -> None:
        self.records.store(evaluations)
        self._known.update((evaluation.pipeline, evaluation) for evaluation in evaluations)

    def _batch_size(self) -> int:
        limit = self.plan.budget.pipelines
        return self.plan.batch if limit is None else min(self.plan.batch, limit - len(self.evaluated))

    def _take(self, search: Search, steps: Sequence[Step]) -> None:
        """Evaluate what was asked for, on all questions or on some, and say how it did."""
        total = len(self.evaluator.questions)
        self._begun += [step.pipeline for step in steps]
        if self._may_end_soon and not self._known:
            self._evaluate([steps[0].pipeline])  # whatever happens, there is something to show
        self._buy([step for step in steps if step.questions and len(step.questions) < total])
        whole = [step.pipeline for step in steps if step.questions is None or step.questions.stop == total]
        self._evaluate(whole)
        for step in steps:
            search.tell(step.pipeline, self._result(step.pipeline) if str(step.pipeline) in self._known else Partial())

    @property
    def _may_end_soon(self) -> bool:
        limits = self.plan.budget
        return any(limit is not None for limit in (limits.minutes, limits.calls, limits.usd))

    def _buy(self, steps: Sequence[Step]) -> None:
        """Make the calls of pipelines on some of the questions: the ledger keeps what comes of it.

        Raises:
            BudgetSpent: time is up, or too few calls or dollars are left.
        """
        together: defaultdict[range, list[Pipeline]] = defaultdict(list)
        for step in steps:
            if step.questions:
                together[step.questions].append(step.pipeline)
        for questions, pipelines in together.items():
            self._allow()
            with self.allowance.evaluating(len(pipelines) * len(questions) / len(self.evaluator.questions)):
                self.evaluator.make_calls(pipelines, questions)

    def _evaluate(self, pipelines: Sequence[Pipeline], *, late: bool = False) -> None:
        """Evaluate what is not yet known, and store it: as many pipelines at a time as there is time for. What comes
        late may use the time that is kept for confirming.

        Raises:
            BudgetSpent: time is up, or too few calls or dollars are left.
        """
        fresh = [pipeline for pipeline in pipelines if str(pipeline) not in self._known]
        while fresh:
            self._allow(late=late)
            some = fresh[: self.allowance.fitting(len(fresh))]
            with self.allowance.evaluating(len(some)):
                self._add(self.evaluator.evaluate(some))
            self.budget.pipelines += len(some)
            fresh = fresh[len(some) :]
        done = {evaluation.pipeline for evaluation in self.evaluated}
        names = dict.fromkeys(map(str, pipelines))
        self.evaluated += [self._known[name] for name in names if name not in done]

    def _allow(self, *, late: bool = False) -> None:
        """Say what the next calls may use. The first pipeline of a study has a minute at least, for without it there
        would be nothing to show.

        Raises:
            BudgetSpent: the time is up.
        """
        usual = self._known and not late
        left = self.allowance.seconds_to_search if usual else self.allowance.seconds_for_the_first
        self.budget.allow(calls=self.budget.limits.calls, usd=self.allowance.usd_to_search, seconds=left)
        if left is not None and left <= 0:
            raise BudgetSpent("the time is up")

    def _evaluate_known(self, search: Search) -> None:
        """Evaluate the pipelines whose calls were all made by the way, for other pipelines: they cost nothing more.
        About as many as are confirmed are evaluated late, if need be: the frontier among them is no frontier otherwise.
        Where there is none yet, as the budget was spent too soon, finish one that was begun, if any can be."""
        done = {evaluation.pipeline for evaluation in self.evaluated}
        free = [pipeline for pipeline in search.complete if str(pipeline) not in done]
        limit = self.plan.budget.pipelines
        wanted = free if limit is None else free[: max(0, limit - len(self.evaluated))]
        self._try(wanted[: self.allowance.finalists], late=True)
        self._try(wanted[self.allowance.finalists :])
        for pipeline in [*dict.fromkeys(self._begun), *_any_member(search)]:
            if self._known:
                return
            self._try([pipeline])

    def _try(self, pipelines: Sequence[Pipeline], *, late: bool = False) -> None:
        """Evaluate pipelines as far as the budget allows it."""
        with suppress(BudgetSpent):
            self._evaluate(pipelines, late=late)

    def _result(self, pipeline: Pipeline) -> TrialResult:
        evaluation = self._known[str(pipeline)]
        needed = self.goals.needed
        row = [float(value) for value in figures([evaluation], needed)[0]]
        named = dict(zip(needed, row, strict=True))
        if all(map(isfinite, row)):
            return Measured(named)
        return Failed(_reason(evaluation, named))


def _any_member(search: Search) -> list[Pipeline]:
    """A pipeline of the space, where the budget was spent before one was asked for; none in an empty space."""
    drawn = Unseen(search.problem.space, Random(search.seed), lambda pipeline: False).draw()
    return [drawn] if drawn else []


def _reason(evaluation: Evaluation, named: Mapping[str, float]) -> str:
    """Why a pipeline has no finite figures."""
    missing = ", ".join(name for name, value in named.items() if not isfinite(value))
    if not evaluation.failures and (reasons := _unjudged(evaluation, named)):
        return f"no {missing}: no answer to {count(len(reasons), 'question')} has a score; the first: {reasons[0]}"
    first = next(iter(evaluation.failures.values()), "nothing was measured")
    return f"no {missing}: {count(len(evaluation.failures), 'question')} failed; the first: {first}"


def _unjudged(evaluation: Evaluation, named: Mapping[str, float]) -> list[str]:
    """Why answers have no score by what has no figure."""
    lacking = [judging for name, judging in evaluation.judging.items() if not isfinite(named.get(name, 0.0))]
    return [reason for judging in lacking for reason in judging.missing.values()]
