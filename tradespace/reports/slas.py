"""What other service levels would buy, and what a millisecond is worth: the best pipeline for every bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.marginal import MarginalPipeline, marginal_pipelines
from tradespace.explorer.conclusions.slas import ArchitectureChange, SlaStep, answer_slas
from tradespace.reports.words import duration, group_names, interval, listed, measure_name, quantity
from tradespace.search_space.goals import ServiceLevel


@dataclass(frozen=True, slots=True)
class SlaInfo:
    """The best accuracy for every service level, all on the explore questions.

    Attributes:
        accuracy: the first objective.
        sla: the study's own.
        steps: the best pipelines, fastest first, each from its own latency on.
        changes: where other components become better, beyond noise.
        own: the recommended pipeline, that `marginal` starts from; None where none is recommended.
        marginal: what more and less time for a group of stages buys and costs.
    """

    accuracy: str
    sla: ServiceLevel
    steps: tuple[SlaStep, ...]
    changes: tuple[ArchitectureChange, ...]
    own: str | None
    marginal: tuple[MarginalPipeline, ...]


def sla_info(conclusion: Conclusion) -> SlaInfo | None:
    """Look at all service levels; None without one, or where no pipeline was timed."""
    sla, objective = conclusion.sla, conclusion.primary
    explored = [point.evaluation for point in conclusion.points if any(point.evaluation.seconds.values())]
    if sla is None or not explored:
        return None
    answer = answer_slas(explored, objective, sla)
    own = conclusion.recommended.evaluation.pipeline if conclusion.recommended else None
    marginal = marginal_pipelines(explored, objective, sla, own) if own and len(sla.split) > 1 else ()
    return SlaInfo(objective.measure, sla, answer.steps, answer.changes, own, marginal) if answer.steps else None


def sla_sentences(info: SlaInfo, numbers: Mapping[str, int]) -> tuple[str, ...]:
    """Say which service levels are useful, where the architecture changes, and what a millisecond is worth."""
    changes = (_change_words(each, info.accuracy) for each in info.changes)
    return (_range_words(info), *changes, *_marginal(info, numbers))


def _range_words(info: SlaInfo) -> str:
    first, last = info.steps[0], info.steps[-1]
    latency, accuracy = measure_name(info.sla.measure), measure_name(info.accuracy)
    if first is last:
        return f"One pipeline is both the fastest and the best, from a {latency} of {duration(first.seconds)} on."
    return (
        f"On the explore questions, a bound on the {latency} is useful from {duration(first.seconds)} ({accuracy} "
        f"{quantity(first.accuracy.value, info.accuracy)}) to {duration(last.seconds)} "
        f"({quantity(last.accuracy.value, info.accuracy)}): nothing is faster, and more time buys nothing."
    )


def _change_words(change: ArchitectureChange, accuracy: str) -> str:
    instead = f" in the place of {listed(change.went)}" if change.went else ""
    what = f"{listed(change.came)}{instead} pays" if change.came else f"doing without {listed(change.went)} pays"
    return f"From {duration(change.step.seconds)} on, {what}: {_signed(change.gain, accuracy)}."


def _marginal(info: SlaInfo, numbers: Mapping[str, int]) -> Iterator[str]:
    groups = group_names(info.sla)
    for place, group in enumerate(groups):
        told = [_marginal_words(each, info, numbers) for each in info.marginal if each.group == place]
        if told:
            yield f"Beside #{numbers[info.own or '']}, for {group} {'; '.join(told)}."


def _marginal_words(each: MarginalPipeline, info: SlaInfo, numbers: Mapping[str, int]) -> str:
    rate = f"{abs(each.per_second) / 1000:.2g}"
    named = f"#{numbers[each.pipeline]}, {_signed(each.change, info.accuracy)}"
    if each.seconds > 0:
        return f"{duration(each.seconds)} more buy at best {rate} a millisecond ({named})"
    return f"{duration(-each.seconds)} less cost at least {rate} a millisecond ({named})"


def _signed(change: Estimate, measure: str) -> str:
    sign = "+" if (change.value or 0.0) >= 0 else ""
    return f"{sign}{quantity(change.value, measure)} {measure_name(measure)} ({interval(change, measure)})"
