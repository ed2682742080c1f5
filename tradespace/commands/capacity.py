"""`tradespace capacity`: what deployed pipelines bear, from the records of a study; runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.commands.ask import recommended_pipeline
from tradespace.commands.console import escape, wide_console
from tradespace.commands.preferences import Preferences
from tradespace.components.threads import cores
from tradespace.data.traffic import find_trace
from tradespace.errors import InputError, nearest
from tradespace.explorer.conclusions.deployed_choice import conclude_load
from tradespace.explorer.conclusions.deployments import deployed_pipelines
from tradespace.explorer.files import specification_of
from tradespace.explorer.load.capacity import burst_capacity, capacity
from tradespace.explorer.load.demand import DeployedPipeline
from tradespace.explorer.load.prediction import predict_load
from tradespace.explorer.load.study_deployments import StudyDeployments
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Evaluation, Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.load_words import burst_words, capacity_words, deployment_words, load_name
from tradespace.reports.words import interval, percent, quantity
from tradespace.search_space.deployment import Host, Load, StageGroup
from tradespace.search_space.deployment.quantities import per_second
from tradespace.search_space.deployment.section import THIS_MACHINE, read_deployment_file
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals, ServiceLevel

SHOWN = ("latency_p50", "latency_p95", "latency_p99")
USUAL_LOAD = Load(rate=1.0)


@dataclass(frozen=True)
class CapacityWishes:
    """What the command line says; what is left out is the study's own.

    Attributes:
        pipeline: its notation; the recommended one where it is None.
        rates: such as `5 per s`.
        replicas, batch: of the whole pipeline in one group, in the place of the study's deployments.
        trace: that arrivals are taken from.
        deployment: a file with a section `deployment`.
        everything: all of the frontier.
    """

    pipeline: str | None = None
    rates: Sequence[str] = ()
    replicas: int | None = None
    batch: int | None = None
    sla: str | None = None
    trace: str | None = None
    deployment: Path | None = None
    host: str | None = None
    everything: bool = False


def print_capacity(folder: Path, wishes: CapacityWishes) -> None:
    """Print how much load deployed pipelines hold within the SLA, and what is foretold at some rates.

    Raises:
        InputError: there is no SLA, no such pipeline, or nothing was timed on this host.
    """
    study = StudyFolder(folder)
    results = study.results(wishes.host)
    deployments = _deployments(study, results, wishes)
    goals = deployments.space.goals
    if goals.sla is None:
        raise InputError("a capacity needs a latency that must be kept: name one, such as --sla '300 ms'")
    console = wide_console()
    for traffic in deployments.traffics:
        found = list(_targets(study, results, deployments, traffic, wishes))
        if not found:
            console.print(escape(f"Under {load_name(traffic)}, no deployment keeps the SLA."), soft_wrap=True)
        for deployed in found:
            _print_target(console, deployed, traffic, goals.sla)


def _deployments(study: StudyFolder, results: Results, wishes: CapacityWishes) -> StudyDeployments:
    own = study.deployments()
    if wishes.deployment:
        goals = own.space.goals if own else results.goals
        space = read_deployment_file(wishes.deployment, specification_of(study).space.stages, goals)
        own = replace(own, space=space) if own else StudyDeployments(space)
    if own is None or wishes.replicas or wishes.batch:
        goals = own.space.goals if own else results.goals
        one = _one_group(results, wishes, goals)
        own = replace(own, space=one) if own else StudyDeployments(one)
    goals = Preferences(sla=wishes.sla).instead_of(own.space.goals, results)
    return _with_loads(own.under(goals), wishes)


def _one_group(results: Results, wishes: CapacityWishes, goals: Goals) -> DeploymentSpace:
    """All stages in one process, so many times."""
    stages = tuple(dict.fromkeys(stage for each in results.explored for stage in each.seconds))
    group = StageGroup(stages, wishes.replicas or 1, wishes.batch or 1, host=THIS_MACHINE)
    return DeploymentSpace((USUAL_LOAD,), ((group,),), (Host(THIS_MACHINE, cores=cores()),), goals)


def _with_loads(deployments: StudyDeployments, wishes: CapacityWishes) -> StudyDeployments:
    if not wishes.rates and not wishes.trace:
        return deployments
    traces = {wishes.trace: find_trace(wishes.trace)} if wishes.trace else {}
    try:
        rates: list[float | None] = [per_second(rate) for rate in wishes.rates]
    except ValueError as error:
        raise InputError(f"--rate {error}") from None
    loads = tuple(Load(rate, trace=wishes.trace or "") for rate in rates or [None])
    return replace(deployments, space=replace(deployments.space, loads=loads, traces=traces))


def _targets(
    study: StudyFolder, results: Results, deployments: StudyDeployments, traffic: Traffic, wishes: CapacityWishes
) -> Iterator[DeployedPipeline]:
    """The deployed pipelines that are asked about."""
    space = deployments.space
    named = wishes.pipeline or (recommended_pipeline(study) if space.size == 1 and not wishes.everything else None)
    if named and space.size == 1:
        evaluation = _evaluation(results, named)
        yield from deployed_pipelines([evaluation], space, deployments.profiles, results.on_same_questions(evaluation))
        return
    explored, confirmed = results.explored, results.confirmed
    if named:
        explored, confirmed = (_evaluation(results, named),), ()
    concluded = conclude_load(explored, confirmed, space, traffic, deployments.profiles)
    if wishes.everything:
        yield from (point.deployed for point in concluded.explored.frontier)
    elif concluded.chosen:
        yield concluded.chosen.point.deployed


def _evaluation(results: Results, notation: str) -> Evaluation:
    """The evaluation of a pipeline, on confirm questions where there is one."""
    known = {each.pipeline: each for each in (*results.explored, *results.confirmed)}
    if notation not in known:
        raise InputError(f"--pipeline: {notation!r} was not evaluated; {nearest(notation, list(known))}")
    if not any(known[notation].seconds.values()):
        raise InputError(f"{notation} has no timings on {results.provenance.host}: explore on this host first")
    return known[notation]


def _print_target(console: Console, deployed: DeployedPipeline, traffic: Traffic, sla: ServiceLevel) -> None:
    holds = capacity(deployed, traffic, sla)
    console.print(f"[bold]{escape(deployed.evaluation.pipeline)}[/bold]", soft_wrap=True)
    console.print(escape(f"  {deployment_words(deployed.deployment)}"), soft_wrap=True)
    in_bursts = burst_capacity(deployed, traffic, sla)
    words = f"  holds {sla.bound} to {capacity_words(holds, of_trace=traffic.trace is not None)}"
    console.print(escape(f"{words}{burst_words(in_bursts)}."), soft_wrap=True)
    console.print(_prediction_table(deployed, traffic, sla))
    if deployed.unprofiled:
        console.print(f"[dim]Not measured in company: {escape(', '.join(deployed.unprofiled))}.[/dim]", soft_wrap=True)


def _prediction_table(deployed: DeployedPipeline, traffic: Traffic, sla: ServiceLevel) -> Table:
    """What is foretold at the rate of the load; near saturation as intervals."""
    predicted = predict_load(deployed, traffic, sla.seconds)
    latencies = dict.fromkeys([*SHOWN, sla.measure])
    table = Table("load", *latencies, "within the SLA", "busy", "of the tail, queueing", "$ / hour", "$ / 1,000")
    table.add_row(
        escape(load_name(traffic)),
        *(
            interval(predicted.latencies[name], name)
            if predicted.uncertain
            else f"{quantity(predicted.latencies[name].value, name)} ({interval(predicted.latencies[name], name)})"
            for name in latencies
        ),
        percent(predicted.attained.value or 0.0) if predicted.attained else "–",
        ", ".join(f"{escape(name)} {percent(share)}" for name, share in predicted.utilisation.items()),
        percent(min(1.0, sum(share.queued for share in predicted.tail.values()))),
        f"{deployed.deployment.usd_per_hour:.3g}",
        quantity(predicted.usd_per_1k, "usd_per_1k"),
    )
    return table
