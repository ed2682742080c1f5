"""Exploring a space: propose, evaluate, tell, until the budget ends; then confirm the finalists on fresh questions.

An exploration has no state of its own to lose. A search strategy is deterministic given its seed and what it was told,
and what it is told comes from the study. So a killed exploration is continued by starting it again: it walks the same
way, finds everything stored, and goes on where nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from tradespace.data import Dataset, QuestionSets
from tradespace.errors import ComponentError, ModelUnavailableError
from tradespace.evals.measures import MEASURES, Measure
from tradespace.explorer.conclusions.figures import figures
from tradespace.explorer.conclusions.finalists import finalists, shares_missed
from tradespace.explorer.confirming import FINALISTS, FIRST_QUESTIONS, Confirming
from tradespace.explorer.evaluator import Evaluator
from tradespace.explorer.files import observed_of
from tradespace.explorer.grid_candidates import grid_candidates
from tradespace.explorer.host import host_name
from tradespace.explorer.ledger_candidates import LedgerCandidates
from tradespace.explorer.load.study_deployments import StudyDeployments
from tradespace.explorer.observed import ObservedSystem
from tradespace.explorer.planning.allowance import Allowance, Growth
from tradespace.explorer.planning.call_prices import CallPrices
from tradespace.explorer.planning.estimate import Estimator
from tradespace.explorer.planning.plan import Plan, plan, planned_pipelines, planned_scoring
from tradespace.explorer.planning.probing import probe_models, writing_speeds
from tradespace.explorer.planning.speeds import Trial
from tradespace.explorer.preparing.bootstrapping import Bootstrapping
from tradespace.explorer.preparing.preparation import needs_preparation, prepared, with_proposed
from tradespace.explorer.preparing.proposing import Proposing
from tradespace.explorer.profiling.study_profiling import StudyProfiling
from tradespace.explorer.progress import Progress, Status
from tradespace.explorer.provenance import RunLog, context, provenance
from tradespace.explorer.question_groups import left_out, questions_for_groups, with_groups
from tradespace.explorer.recorded_evaluator import RecordedEvaluator
from tradespace.explorer.records import Records
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.explorer.running.bill import Bill
from tradespace.explorer.running.budget import Budget, BudgetSpent
from tradespace.explorer.running.executors import ExecutorOf, in_process
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.explorer.scorable import require_scorable
from tradespace.explorer.search import Search, search_algorithm
from tradespace.explorer.search.candidates import CandidateSource
from tradespace.explorer.searching import Searching
from tradespace.explorer.storage.study import Manifest, StoredDeployments, StudyFolder
from tradespace.explorer.storage.upkeep import carry_over, require_writable
from tradespace.explorer.superseded import forget_superseded
from tradespace.explorer.timing.quiet import Effort
from tradespace.explorer.timing.stage_timer import StageTimer
from tradespace.interrupts import interrupted_once
from tradespace.plurals import agreeing, count
from tradespace.search_space.specification import Specification
from tradespace.search_space.summary import SpaceSummary, describe_space
from tradespace.types import Question

GO_ON = "What was answered is kept: once the model answers, the same command goes on"
TIMED_QUESTIONS = 12
"""Questions on which calls are timed, and finalists run from end to end: the others follow from what was timed."""
EFFORTS = {
    QuestionSet.EXPLORE: Effort(rounds=3, width=0.1, seconds=10.0, repeats=1.0),
    QuestionSet.CONFIRM: Effort(rounds=5, seconds=30.0, repeats=1.0),
}
"""How often each is timed while its figure is not precise enough."""
TIMED_MORE = 9.0
"""How many times as long timing a finalist takes: it is run from end to end, where a pipeline that is explored shares
nearly all calls that are timed with others."""
PLANNING_SECONDS, PLANNING_SHARE = 10.0, 0.05
"""Seconds that counting calls and trying components may take, each, and as a share of the time that is left."""


@dataclass
class Exploration:
    """One specification explored into one study.

    Attributes:
        host: what the machine is called in its timings; its own name where it is None.
        executor_of: where calls are made.
    """

    specification: Specification
    study: StudyFolder
    dataset: Dataset
    progress: Progress
    host: str | None = None
    executor_of: ExecutorOf = in_process
    _counted: float = field(default=0.0, init=False)
    _log: RunLog = field(default_factory=RunLog, init=False)
    _deployments: StudyDeployments | None = field(default=None, init=False)
    _until_the_end: ExitStack = field(default_factory=ExitStack, init=False, repr=False)

    def run(self) -> Results:
        """Search, confirm, and return what the study now holds.

        Interrupted, or without a model that it needs, it keeps and returns what is known.

        Raises:
            StudyError: another process explores into this folder.
            LedgerError: the ledger cannot be written.
            SpaceError: an objective can score no question.
            MeasureError: a measure raised, or gave no score.
        """
        self._hold_to_groups()
        if self.specification.grid is None:
            require_scorable(self.specification, self._splits)
            for configured in self.specification.judged_by.values():
                configured.prepare()
        if self.specification.deployment:
            self._deployments = StudyDeployments(self.specification.deployment)
        with self.study.lock(), interrupted_once() as raise_lost_interrupt, self._until_the_end:
            self._open_ledger()
            self.study.save_space(self.specification.text)
            self._save(interrupted=True)
            try:
                if self.specification.proposals or needs_preparation(self.specification.space):
                    with self._phase("Preparing", "what pipelines are told, by explore questions"):
                        self._prepare()
                with self._phase("Planning"):
                    self._forget_superseded()
                    if self.specification.grid is None:
                        self._plan()
                with self._phase("Searching"):
                    self._search(raise_lost_interrupt)
                if self._splits.confirm:
                    running = "" if self.specification.grid else ", and running them end to end"
                    with self._phase("Confirming", f"the finalists on fresh questions{running}"):
                        self._confirm()
                if self._deployments:
                    with self._phase("Profiling", "batches and busy replicas of the finalists"):
                        self._profile(self._deployments)
                raise_lost_interrupt()
                self._save(interrupted=False)
            except BudgetSpent as spent:
                self._log.ended = f"{spent}, before all that pipelines are told was found"
                self._save(interrupted=False)
            except KeyboardInterrupt:
                self._save(interrupted=True)
            except ModelUnavailableError as error:
                self._save(interrupted=True, stopped=f"{error}. {GO_ON}")
            return self.study.results()

    def _open_ledger(self) -> None:
        """Before anything is paid for: what is called can be kept, and what was called before is known.

        Raises:
            LedgerError: the ledger cannot be used, or not written.
        """
        if self.specification.grid:
            return
        require_writable(self.study)
        carried = carry_over(self.study)
        if carried.outcomes or carried.timings:
            what = f"{count(carried.outcomes, 'outcome')} and {count(carried.timings, 'timing')}"
            self.progress.warn([f"{what} of {self.study.folder} were added to {self.study.ledger.where}"])

    def _hold_to_groups(self) -> None:
        """Find the groups of questions that limits are for, and say which of them are too small.

        Raises:
            SpaceError: a limit is for no group.
        """
        self.specification = with_groups(self.specification, self._splits)
        self.progress.warn(left_out(self.specification, self._splits))

    @contextmanager
    def _phase(self, name: str, rest: str = "") -> Iterator[None]:
        """Say that a phase begins, and note how long it takes."""
        self.progress.phase(f"{name} {rest}".strip())
        start = self._budget.seconds
        try:
            yield
        finally:
            self._log.phases[name.lower()] = self._budget.seconds - start

    @cached_property
    def _splits(self) -> QuestionSets:
        data = self.specification.data
        return self.dataset.split(data.explore, data.confirm, data.seed)

    @cached_property
    def _space(self) -> SpaceSummary:
        return describe_space(self.specification.space)

    @cached_property
    def _context(self) -> str:
        return context(self.specification, self.dataset)

    @cached_property
    def _records(self) -> Records:
        return Records(self.study, self._context, self._host, self.specification.goals, self.specification.scored_by)

    @cached_property
    def _host(self) -> str:
        """What the machine is called whose latencies count."""
        elsewhere = None if self.host or self.specification.grid else self._recorded_calls.elsewhere
        return self.host or (str(elsewhere(host_name)) if elsewhere else host_name())

    @cached_property
    def _budget(self) -> Budget:
        limits = self.specification.search.budget
        if not self.study.exists:
            return Budget(limits, self._usd_per_hour)
        earlier = self.study.manifest().provenance
        return Budget(
            limits,
            self._usd_per_hour,
            asked=earlier.calls_asked,
            made=earlier.calls_made,
            usd=earlier.usd_for_calls,
            earlier=earlier.seconds_spent,
            judging_calls=earlier.judging_calls,
            judging_usd=earlier.judging_usd,
        )

    @cached_property
    def _recorded_calls(self) -> RecordedCalls:
        opened_components = OpenedComponents(self.dataset.documents, self.study.artefacts, self.progress.working)
        executor = self._until_the_end.enter_context(self.executor_of(opened_components))
        bill = Bill(self.specification.prices).total
        return RecordedCalls(opened_components, self.study.ledger, self._budget, bill, executor)

    def _evaluator(self, question_set: QuestionSet, asked: int | None = None) -> Evaluator | RecordedEvaluator:
        """What evaluates pipelines on the questions of a split, by running them or by a table; on so many of the
        questions, from the front, where that is given."""
        whole = self._splits.explore if question_set is QuestionSet.EXPLORE else self._splits.confirm
        questions = whole[:asked]
        if grid := self.specification.grid:
            return RecordedEvaluator(grid, question_set, questions, self._budget)
        prices = self.specification.prices
        return Evaluator(
            self._recorded_calls,
            question_set,
            questions,
            self._times(question_set, questions),
            self._measures,
            prices,
            self.specification.rates,
            self.specification.scored_by,
        )

    @property
    def _measures(self) -> tuple[Measure, ...]:
        """All built-in measures without settings, and others that are objectives: code that is not in use can break
        nothing."""
        wanted = map(self.specification.measure, self.specification.goals.scores)
        others = [each for each in wanted if each not in MEASURES]
        return (*MEASURES, *others)

    @property
    def _usd_per_hour(self) -> float | None:
        prices = self.specification.prices
        return prices.host_usd_per_hour if prices else None

    @cached_property
    def _call_prices(self) -> CallPrices:
        """Where nothing could be planned, calls are priced by what they are alone; else planning replaces this."""
        nothing = Plan(0, 0, 0, {}, {}, {})
        return CallPrices(nothing, {}, self._recorded_calls.bill, self.specification.prices)

    @cached_property
    def _allowance(self) -> Allowance:
        explore, confirm = len(self._splits.explore), len(self._splits.confirm)
        growth = Growth(confirm / max(1, explore), TIMED_MORE)
        finalists = FINALISTS if confirm else 0
        return Allowance(self._budget, finalists, growth)

    def _times(self, question_set: QuestionSet, questions: Sequence[Question]) -> StageTimer:
        return StageTimer(
            self._recorded_calls,
            questions,
            self._host,
            self.specification.goals.latency,
            EFFORTS[question_set],
            question_set is QuestionSet.CONFIRM,
            TIMED_QUESTIONS,
        )

    def _prepare(self) -> None:
        """Draw the examples that pipelines are to give themselves, and let instructions be proposed; from here on the
        space has them.

        Raises:
            BudgetSpent: the budget ends before.
        """
        first = self._allowance.seconds_for_the_first
        self._budget.allow(calls=self._budget.limits.calls, usd=self._allowance.usd_to_search, seconds=first)
        draw_pairs = Bootstrapping(self._splits.explore, self._recorded_calls, self.specification.measure).pairs
        space = prepared(self.specification.space, draw_pairs)
        if proposals := self.specification.proposals:
            by = self.specification.measure(proposals.settings.measure)
            proposing = Proposing(proposals, self._splits.explore, self._recorded_calls, by, self.progress.warn)
            space = with_proposed(space, proposing.instructions)
        self.specification = replace(self.specification, space=space)
        del self._space  # it was counted before

    @cached_property
    def _observed(self) -> ObservedSystem | None:
        return observed_of(self.specification)

    def _forget_superseded(self) -> None:
        if superseded := forget_superseded(self.study.evaluations, self._context):
            self.progress.warn(
                [
                    "defaults, behaviour, weights or how latencies are foretold have changed since "
                    f"{agreeing(len(superseded), 'pipeline was', 'pipelines were')} evaluated, such as "
                    f"{superseded[0]}. That is done again; only changed components are called"
                ]
            )

    def _plan(self) -> None:
        """Estimate what the search takes beyond what the ledger knows, to be compared with what it took.

        Raises:
            ModelUnavailableError: a model that is needed does not answer.
        """
        pipelines = planned_pipelines(self.specification)
        ledger = self.study.ledger or None
        texts = [question.text for question in self._splits.explore]
        left, opened_components = self._budget.seconds_left, self._recorded_calls.opened_components
        seconds = PLANNING_SECONDS if left is None else min(PLANNING_SECONDS, PLANNING_SHARE * left)
        try:
            scoring = planned_scoring(self.specification, self._splits.explore)
            planned = plan(
                pipelines, texts, opened_components, ledger, self._recorded_calls.bill, seconds=seconds, scoring=scoring
            )
            probes = probe_models(planned.missing, opened_components, self._recorded_calls.corpus(pipelines[0]))
            here = host_name() if self._recorded_calls.elsewhere else self._host
            trial = Trial(opened_components, seconds, self.study.ledger, here)
            units = [unit for unit in [*planned.missing, *planned.known] if not is_remote(unit)]
            speeds = trial.speeds(units, planned.examples)
            self._call_prices = CallPrices(planned, speeds, self._recorded_calls.bill, self.specification.prices)
            estimated = Estimator(trial, self.specification.prices, writing_speeds(probes)).estimate(planned, pipelines)
            usd = None if estimated.unpriced else estimated.outlay.usd
            self._log.estimated = None if estimated.untried or estimated.untimed else replace(estimated.outlay, usd=usd)
        except ComponentError as error:
            self.progress.warn([f"what the search takes cannot be estimated: {error}"])

    def _search(self, raise_lost_interrupt: Callable[[], None]) -> None:
        def after_batch(search: Search, evaluated: Sequence[Evaluation]) -> None:
            self._log.account = search.account
            self._save(interrupted=True)
            search.save()
            self.progress.searching(self._status(evaluated))
            raise_lost_interrupt()

        evaluator = self._evaluator(QuestionSet.EXPLORE)
        wanted = self.specification
        searching = Searching(
            wanted.search,
            wanted.goals,
            self._records,
            evaluator,
            self._budget,
            self._allowance,
            self.progress,
            after_batch,
        )
        try:
            self._log.ended = searching.run(lambda: self._start(evaluator))
        finally:
            self._budget.close_search()

    def _start(self, evaluator: Evaluator | RecordedEvaluator) -> Search:
        wanted = self.specification
        chosen = search_algorithm(wanted.search.strategy)
        source = self._candidates(evaluator) if chosen.needs_source else None
        return chosen.start(wanted.space, wanted.goals, wanted.search.seed, self.study.trials_path, source)

    def _candidates(self, evaluator: Evaluator | RecordedEvaluator) -> CandidateSource:
        """What the search may know of pipelines beforehand."""
        if isinstance(evaluator, RecordedEvaluator):
            return grid_candidates(evaluator, self.specification.goals)
        goals, prices = self.specification.goals, self._call_prices
        names = tuple(name for name in goals.needed if name not in goals.scores)
        return LedgerCandidates(
            self._recorded_calls,
            evaluator.questions,
            [self.specification.measure(name) for name in goals.scores],
            names,
            lambda traces: evaluator.foretell(traces, names),
            prices.is_dear,
            prices.price,
            prices.unit,
        )

    def _confirm(self) -> None:
        """Evaluate the finalists on held-out questions, and run them end to end."""
        confirming = Confirming(
            self.specification.goals,
            self.specification.search.half_width,
            len(self._splits.confirm),
            lambda asked: self._evaluator(QuestionSet.CONFIRM, asked),
            self._first_confirmed,
            self._records,
            self._budget,
            self._allowance,
            self.progress,
        )
        self._log.confirmed = confirming.run()

    @property
    def _first_confirmed(self) -> int:
        """How many confirm questions are asked at first: enough of each group with a limit. A table has them all."""
        if self.specification.grid:
            return len(self._splits.confirm)
        return max(FIRST_QUESTIONS, questions_for_groups(self.specification, self._splits.confirm))

    def _profile(self, deployments: StudyDeployments) -> None:
        """Measure the finalists in replicas, as far as the budget allows."""
        finalists = list(self._records.known(QuestionSet.CONFIRM).values())
        profiling = StudyProfiling(
            self.study.ledger,
            self._host,
            self.dataset.key,
            self._recorded_calls.opened_components,
            self._splits.confirm,
            self._budget,
            self.progress,
        )
        self._deployments = replace(deployments, profiles=profiling.run(finalists, deployments.space))

    def _status(self, evaluated: Sequence[Evaluation]) -> Status:
        goals = self.specification.goals
        missed = shares_missed(evaluated, goals.bounds)
        kept = [evaluation for evaluation, excess in zip(evaluated, missed, strict=True) if excess == 0]
        best = finalists(kept, replace(goals, sla=None), 1)
        return Status(
            tried=len(evaluated),
            possible=self._space.allowed,
            exact=self._space.exact,
            goals=goals,
            kept=len(kept),
            best=best[0] if best else None,
            best_figures=dict(zip(goals.measures, map(float, figures(best, goals.measures)[0]), strict=True))
            if best
            else {},
            failures=sum(len(evaluation.failures) for evaluation in evaluated),
            calls_asked=self._budget.asked,
            calls_made=self._budget.made,
            seconds_left=self._budget.seconds_left,
        )

    def _save(self, *, interrupted: bool, stopped: str = "") -> None:
        """Record the state so far. The time since the last record is not counted if a model stopped the run."""
        if not stopped:
            self._counted = self._budget.seconds
        where = provenance(
            self.specification,
            self.dataset,
            self._splits,
            self._counted,
            self._budget,
            log=self._log,
            space=self._space,
            host=self._host,
            interrupted=interrupted,
            stopped=stopped,
        )
        if self.study.exists and not self._budget.pipelines:
            # Nothing was evaluated: what stands beside each other stays that of the search that did.
            earlier = self.study.manifest().provenance
            where = replace(
                where,
                estimated=earlier.estimated,
                spent=earlier.spent,
                phases=earlier.phases,
                confirmed=where.confirmed or earlier.confirmed,
            )
        self.study.save(
            Manifest(
                name=self.specification.name,
                base=str(self.specification.folder.resolve()),
                context=self._context,
                objectives=self.specification.goals.objectives,
                sla=self.specification.goals.sla,
                limits=self.specification.goals.limits,
                utility=self.specification.goals.utility,
                recommend=self.specification.goals.recommend,
                provenance=where,
                scored_by=self.specification.scored_by,
                judges=self.specification.judges,
                deployments=StoredDeployments.of(self._deployments) if self._deployments else None,
                observed=self._observed,
                ledger=self.study.ledger_location,
            )
        )
