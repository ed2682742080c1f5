"""What is said of pipelines under load: which deployment is recommended, how much it holds, and what was left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.evals.figures import Kind, figure_of
from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.deployed_choice import DeployedChoice, LoadConclusion, conclude_loads
from tradespace.explorer.conclusions.deployed_points import DeployedPoint, compared_by, judged_by
from tradespace.explorer.conclusions.deployments import Overload
from tradespace.explorer.load.curve import RatePoint, latency_curve
from tradespace.explorer.load.prediction import UNCERTAIN_ABOVE, LoadPrediction, predict_load
from tradespace.explorer.load.study_deployments import StudyDeployments
from tradespace.explorer.load.traffic import Traffic
from tradespace.explorer.results import Results
from tradespace.plurals import agreeing, count
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.table import Cell, PipelineRow, PipelinesTable
from tradespace.reports.words import bound, column_name, interval, listed, measure_name, percent, quantity
from tradespace.search_space.deployment import Deployment, StageGroup
from tradespace.search_space.goals import Goals, ServiceLevel

MOST_DEPLOYMENTS_LISTED = 12
SCARCE_REQUESTS, SCARCE_REPLICATES = 500, 8
"""Of the intervals in the table of the frontier."""


@dataclass(frozen=True, slots=True)
class UnderLoadInfo:
    """One load: an answer, sentences about it, the frontier as a table, and for the recommended deployment its latency
    by rate, with the capacity."""

    load: str
    headline: str
    pipeline: str | None
    notes: tuple[str, ...]
    frontier: PipelinesTable
    sla: ServiceLevel | None
    latency: str
    curve: tuple[RatePoint, ...]
    capacity: Estimate | None


def under_load_infos(results: Results, deployments: StudyDeployments) -> tuple[UnderLoadInfo, ...]:
    """What is said of each load of a study, judged by the goals of its deployments."""
    numbers, goals = pipeline_numbers(results), deployments.space.goals
    return tuple(under_load_info(each, goals, numbers) for each in conclude_loads(results, deployments))


def under_load_info(concluded: LoadConclusion, goals: Goals, numbers: Mapping[str, int]) -> UnderLoadInfo:
    """Everything that `show` and the report say of one load."""
    chosen = concluded.chosen
    shown = chosen.point if chosen else concluded.nearest
    curve = latency_curve(chosen.point.deployed, concluded.traffic, goals.latency) if chosen else ()
    return UnderLoadInfo(
        load=load_name(concluded.traffic),
        headline=_headline(concluded, goals),
        pipeline=shown.pipeline if shown else None,
        notes=tuple(_notes(concluded, goals)),
        frontier=_table(concluded, goals, numbers),
        sla=goals.sla,
        latency=goals.latency,
        curve=curve,
        capacity=chosen.capacity if chosen else None,
    )


def load_name(traffic: Traffic) -> str:
    """A load in words.

    >>> from tradespace.search_space.deployment import Load
    >>> load_name(Traffic(Load(rate=5.0))), load_name(Traffic(Load(rate=5.0, burstiness=2.0)))
    ('5 requests per s', '5 requests per s in bursts (burstiness 2)')
    """
    load = traffic.load
    if load.trace:
        return f"{rate_words(traffic.rate)} as in {load.trace}"
    steady = "" if load.burstiness == 1 else f" in bursts (burstiness {load.burstiness:g})"
    return f"{rate_words(traffic.rate)}{' evenly spaced' if load.burstiness == 0 else steady}"


def rate_words(rate: float) -> str:
    """A rate as it is said: `7.4 requests per s`."""
    return f"{rate_number(rate)} {'request' if rate == 1 else 'requests'} per s"


def rate_number(rate: float | None) -> str:
    """Three figures that count: `7.4`, `33`, `0.05`; ∞ where there is no limit."""
    return "–" if rate is None else "∞" if math.isinf(rate) else f"{rate:.3g}"


def capacity_words(capacity: Estimate) -> str:
    """A capacity with how far it may be off: `7.4 ± 0.3 requests per s`."""
    value, high = capacity.value or 0.0, capacity.high or 0.0
    if not math.isfinite(value):
        return "any rate"
    reach = high - value
    digits = max(0, 1 - math.floor(math.log10(reach))) if reach > 0 else 3
    return f"{value:.{digits}f} ± {reach:.{digits}f} requests per s" if reach > 0 else rate_words(value)


def deployment_words(deployment: Deployment) -> str:
    """The groups of a deployment: `retrieve: 1 replica; generate: 2 replicas, batches of up to 4`."""
    return "; ".join(f"{group.name}: {_group_words(group)}" for group in deployment.groups)


def _group_words(group: StageGroup) -> str:
    tail = group.tail
    settings = [
        count(group.replicas, "replica"),
        *([f"batches of up to {group.batch}"] if group.batch > 1 else []),
        *([f"waiting {group.wait * 1000:g} ms for them"] if group.wait else []),
        *([f"timeout {bound(tail.timeout)}"] if tail.timeout is not None else []),
        *([f"hedged after its p{tail.hedge_after * 100:g}"] if tail.hedge_after is not None else []),
        *([f"{count(tail.retries, 'further attempt')} at most"] if tail.retries else []),
        *([f"fallback {tail.fallback}"] if tail.fallback else []),
    ]
    return ", ".join(settings)


def _headline(concluded: LoadConclusion, goals: Goals) -> str:
    where, chosen = load_name(concluded.traffic), concluded.chosen
    if not concluded.explored.considered:
        return (
            f"Under {where}: nothing can be said, as no pipeline was timed on this host. Explore on it, or name another"
        )
    if chosen is None:
        if not goals.recommend:
            return f"Under {where}: the frontier alone is asked for."
        missed = f"Under {where}: no pipeline keeps {_asked(goals)} in any of the deployments."
        return missed + _nearest_words(concluded, goals)
    figures = [
        f"{measure_name(name)} {quantity(chosen.point.figures[name], name)}"
        for name in goals.measures
        if figure_of(name).kind is Kind.SCORE
    ]
    machines = _usd_words(chosen)
    return (
        f"Under {where}: {', '.join([*figures, latency_words(chosen.prediction, goals.latency), *machines])}, with "
        f"{deployment_words(chosen.point.deployment)}."
    )


def _nearest_words(concluded: LoadConclusion, goals: Goals) -> str:
    """What the nearest that was tried comes to, in the figures that have a bound."""
    point = concluded.nearest
    if point is None:
        return ""
    figures = [
        f"{measure_name(each.measure)} {quantity(point.figures[each.measure], each.measure)}" for each in goals.bounds
    ]
    return f" Nearest comes, with {listed(figures)}, {deployment_words(point.deployment)}."


def _asked(goals: Goals) -> str:
    sla = [f"the SLA of {bound(goals.sla.seconds)}"] if goals.sla else []
    return listed([*sla, *map(str, goals.limits)]) or "what is asked for"


def latency_words(prediction: LoadPrediction, measure: str) -> str:
    """A latency under load with its interval; near saturation the interval alone, and why."""
    estimate = prediction.latencies[measure]
    if prediction.uncertain:
        return f"{measure_name(measure)} {interval(estimate, measure)}"
    return f"{measure_name(measure)} {quantity(estimate.value, measure)} ({interval(estimate, measure)})"


def _usd_words(chosen: DeployedChoice) -> list[str]:
    hourly, per_1k = (chosen.point.figures[name] for name in ("usd_per_hour", "usd_per_1k"))
    if not hourly and not per_1k:
        return []
    return [f"${hourly or 0:.3g} per hour ({quantity(per_1k, 'usd_per_1k')} for 1,000 questions)"]


def _notes(concluded: LoadConclusion, goals: Goals) -> Iterator[str]:
    chosen = concluded.chosen
    if chosen:
        yield from _capacity_notes(chosen, concluded.traffic)
        yield _time_note(chosen)
        if not chosen.sure:
            yield (
                "Whether it keeps the SLA under this load is not sure: its figure is within, but the interval reaches "
                "beyond it."
            )
        if not concluded.confirmed:
            yield "It was not confirmed: these figures come from the questions that chose it."
        if chosen.prediction.failed:
            yield f"{percent(chosen.prediction.failed)} of the requests fail, time out or are refused: they are wrong."
        if chosen.prediction.fell_back:
            yield f"{percent(chosen.prediction.fell_back)} of the requests are answered by a fallback."
        if names := chosen.point.deployed.unprofiled:
            yield (
                f"Not measured in company: {listed(names)}. There, replicas are taken not to slow each other, and a "
                "batch to take as long as its requests one by one."
            )
    yield from (_overload_words(each, concluded.traffic) for each in concluded.explored.overloads)
    yield _counts(concluded)


def _capacity_notes(chosen: DeployedChoice, traffic: Traffic) -> Iterator[str]:
    if chosen.capacity is None:
        return
    value = chosen.capacity.value or 0.0
    growth = f", {value / traffic.rate:.2g} times this load" if math.isfinite(value) else ""
    bursts = f"; in bursts (burstiness 2) to {rate_words(chosen.in_bursts)}" if chosen.in_bursts is not None else ""
    yield f"It holds the SLA to {capacity_words(chosen.capacity)}{growth}{bursts}."


def _time_note(chosen: DeployedChoice) -> str:
    prediction = chosen.prediction
    if not prediction.utilisation:
        return "All of it is answered by providers, which are taken to be as fast for many as for one."
    busiest = max(prediction.utilisation, key=lambda name: prediction.utilisation[name])
    queued = sum(share.queued for share in prediction.tail.values())
    return (
        f"{busiest} is the busiest: it works {percent(prediction.utilisation[busiest])} of the time. Of the seconds of "
        f"the slowest 5 % of the requests, {percent(queued)} are waiting in queues."
    )


def _overload_words(each: Overload, traffic: Traffic) -> str:
    """That there is too much work, as in `5 requests per s need at least 3 replicas of generate`."""
    where = load_name(traffic)
    if each.least is None:
        return f"{where}: no number of replicas of {each.group} is enough, as they slow each other."
    least = count(each.least, "replica")
    more = (
        "" if each.most == each.least else ", and with some pipelines more" if each.most is None else f" to {each.most}"
    )
    needed = least if not more.startswith(" to") else f"{each.least}{more} replicas"
    after = more if not more.startswith(" to") else ", depending on the pipeline"
    return f"{where} need at least {needed} of {each.group}{after}."


def _counts(concluded: LoadConclusion) -> str:
    explored = concluded.explored
    frontier = agreeing(len(explored.frontier), "is", "are")
    return (
        f"Of {explored.considered:,} ways to deploy a pipeline, {explored.overloaded:,} cannot bear the load, "
        f"{explored.skipped:,} cannot be better than others whatever their queues do, and {len(explored.points):,} "
        f"were simulated; {frontier} on the frontier. No call was made."
    )


def _table(concluded: LoadConclusion, goals: Goals, numbers: Mapping[str, int]) -> PipelinesTable:
    """The frontier, best first."""
    names = [name for name in judged_by(goals) if any(p.figures[name] is not None for p in concluded.explored.frontier)]
    first = compared_by(goals)[0]

    def order(point: DeployedPoint) -> float:
        value = point.figures[first.measure] or 0.0
        return -value if first.maximize else value

    shown = sorted(concluded.explored.frontier, key=order)[:MOST_DEPLOYMENTS_LISTED]
    columns = ("#", "pipeline", "deployment", *(f"{column_name(name)}{_under(name)}" for name in names), "busiest")
    return PipelinesTable(columns, tuple(_row(point, names, numbers, concluded.traffic, goals) for point in shown))


def _under(measure: str) -> str:
    return " under load" if figure_of(measure).kind is Kind.LATENCY else ""


def _row(
    point: DeployedPoint, names: Sequence[str], numbers: Mapping[str, int], traffic: Traffic, goals: Goals
) -> PipelineRow:
    intervals: Mapping[str, Estimate] = {}
    if point.busiest > UNCERTAIN_ABOVE:
        scarce = predict_load(point.deployed, traffic, requests=SCARCE_REQUESTS, count=SCARCE_REPLICATES)
        intervals = scarce.latencies
    number = numbers[point.pipeline]
    return PipelineRow(
        point.pipeline,
        (
            Cell(f"#{number}", number),
            Cell(point.pipeline, point.pipeline),
            Cell(deployment_words(point.deployment)),
            *(_figure(point, name, intervals) for name in names),
            Cell(percent(point.busiest), point.busiest),
        ),
        "frontier" if point.keeps_bounds else "",
    )


def _figure(point: DeployedPoint, measure: str, intervals: Mapping[str, Estimate]) -> Cell:
    value = point.figures[measure]
    if measure in intervals:
        return Cell(interval(intervals[measure], measure), value)
    return Cell(quantity(value, measure), value)
