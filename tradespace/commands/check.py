"""`tradespace check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape, wide_console
from tradespace.commands.spending import dollars, rough_duration
from tradespace.components.base import Pipeline
from tradespace.data import Dataset
from tradespace.errors import ComponentError, ModelUnavailableError
from tradespace.evals.figures import figure_of
from tradespace.explorer.exploration import FINALISTS, PLANNING_SECONDS
from tradespace.explorer.files import read_data, read_to_run, uninstalled
from tradespace.explorer.host import host_name
from tradespace.explorer.planning.estimate import Estimator, SpendingEstimate
from tradespace.explorer.planning.plan import Plan, by_role, plan, planned_pipelines
from tradespace.explorer.planning.probing import probe_models, writing_speeds
from tradespace.explorer.planning.speeds import Trial
from tradespace.explorer.running.bill import Bill
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.scorable import require_scorable, scored
from tradespace.explorer.storage.study import Study
from tradespace.extensions import unusable
from tradespace.reports.words import count as counted
from tradespace.reports.words import listed
from tradespace.search_space.specification import Specification
from tradespace.search_space.summary import SpaceSummary, describe_space

PROBE = "`tradespace check FILE --probe` asks each remote model twice to find out how fast it is"
STATED_SPEED = "State `tokens_per_second` under `prices: models:`."
PRICE_REMEDY = "State prices for these models under `prices: models:`."


def print_check(file: Path, folder: Path | None = None, *, unsandboxed: bool = False, probing: bool = False) -> None:
    """Check a file and its data, and say what exploring it into a study folder takes.

    Remote models are asked only where `probing`.

    Raises:
        InputError: the file or its data are wrong; it carries every fault.
    """
    console = wide_console()
    specification = read_to_run(file, unsandboxed=unsandboxed)
    reading = read_data(specification)
    data = specification.data
    splits = reading.dataset.split(data.explore, data.confirm, data.seed)
    require_scorable(specification, splits)
    for warning in (*reading.faults, *_unbounded(specification), *uninstalled(specification), *unusable()):
        console.print(f"[yellow]warning:[/yellow] {escape(str(warning))}", soft_wrap=True)
    summary = describe_space(specification.space)
    _print_space(console, specification, summary)
    for measure, counts in scored(specification, splits).items():
        console.print(f"{measure} can score {counts} questions.", soft_wrap=True)
    study = Study(folder or Path("studies") / specification.name)
    pipelines = planned_pipelines(specification)
    opened_components = OpenedComponents(reading.dataset.documents, study.artefacts)
    planned = _plan(specification, pipelines, reading.dataset, study, opened_components)
    _print_plan(console, planned)
    speeds = _probed(console, planned, pipelines[0], opened_components) if probing else {}
    ledger = study.ledger if study.exists and study.writable else None
    trial = Trial(opened_components, PLANNING_SECONDS, ledger, host_name())
    estimated = Estimator(trial, specification.prices, speeds).estimate(planned, pipelines)
    finalists = min(FINALISTS, planned.pipelines) if splits.confirm else 0
    _print_estimate(console, specification, planned, estimated, finalists, probing=probing)


def _unbounded(specification: Specification) -> Iterator[str]:
    """Latencies whose interval will have no upper end, because too few questions are confirmed."""
    confirm = specification.data.confirm
    for measure in specification.goals.needed:
        needed = figure_of(measure).summary.questions_to_bound
        if confirm and needed > confirm:
            yield (
                f"{measure} needs {needed} questions for its interval to have an upper end, and {confirm} are "
                "confirmed: raise `confirm`, or choose a lower percentile"
            )


def _plan(
    specification: Specification,
    pipelines: Sequence[Pipeline],
    dataset: Dataset,
    study: Study,
    opened_components: OpenedComponents,
) -> Plan:
    """Count calls, less those in the ledger of the study that the same command would continue."""
    data = specification.data
    texts = [question.text for question in dataset.split(data.explore, data.confirm, data.seed).explore]
    ledger = study.ledger if study.exists else None
    bill = Bill(specification.prices).total
    return plan(pipelines, texts, opened_components, ledger, bill, seconds=PLANNING_SECONDS)


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
    return "infinitely many" if size is None else f"{size:,}"


def _print_plan(console: Console, planned: Plan) -> None:
    total = sum(planned.missing.values())
    console.print(
        f"Evaluating {planned.pipelines:,} of them on {counted(planned.questions, 'question')} asks for "
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


def _print_estimate(
    console: Console,
    specification: Specification,
    planned: Plan,
    estimated: SpendingEstimate,
    finalists: int,
    *,
    probing: bool,
) -> None:
    """Unknown costs first: they may be the largest part."""
    for message in _unknown(estimated, probing=probing):
        console.print(escape(message), soft_wrap=True)
    console.print(_outlay(specification, planned, estimated, finalists), soft_wrap=True)


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
