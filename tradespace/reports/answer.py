"""The answer that a study gives, in sentences: which pipeline, how good, how fast, and how to split the budget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tradespace.explorer.conclusions.conclusion import Conclusion, Finalist
from tradespace.explorer.conclusions.split import SplitAnswer, SplitPoint
from tradespace.explorer.results import Split
from tradespace.reports.table import latency_basis, never_timed
from tradespace.reports.words import (
    bound,
    count,
    figure_with_interval,
    group_name,
    interval,
    listed,
    measure_name,
    parts,
    quantity,
)
from tradespace.search_space.goals import ServiceLevel

_BASIS = {
    "measured": "measured end to end",
    "predicted": "predicted from stages that were timed alone",
    "modelled": "predicted from stages, some of whose calls follow a fitted latency model",
}


class Verdict(StrEnum):
    """What the answer rests on."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    MISSED = "missed"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """One sentence, the pipeline that it is about, and what a careful reader should know besides."""

    verdict: Verdict
    headline: str
    pipeline: str | None = None
    notes: tuple[str, ...] = ()


def answer(conclusion: Conclusion) -> Answer:
    """Put the conclusion into words. Names of pipelines are given apart, so that they can be shown as code."""
    if chosen := conclusion.recommended:
        verdict = Verdict.CONFIRMED if conclusion.basis is Split.CONFIRM else Verdict.UNCONFIRMED
        notes = (
            _questions_note(chosen, conclusion),
            *_tie_notes(conclusion),
            *_bound_notes(chosen, conclusion),
            *_unconfirmed_notes(conclusion),
        )
        return Answer(verdict, _headline(chosen, conclusion), chosen.evaluation.pipeline, notes)
    if nearest := conclusion.nearest:
        headline = (
            f"No pipeline keeps {_bound_words(conclusion)}. The nearest has a {measure_name(conclusion.latency)} of "
            f"{figure_with_interval(nearest.estimates, conclusion.latency)} and {_accuracy_words(nearest, conclusion)}."
        )
        return Answer(Verdict.MISSED, headline, nearest.evaluation.pipeline, (_questions_note(nearest, conclusion),))
    if conclusion.points:
        return Answer(Verdict.NOTHING, "No pipeline has both an accuracy and a latency, so none can be recommended.")
    return Answer(Verdict.NOTHING, "No pipeline has been evaluated yet.")


def _headline(chosen: Finalist, conclusion: Conclusion) -> str:
    if never_timed(chosen.evaluation):
        return f"Use this pipeline: {_accuracy_words(chosen, conclusion)}; how long it takes is not known."
    latency = figure_with_interval(chosen.estimates, conclusion.latency)
    within = f", within {_bound_words(conclusion)}" if conclusion.sla else ""
    return (
        f"Use this pipeline: {_accuracy_words(chosen, conclusion)} "
        f"at a {measure_name(conclusion.latency)} of {latency}{within}."
    )


def _accuracy_words(finalist: Finalist, conclusion: Conclusion) -> str:
    measure = conclusion.primary.measure
    return f"{measure_name(measure)} {figure_with_interval(finalist.estimates, measure)}"


def _bound_words(conclusion: Conclusion) -> str:
    return f"the SLA of {bound(conclusion.sla.seconds)}" if conclusion.sla else "the SLA"


def _questions_note(finalist: Finalist, conclusion: Conclusion) -> str:
    accuracy = finalist.estimates.get(conclusion.primary.measure)
    scored = count(accuracy.n if accuracy else 0, "question")
    brackets = "Brackets hold 95 % intervals (bootstrap over the questions)."
    if finalist.evaluation.split is Split.CONFIRM:
        timed = _timed_words(finalist, conclusion, " of them")
        return f"Accuracy on {scored} that no decision has seen{timed}. {brackets}"
    timed = _timed_words(finalist, conclusion)
    return f"Not confirmed: accuracy on {scored} that also chose the pipeline, which flatters it{timed}. {brackets}"


def _timed_words(finalist: Finalist, conclusion: Conclusion, which: str = "") -> str:
    """How latency is known; nothing where it is not."""
    if never_timed(finalist.evaluation):
        return ""
    latency = finalist.estimates.get(conclusion.latency)
    return f"; latency {_BASIS[latency_basis(finalist.evaluation)]}, on {latency.n if latency else 0:,}{which}"


def _tie_notes(conclusion: Conclusion) -> tuple[str, ...]:
    tied = [finalist for finalist in conclusion.finalists if finalist.tied and finalist.keeps_sla]
    if not tied or conclusion.best is None or conclusion.recommended is None:
        return ()
    measure = conclusion.primary.measure
    if conclusion.recommended is conclusion.best:
        return (f"{count(len(tied), 'pipeline')} can't be told apart from it; it is the cheapest or fastest of them.",)
    top = quantity(conclusion.best.estimates[measure].value, measure)
    where = " within the bound" if conclusion.sla else ""
    return (
        f"The highest {measure_name(measure)}{where} is {top}, but on these questions "
        f"{count(len(tied), 'pipeline')} can't be told apart from it; of these, this one is the cheapest or fastest.",
    )


def _bound_notes(chosen: Finalist, conclusion: Conclusion) -> tuple[str, ...]:
    latency = chosen.estimates.get(conclusion.latency)
    if conclusion.sla is None or latency is None or (latency.high or 0.0) <= conclusion.sla.seconds:
        return ()
    why = "too few timed questions bound it from above" if math.isinf(latency.high or 0.0) else "its interval says so"
    return (f"On other questions its latency may exceed the SLA of {bound(conclusion.sla.seconds)}: {why}.",)


def _unconfirmed_notes(conclusion: Conclusion) -> tuple[str, ...]:
    if conclusion.unconfirmed is None:
        return ()
    return (
        "On the explore questions a pipeline that was never confirmed did better within the bound: "
        f"{conclusion.unconfirmed.pipeline}. Explore under this SLA to confirm it.",
    )


def split_sentence(answer: SplitAnswer, measure: str, sla: ServiceLevel) -> str:
    """Say which split of the bound wins, and what the other way round gives; nothing where one group has all of it."""
    if len(sla.split) < 2:
        return ""
    best, limit = answer.best, bound(sla.seconds)
    if best is None or best.accuracy is None:
        return f"No pipeline fits {limit} under any split between {group_name(sla)} and {group_name(sla, first=False)}."
    first, rest = bound(best.share * sla.seconds), bound((1 - best.share) * sla.seconds)
    return (
        f"The best split of {limit} is {parts(best.share)}: {first} for {group_name(sla)} and {rest} for "
        f"{group_name(sla, first=False)} allow {measure_name(measure)} {quantity(best.accuracy.value, measure)} "
        f"({interval(best.accuracy, measure)}) on the {answer.basis} questions."
        f"{_reverse_sentence(best, answer.reverse, measure)}{_equal_sentence(answer, best)}"
    )


def _reverse_sentence(best: SplitPoint, reverse: SplitPoint | None, measure: str) -> str:
    if reverse is None or reverse.share == best.share:
        return ""
    there = f" The other way round, {parts(reverse.share)},"
    if reverse.accuracy is None:
        return f"{there} no pipeline fits."
    if reverse.behind is None:
        return f"{there} allows the same pipeline, which needs neither share in full."
    gap, there = reverse.behind, f"{there} gives {quantity(reverse.accuracy.value, measure)}"
    told = "can't be told apart from it" if reverse.tied else "is worse"
    lacks = f"it lacks {quantity(gap.value, measure)} ({interval(gap, measure)})"
    return f"{there} and {told}: {lacks} on the same {count(gap.n, 'question')}."


def _equal_sentence(answer: SplitAnswer, best: SplitPoint) -> str:
    """Name the other shares that are as good, so that no more is read into the winner than it holds."""
    others = [point for point in answer.points if point not in (best, answer.reverse)]
    same = [parts(point.share) for point in others if point.pipeline == best.pipeline]
    tied = [parts(point.share) for point in others if point.tied]
    equal = f" {listed(same)} {_verb(same, 'allow')} the same pipeline." if same else ""
    near = f" {listed(tied)} {_verb(tied, 'give')} an accuracy that can't be told apart from the best." if tied else ""
    return equal + near


def _verb(subjects: Sequence[str], verb: str) -> str:
    return verb if len(subjects) > 1 else f"{verb}s"
