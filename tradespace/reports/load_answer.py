"""The answer under a load, in sentences: which deployment, how much it holds, and what was left out."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tradespace.evals.figures import Kind, figure_of
from tradespace.explorer.conclusions.deployed_choice import DeployedChoice, LoadConclusion
from tradespace.explorer.conclusions.deployments import Overload
from tradespace.explorer.load.traffic import Traffic
from tradespace.plurals import agreeing, count
from tradespace.reports.load_words import (
    burst_words,
    capacity_words,
    deployment_words,
    latency_words,
    load_name,
    rounded_rate,
)
from tradespace.reports.words import bound, listed, measure_name, percent, quantity
from tradespace.search_space.goals import Goals


def load_headline(concluded: LoadConclusion, goals: Goals) -> str:
    """Which deployment is recommended and what it comes to, or how near any comes."""
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


def _usd_words(chosen: DeployedChoice) -> list[str]:
    hourly, per_1k = (chosen.point.figures[name] for name in ("usd_per_hour", "usd_per_1k"))
    if not hourly and not per_1k:
        return []
    return [f"${hourly or 0:.3g} per hour ({quantity(per_1k, 'usd_per_1k')} for 1,000 questions)"]


def load_notes(concluded: LoadConclusion, goals: Goals) -> Iterator[str]:
    """What a careful reader should know besides: how much it holds, what is busy, what was not tried."""
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
    growth = f", {rounded_rate(value / traffic.rate, 2)} times this load" if math.isfinite(value) else ""
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
