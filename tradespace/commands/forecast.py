"""What evaluating pipelines takes beyond what the ledger of a study knows, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.console import Console

from tradespace.commands.check_content import Foreseen
from tradespace.commands.console import escape
from tradespace.components.base import Pipeline
from tradespace.data import QuestionSets
from tradespace.errors import ComponentError, ModelUnavailableError
from tradespace.explorer.confirming import FINALISTS
from tradespace.explorer.exploration import PLANNING_SECONDS
from tradespace.explorer.host import host_name
from tradespace.explorer.planning.estimate import Estimator, SpendingEstimate
from tradespace.explorer.planning.plan import Plan, by_role, plan, planned_pipelines, planned_scoring
from tradespace.explorer.planning.probing import probe_models, writing_speeds
from tradespace.explorer.planning.speeds import Trial
from tradespace.explorer.planning.wall_time import WallTime, rounds_of, wall_time
from tradespace.explorer.running.bill import Bill
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.search import search_algorithm
from tradespace.explorer.storage.study import StudyFolder
from tradespace.plurals import agreeing
from tradespace.plurals import count as counted
from tradespace.reports.remaining import cost_of_more
from tradespace.reports.words import dollars, listed, percent, rough_duration
from tradespace.search_space.specification import Specification
from tradespace.types import Document

PROBE = "`tradespace check FILE --probe` asks each remote model twice to find out how fast it is"
STATED_SPEED = "State `tokens_per_second` under `prices: models:`."
PRICE_REMEDY = "State prices for these models under `prices: models:`."


@dataclass(frozen=True)
class Forecast:
    """Says what evaluating pipelines on the explore questions takes beyond what the ledger of a study knows; with so
    many `workers` too, where that is asked."""

    console: Console
    specification: Specification
    splits: QuestionSets
    study: StudyFolder
    documents: Sequence[Document]
    probing: bool
    workers: int | None = None

    def print_space(self) -> Foreseen:
        """For as many pipelines as the search may try; return the same as values."""
        planned, estimated = self._forecast(planned_pipelines(self.specification), self._print_plan)
        finalists = min(FINALISTS, planned.pipelines) if self.splits.confirm else 0
        self._print_judging(planned)
        self._print_unknown(estimated)
        self.console.print(_outlay(self.specification, planned, estimated, finalists), soft_wrap=True)
        wall = self._wall_time(planned, estimated)
        return Foreseen(None, planned, estimated, wall=wall)

    def print_pipeline(self, pipeline: Pipeline) -> Foreseen:
        """For one pipeline; return the same as values."""
        planned, estimated = self._forecast([pipeline])
        in_space = self.specification.space.choices(pipeline) is not None
        if not in_space:
            self.console.print(
                f"[yellow]warning:[/yellow] {escape(f'{pipeline} is not in this space')}", soft_wrap=True
            )
        self._print_judging(planned)
        self._print_unknown(estimated)
        costs = cost_of_more(planned.calls, sum(planned.missing.values()), estimated.outlay)
        self.console.print(f"{escape(str(pipeline))} {costs}.", soft_wrap=True)
        wall = self._wall_time(planned, estimated)
        return Foreseen(str(pipeline), planned, estimated, in_space, wall)

    def _forecast(
        self, pipelines: Sequence[Pipeline], begin: Callable[[Plan], None] = lambda planned: None
    ) -> tuple[Plan, SpendingEstimate]:
        """Count calls, less those in the ledger of the study that the same command would continue, and estimate what
        the others take; `begin` is called with the plan before that, as it may take seconds."""
        prices, opened_components = self.specification.prices, self._opened_components
        texts = [question.text for question in self.splits.explore]
        ledger = self.study.known_calls
        scoring = planned_scoring(self.specification, self.splits.explore)
        bill, seconds = Bill(prices).total, PLANNING_SECONDS
        planned = plan(pipelines, texts, opened_components, ledger, bill, seconds=seconds, scoring=scoring)
        begin(planned)
        speeds = _probed(self.console, planned, pipelines[0], opened_components) if self.probing else {}
        kept = ledger if ledger is not None and ledger.writable else None
        trial = Trial(opened_components, PLANNING_SECONDS, kept, host_name())
        return planned, Estimator(trial, prices, speeds).estimate(planned, pipelines)

    @cached_property
    def _opened_components(self) -> OpenedComponents:
        return OpenedComponents(self.documents, self.study.artefacts)

    def _print_plan(self, planned: Plan) -> None:
        total = sum(planned.missing.values())
        self.console.print(
            f"Evaluating {planned.pipelines:,} of them on {counted(planned.questions, 'question')} asks for "
            f"{counted(planned.evaluations, 'evaluation')}: at most {counted(planned.asked, 'call')}, about {total:,} "
            "of them distinct and not yet in the ledger:",
            soft_wrap=True,
        )
        known = by_role(planned.known)
        for role, count in by_role(planned.missing).items():
            stored = f"  and {known[role]:,} in the ledger" if known[role] else ""
            self.console.print(f"  {role:<9}{count:>10,}{stored}")
        for role in known.keys() - by_role(planned.missing).keys():
            self.console.print(f"  {role:<9}{0:>10,}  and {known[role]:,} in the ledger")
        if known:
            complete = agreeing(planned.complete, "pipeline lacks", "pipelines lack")
            self.console.print(f"{percent(planned.known_share)} of these calls are known; {complete} none.")

    def _print_judging(self, planned: Plan) -> None:
        """What scores answers is no part of a pipeline, and may cost more than one."""
        if planned.judging_calls:
            price = f", for at most about {dollars(planned.judging_usd)}" if planned.judging_usd else ""
            judge = agreeing(planned.judging_calls, "of these calls judges", "of these calls judge")
            apart = "No latency and no cost of a pipeline has them in it."
            self.console.print(f"About {judge} answers{price}. {apart}", soft_wrap=True)

    def _wall_time(self, planned: Plan, estimated: SpendingEstimate) -> WallTime | None:
        """Say how long the calls take with so many workers, where that is asked."""
        if self.workers is None:
            return None
        search = self.specification.search
        rounds = rounds_of(planned, search.batch, getattr(search_algorithm(search.strategy), "block", None))
        wall = wall_time(planned, estimated, self.workers, rounds)
        self.console.print(_with_workers(wall, self.workers, rounds), soft_wrap=True)
        return wall

    def _print_unknown(self, estimated: SpendingEstimate) -> None:
        """Unknown costs come first: they may be the largest part."""
        for message in _unknown(estimated, probing=self.probing):
            self.console.print(escape(message), soft_wrap=True)


def _unknown(estimated: SpendingEstimate, *, probing: bool) -> Iterator[str]:
    """What the estimate leaves out, each with the remedy that is left."""
    if estimated.untried:
        untried = f"They were not tried: {PLANNING_SECONDS:g} s were spent on the others."
        yield f"It is not known how long {listed(estimated.untried)} take. {untried}"
    if estimated.untimed:
        remedy = STATED_SPEED if probing else f"{PROBE}, or {STATED_SPEED[0].lower()}{STATED_SPEED[1:]}"
        yield f"It is not known how long {listed(estimated.untimed)} take. {remedy}"
    if estimated.unpriced:
        yield f"It is not known what {listed(estimated.unpriced)} cost. {PRICE_REMEDY}"


def _outlay(specification: Specification, planned: Plan, estimated: SpendingEstimate, finalists: int) -> str:
    minutes = specification.search.budget.minutes
    unknown = estimated.untried or estimated.untimed or estimated.unpriced
    calls = "what is known of these calls" if unknown else "these calls"
    longest = " (completions as long as they may be)" if planned.remote and not estimated.untimed else ""
    price = "" if estimated.outlay.usd is None else f" and {dollars(estimated.outlay.usd)}"
    confirming = f" and confirming {counted(finalists, 'finalist')} come" if finalists else " comes"
    ends = f"timing the stages{confirming} on top" + (
        "." if minutes is None else f"; all of it ends after about {minutes:g} min (budget)."
    )
    seconds = rough_duration(estimated.outlay.seconds)
    return f"Estimated for {calls} on this machine: about {seconds}{price}{longest}; {ends}"


def _with_workers(time: WallTime, workers: int, rounds: int) -> str:
    """How long calls take with so many workers, and why no less."""
    parts = {
        "of calls": time.calling,
        "of waiting for models elsewhere, whose limits hold for all workers together": time.waiting,
        "in which one process builds indexes, hands out calls and records them": time.alone,
    }
    told = listed([f"{rough_duration(seconds)} {what}" for what, seconds in parts.items() if seconds >= 0.05])
    busy = f"{time.busy:.0f}" if time.busy >= 10 else f"{time.busy:.1f}"
    return (
        f"With {counted(workers, 'worker')} as fast as this machine, an estimate: about {rough_duration(time.seconds)}"
        f"{f', {told}' if told else ''}. The search asks in {counted(rounds, 'round')}, one after the other; in the "
        f"mean {busy} of the workers have something to do. Timing the stages comes on top."
    )


def _probed(
    console: Console, planned: Plan, pipeline: Pipeline, opened_components: OpenedComponents
) -> dict[str, float]:
    """Tokens a second that remote models write, by their names; models that do not answer are reported."""
    try:
        speeds = writing_speeds(probe_models(planned.missing, opened_components, opened_components.corpus(pipeline)))
    except (ComponentError, ModelUnavailableError) as error:
        console.print(f"[yellow]warning:[/yellow] {escape(str(error))}", soft_wrap=True)
        return {}
    for name, speed in speeds.items():
        console.print(escape(f"{name} answers, and writes {speed:.0f} tokens a second."), soft_wrap=True)
    return speeds
