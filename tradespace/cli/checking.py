"""`tradespace check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.cli.console import escape, wide_console
from tradespace.cli.spending import dollars, duration
from tradespace.components.pipeline import Pipeline
from tradespace.data import Dataset
from tradespace.evals.statistics import questions_to_bound
from tradespace.explorer.costs import Costs
from tradespace.explorer.exploration import FINALISTS, TIMED_QUESTIONS
from tradespace.explorer.files import read_data, read_to_run
from tradespace.explorer.planning.plan import Plan, by_role, estimate, plan, planned_pipelines
from tradespace.explorer.results import Outlay, Split
from tradespace.explorer.running.caller import Caller
from tradespace.explorer.running.workbench import Workbench
from tradespace.explorer.scorable import require_scorable, scored
from tradespace.explorer.storage.ledger import Ledger
from tradespace.explorer.storage.study import Study
from tradespace.search_space.specification import Specification
from tradespace.search_space.summary import SpaceSummary, describe
from tradespace.types import LATENCIES


def print_check(file: Path, folder: Path | None = None, *, unsandboxed: bool = False) -> None:
    """Check a file and its data, and say what exploring it into a study folder takes.

    Raises:
        InputError: the file or its data are wrong; it carries every fault.
    """
    console = wide_console()
    specification = read_to_run(file, unsandboxed=unsandboxed)
    reading = read_data(specification)
    data = specification.data
    splits = reading.dataset.split(data.explore, data.confirm, data.seed)
    require_scorable(specification, splits)
    for warning in (*reading.faults, *_unbounded(specification)):
        console.print(f"[yellow]warning:[/yellow] {escape(str(warning))}", soft_wrap=True)
    summary = describe(specification.space)
    _print_space(console, specification, summary)
    for measure, counts in scored(specification, splits).items():
        console.print(f"{measure} can score {counts} questions.", soft_wrap=True)
    study = Study(folder or Path("studies") / specification.name)
    pipelines = planned_pipelines(specification)
    planned = _plan(specification, pipelines, reading.dataset, study)
    _print_plan(console, planned)
    hourly = specification.prices.host_usd_per_hour if specification.prices else None
    estimated = estimate(planned, pipelines, reading.dataset, hourly)
    console.print(_outlay(specification, planned, estimated), soft_wrap=True)


def _unbounded(specification: Specification) -> Iterator[str]:
    """Of which latencies no interval will have an upper end, because too few questions are confirmed or timed."""
    confirm, sla = specification.data.confirm, specification.sla
    wanted = [*(objective.measure for objective in specification.objectives), *([sla.measure] if sla else [])]
    for measure in dict.fromkeys(wanted):
        quantile = LATENCIES.get(measure)
        needed = questions_to_bound(quantile) if quantile else 0
        if confirm and needed > min(confirm, TIMED_QUESTIONS[Split.CONFIRM]):
            remedy = "raise `confirm`" if needed <= TIMED_QUESTIONS[Split.CONFIRM] else "choose a lower percentile"
            yield (
                f"{measure} needs {needed} timed questions for its interval to have an upper end; of {confirm} to "
                f"confirm, at most {TIMED_QUESTIONS[Split.CONFIRM]} are timed: {remedy}"
            )


def _plan(specification: Specification, pipelines: Sequence[Pipeline], dataset: Dataset, study: Study) -> Plan:
    """Count calls, less those in the ledger of the study that the same command would continue."""
    data = specification.data
    texts = [question.text for question in dataset.split(data.explore, data.confirm, data.seed).explore]
    ledger = study.ledger if study.exists else None
    workbench = Workbench(dataset.documents, study.artefacts)
    costs = Costs(Caller(workbench, ledger or Ledger(Path(":memory:"))), specification.prices)
    return plan(pipelines, texts, workbench, ledger, costs.bill)


def _print_space(console: Console, specification: Specification, summary: SpaceSummary) -> None:
    console.print(escape(f"{specification.name}: no errors."))
    table = Table("stage", "filled by (combinations of settings)")
    for stage, components in summary.stages.items():
        listed = ", ".join(f"{name} ({_number(size)})" for name, size in components.items())
        table.add_row(stage, escape(listed))
    console.print(table)
    about = "" if summary.exact else "about "
    console.print(f"{_number(summary.combinations)} combinations, {about}{_number(summary.allowed)} pipelines allowed.")
    for rule, share in _worst_first(summary.removed).items():
        console.print(f"  {share:.0%} are forbidden by {escape(rule)}")


def _worst_first(removed: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(removed.items(), key=lambda pair: -pair[1]))


def _number(size: int | None) -> str:
    return "endlessly many" if size is None else f"{size:,}"


def _print_plan(console: Console, planned: Plan) -> None:
    total = sum(planned.missing.values())
    console.print(
        f"Evaluating {planned.pipelines:,} of them on {planned.questions:,} questions asks for "
        f"{planned.evaluations:,} evaluations: at most {planned.asked:,} calls, about {total:,} of them distinct and "
        "not yet in the ledger:",
        soft_wrap=True,
    )
    known = by_role(planned.known)
    for role, count in by_role(planned.missing).items():
        stored = f"  and {known[role]:,} in the ledger" if known[role] else ""
        console.print(f"  {role:<9}{count:>10,}{stored}")
    for role in known.keys() - by_role(planned.missing).keys():
        console.print(f"  {role:<9}{0:>10,}  and {known[role]:,} in the ledger")


def _outlay(specification: Specification, planned: Plan, estimated: Outlay) -> str:
    minutes = specification.search.budget.minutes
    remote = f" besides {planned.remote:,} calls of remote models," if planned.remote else ""
    price = "" if estimated.usd is None else f" and {dollars(estimated.usd)}"
    bounded = f" The search ends after {minutes:g} min (budget)." if minutes is not None else ""
    return (
        f"Estimated for these calls on this machine:{remote} about {duration(estimated.seconds)}{price}; timing the "
        f"stages and confirming {FINALISTS} finalists come on top.{bounded}"
    )
