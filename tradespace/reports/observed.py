"""A system that runs already, in sentences: you are here, and this change leads to a better place."""

from __future__ import annotations

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.better_than_observed import BetterPipeline, ObservedComparison, SettingChange
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.observed import ObservedFigure, ObservedSystem
from tradespace.plurals import count
from tradespace.reports.words import (
    a_measure,
    column_name,
    figure_with_interval,
    listed,
    listed_in_part,
    measure_name,
    percent,
    quantity,
)

NAMED_CHANGES = 4


def observed_sentences(conclusion: Conclusion) -> tuple[str, ...]:
    """Where the recorded system stands, and the nearest pipeline that is better; nothing where none was recorded."""
    comparison = conclusion.observed
    if comparison is None:
        return ()
    return (_here(comparison.system, conclusion), _there(comparison, conclusion))


def _here(system: ObservedSystem, conclusion: Conclusion) -> str:
    wanted = [name for name in (conclusion.primary.measure, conclusion.latency) if name in system.figures]
    others = [name for name in system.figures if name in conclusion.goals.measures and name not in wanted]
    figures = [f"{a_measure(name)} of {observed_figure(system.figures[name], name)}" for name in (*wanted, *others)]
    failed = f", {system.failed:,} of which failed" if system.failed else ""
    seen = f"over {count(system.requests, 'recorded request')}{failed}"
    return f"You are here: {listed(figures) or 'no latency was recorded'}, {seen}."


def _there(comparison: ObservedComparison, conclusion: Conclusion) -> str:
    system, better = comparison.system, comparison.better
    if better is None:
        return _nowhere(comparison, conclusion)
    if comparison.own is None:
        name = better.point.evaluation.pipeline
        return (
            f"On the explore questions {name} has no less {measure_name(conclusion.primary.measure)}, and takes "
            f"{_saved(better, conclusion)}. {_unknown(system)}"
        )
    changes = f"{_counted(better.changes)}, {_listed(better.changes)},"
    return f"{changes} {_gives(better, conclusion)}, on the explore questions: {better.point.evaluation.pipeline}."


def _unknown(system: ObservedSystem) -> str:
    """Why it is not told what differs."""
    if system.pipeline:
        return f"It runs {system.pipeline}, which was not explored: put it into the space to be told what to change."
    return "Say what it runs (`tradespace import --pipeline`) to be told what to change."


def _nowhere(comparison: ObservedComparison, conclusion: Conclusion) -> str:
    system, accuracy = comparison.system, measure_name(conclusion.primary.measure)
    if comparison.own:
        return f"No explored pipeline is faster at equal {accuracy}, or better and as fast."
    if system.pipeline:
        return _unknown(system)
    if conclusion.primary.measure not in system.figures:
        return (
            f"Its {accuracy} was not recorded. Say what it runs (`tradespace import --pipeline`), or which of its "
            "scores that is (`--score`), to be told what to change."
        )
    return f"No explored pipeline has its {accuracy} and is faster."


def _counted(changes: tuple[SettingChange, ...]) -> str:
    return "This one change" if len(changes) == 1 else f"These {count(len(changes), 'change')}"


def _listed(changes: tuple[SettingChange, ...]) -> str:
    return listed_in_part([str(change) for change in changes], NAMED_CHANGES)


def _gives(better: BetterPipeline, conclusion: Conclusion) -> str:
    verb = "gives" if len(better.changes) == 1 else "give"
    latency = column_name(conclusion.latency)
    saved = f"−{percent(better.saved)} {latency}" if better.saved > 0 else "no more latency"
    accuracy = measure_name(conclusion.primary.measure)
    level = f"at equal {accuracy}" if better.as_accurate else f"at a better {accuracy}"
    return f"{verb} {saved} {level}{_difference(better.behind, conclusion)}"


def _difference(behind: Estimate | None, conclusion: Conclusion) -> str:
    """By how much it is better, with the interval."""
    if behind is None or behind.value is None:
        return ""
    low, high = (None if end is None else -end for end in (behind.high, behind.low))
    ahead = Estimate(-behind.value, low, high, behind.n, behind.missing)
    measure = conclusion.primary.measure
    return f" (a difference of {figure_with_interval({measure: ahead}, measure)})"


def _saved(better: BetterPipeline, conclusion: Conclusion) -> str:
    return f"{percent(better.saved)} less {column_name(conclusion.latency)}"


def observed_figure(figure: ObservedFigure, measure: str) -> str:
    """Write a figure that was observed, with its interval where both ends are known."""
    estimate = Estimate(figure.value, figure.low, figure.high, figure.n, 0)
    known = figure.low is not None and figure.high is not None
    return figure_with_interval({measure: estimate}, measure) if known else quantity(figure.value, measure)
