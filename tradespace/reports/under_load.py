"""What is said of pipelines under load: which deployment is recommended, how much it holds, and what was left out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from tradespace.evals.figures import Kind, figure_of
from tradespace.evals.figures.units import MISSING
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

FEW_DEPLOYMENTS = 6
"""Rows of the frontier where little is said."""
SAID_AS_ONE_NUMBER = 0.2
"""Share of a capacity up to which its interval is said as one number."""
SCARCE_REQUESTS, SCARCE_REPLICATES = 500, 8
"""Of the intervals in the table of the frontier."""


class Extent(Enum):
    """How much is said: without the curve and most of the frontier, or all of it."""

    BRIEF = "brief"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class UnderLoadInfo:
    """One load: an answer, sentences about it, the recommended deployment and the frontier as a table, how many of the
    frontier that leaves out, and for the recommended deployment its latency by rate, with the capacity."""

    load: str
    rate: float
    headline: str
    pipeline: str | None
    notes: tuple[str, ...]
    frontier: PipelinesTable
    left_out: int
    sla: ServiceLevel | None
    latency: str
    curve: tuple[RatePoint, ...]
    capacity: Estimate | None


def under_load_infos(
    results: Results, deployments: StudyDeployments, extent: Extent = Extent.FULL
) -> tuple[UnderLoadInfo, ...]:
    """What is said of each load of a study, judged by the goals of its deployments."""
    numbers, goals = pipeline_numbers(results), deployments.space.goals
    return tuple(under_load_info(each, goals, numbers, extent) for each in conclude_loads(results, deployments))


def under_load_info(
    concluded: LoadConclusion, goals: Goals, numbers: Mapping[str, int], extent: Extent = Extent.FULL
) -> UnderLoadInfo:
    """Everything that `show` and the report say of one load."""
    chosen = concluded.chosen
    shown = chosen.point if chosen else concluded.nearest
    points = _listed(concluded, goals)
    rows = points[:FEW_DEPLOYMENTS] if extent is Extent.BRIEF else points
    curved = chosen if extent is Extent.FULL else None
    return UnderLoadInfo(
        load=load_name(concluded.traffic),
        rate=concluded.traffic.rate,
        headline=_headline(concluded, goals),
        pipeline=shown.pipeline if shown else None,
        notes=tuple(_notes(concluded, goals)),
        frontier=_table(rows, concluded, goals, numbers),
        left_out=len(points) - len(rows),
        sla=goals.sla,
        latency=goals.latency,
        curve=latency_curve(curved.point.deployed, concluded.traffic, goals.latency) if curved else (),
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
    return "–" if rate is None else "∞" if math.isinf(rate) else _rounded(rate, 3)


def _rounded(rate: float, digits: int) -> str:
    """To so many digits, but never less than whole requests.

    >>> _rounded(6461.7, 3), _rounded(0.6461, 3), _rounded(99.96, 3)
    ('6,462', '0.646', '100')
    """
    return f"{rate:,.0f}" if rate >= 10 ** (digits - 1) else f"{rate:.{digits}g}"


def capacity_words(capacity: Estimate, *, of_trace: bool = False) -> str:
    """A capacity with how far it may be off: `7.4 ± 0.3 requests per s`; as a range where that is wide, or where it is
    that of the stretches of a trace."""
    value, low, high = capacity.value or 0.0, capacity.low or 0.0, capacity.high or 0.0
    if not math.isfinite(value):
        return "any rate"
    reach = (high - low) / 2
    if not reach:
        return rate_words(value)
    ends = f"{_rounded(low, 2)}–{_rounded(high, 2)}"
    if of_trace:
        return f"{rate_words(value)} ({ends} in 90 % of the trace's stretches of {capacity.n:,} requests)"
    if reach > SAID_AS_ONE_NUMBER * value:
        return f"{rate_words(value)} ({ends})"
    digits = max(0, 1 - math.floor(math.log10(reach)))
    return f"{value:,.{digits}f} ± {reach:,.{digits}f} requests per s"


def burst_words(in_bursts: float | None) -> str:
    """What follows a capacity: that in bursts, where it is another."""
    return "" if in_bursts is None else f"; in bursts (burstiness 2) to {rate_words(in_bursts)}"


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
    growth = f", {_rounded(value / traffic.rate, 2)} times this load" if math.isfinite(value) else ""
    words = capacity_words(chosen.capacity, of_trace=traffic.trace is not None)
    yield f"It holds the SLA to {words}{growth}{burst_words(chosen.in_bursts)}."


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
    alike = agreeing(explored.alike, "does as a simpler one does", "do as a simpler one does")
    return (
        f"Of {explored.considered:,} ways to deploy a pipeline, {explored.overloaded:,} cannot bear the load, "
        f"{explored.skipped:,} cannot be better than others whatever their queues do, {alike}, and "
        f"{agreeing(len(explored.points), 'is', 'are')} left; {agreeing(len(explored.frontier), 'is', 'are')} on the "
        "frontier. No call was made."
    )


def _listed(concluded: LoadConclusion, goals: Goals) -> list[DeployedPoint]:
    """The recommended one, then the others on the frontier, best first."""
    first, chosen = compared_by(goals)[0], concluded.chosen

    def order(point: DeployedPoint) -> float:
        value = point.figures[first.measure] or 0.0
        return -value if first.maximize else value

    frontier = sorted(concluded.explored.frontier, key=order)
    if chosen is None:
        return frontier
    return [chosen.point, *(point for point in frontier if not _same(point, chosen.point))]


def _same(one: DeployedPoint, other: DeployedPoint) -> bool:
    return (one.pipeline, one.deployment) == (other.pipeline, other.deployment)


def _table(
    points: Sequence[DeployedPoint], concluded: LoadConclusion, goals: Goals, numbers: Mapping[str, int]
) -> PipelinesTable:
    names = [name for name in judged_by(goals) if any(point.figures[name] is not None for point in points)]
    figures = (f"{column_name(name)}{_under(name)}" for name in names)
    columns = ("#", "pipeline", "standing", "from", "deployment", *figures, "busiest", "alike")
    return PipelinesTable(columns, tuple(_row(point, names, numbers, concluded, goals) for point in points))


def _under(measure: str) -> str:
    return " under load" if figure_of(measure).kind is Kind.LATENCY else ""


def _row(
    point: DeployedPoint, names: Sequence[str], numbers: Mapping[str, int], concluded: LoadConclusion, goals: Goals
) -> PipelineRow:
    intervals: Mapping[str, Estimate] = {}
    if point.busiest > UNCERTAIN_ABOVE:
        scarce = predict_load(point.deployed, concluded.traffic, requests=SCARCE_REQUESTS, count=SCARCE_REPLICATES)
        intervals = scarce.latencies
    number, questions = numbers[point.pipeline], point.deployed.evaluation.question_set
    standing = "recommended" if concluded.chosen and point is concluded.chosen.point else "frontier"
    return PipelineRow(
        point.pipeline,
        (
            Cell(f"#{number}", number),
            Cell(point.pipeline, point.pipeline),
            Cell(standing, standing),
            Cell(questions, questions),
            Cell(deployment_words(point.deployment)),
            *(_figure(point, name, intervals) for name in names),
            Cell(percent(point.busiest), point.busiest),
            Cell(str(point.alike), point.alike) if standing == "frontier" else Cell(MISSING),
        ),
        standing if point.keeps_bounds else "",
    )


def _figure(point: DeployedPoint, measure: str, intervals: Mapping[str, Estimate]) -> Cell:
    value = point.figures[measure]
    if measure in intervals:
        return Cell(interval(intervals[measure], measure), value)
    return Cell(quantity(value, measure), value)
