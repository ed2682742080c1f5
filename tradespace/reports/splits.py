"""How the latency budget is split, in sentences: first as the recommended pipeline does, then the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.split import SplitAnswer, SplitPoint
from tradespace.plurals import count
from tradespace.reports.nothing import refusal
from tradespace.reports.words import bound, duration, group_names, interval, listed, measure_name, parts, quantity
from tradespace.search_space.goals import ServiceLevel

NAMED_SPLITS = 8
"""Splits that are named one by one."""


def split_sentence(conclusion: Conclusion) -> str:
    """Say how the recommended pipeline splits the bound, which splits allow it, and what the other way round gives.

    All figures come from one choice of questions, which is named. Nothing is said without a bound, where one group of
    stages has all of it, or where no pipeline can be recommended though some keep it.
    """
    sla, answer = conclusion.sla, conclusion.split
    if sla is None or answer is None or len(sla.split) < 2:
        return ""
    if answer.own is None:
        return _without_own(conclusion, answer, sla)
    measure = conclusion.primary.measure
    return (
        f"{_own_words(answer.own, answer, sla)} {_allowed_words(answer)}"
        f"{_reverse_words(answer, measure)}{_tied_words(answer)}"
    )


def _without_own(conclusion: Conclusion, answer: SplitAnswer, sla: ServiceLevel) -> str:
    """What can be said where the split of a recommended pipeline is not known. That no pipeline fits is said only where
    none keeps the bound."""
    between = f"between {listed(group_names(sla))}"
    if conclusion.recommended:
        return f"How this pipeline divides the {bound(sla.seconds)} {between} is not known: its stages were not timed."
    if conclusion.best or refusal(conclusion) or any(point.pipeline for point in answer.points):
        return ""
    which = "No pipeline that keeps the limits" if conclusion.goals.limits else "No pipeline"
    return f"{which} fits {bound(sla.seconds)} under any split {between}."


def _own_words(own: SplitPoint, answer: SplitAnswer, sla: ServiceLevel) -> str:
    taken = zip(map(duration, own.seconds), group_names(sla), strict=True)
    return (
        f"Of the {bound(sla.seconds)} this pipeline takes {listed([f'{time} for {group}' for time, group in taken])}, "
        f"{parts(own.shares)} ({measure_name(sla.measure)} of each, {answer.basis} questions)."
    )


def _allowed_words(answer: SplitAnswer) -> str:
    """Of two groups, the splits that the pipeline fits are neighbours, as more than either needs takes nothing away."""
    allowed = [parts(shares) for shares in answer.allowed]
    if not allowed:
        first, last = parts(answer.points[0].shares), parts(answer.points[-1].shares)
        return f"None of the splits from {first} to {last} leaves every side as much."
    if len(allowed) == 1:
        return f"The split {allowed[0]} allows it."
    if len(answer.allowed[0]) > 2:
        return f"{len(allowed)} of the {len(answer.points)} splits in tenths allow it, such as {allowed[0]}."
    return f"Every split from {allowed[0]} to {allowed[-1]} allows it."


def _reverse_words(answer: SplitAnswer, measure: str) -> str:
    reverse = answer.reverse
    if reverse is None or answer.own is None or abs(reverse.shares[0] - answer.own.shares[0]) < 0.1:
        return ""
    there = f" The other way round, {parts(reverse.shares)},"
    if reverse.shares in answer.allowed:
        return f"{there} allows it too."
    if reverse.accuracy is None:
        return f"{there} no pipeline fits."
    figure = f"{measure_name(measure)} {quantity(reverse.accuracy.value, measure)}"
    if reverse.behind is None:
        return f"{there} allows {figure}."
    difference = "worse" if _lacks(reverse.behind) else "better"
    comparison = "can't be told apart from it" if reverse.tied else f"is {difference}"
    return (
        f"{there} the best is {reverse.pipeline} with {figure}, which {comparison}: "
        f"{_gap_words(reverse.behind, measure)} on the same {count(reverse.behind.n, 'question')}."
    )


def _lacks(behind: Estimate) -> bool:
    return (behind.value or 0.0) >= 0


def _gap_words(behind: Estimate, measure: str) -> str:
    if _lacks(behind):
        return f"it has {quantity(behind.value, measure)} ({interval(behind, measure)}) less"
    value, low, high = (None if end is None else -end for end in (behind.value, behind.high, behind.low))
    return f"it has {quantity(value, measure)} ({interval(replace(behind, low=low, high=high), measure)}) more"


def _tied_words(answer: SplitAnswer) -> str:
    """Name the other splits that are as good, so that no more is read into this one than it holds."""
    others = [point for point in answer.points if point is not answer.reverse and point.shares not in answer.allowed]
    tied = [parts(point.shares) for point in others if point.tied]
    if len(tied) > NAMED_SPLITS:
        return f" {len(tied)} more splits allow others that can't be told apart from it."
    return f" {listed(tied)} {_verb(tied, 'allow')} others that can't be told apart from it." if tied else ""


def _verb(subjects: Sequence[str], verb: str) -> str:
    return verb if len(subjects) > 1 else f"{verb}s"
