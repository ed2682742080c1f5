"""How sure the answer is, in sentences: intervals, ties, the service level, and how much fresh questions took away."""

from __future__ import annotations

from collections.abc import Sequence

from tradespace.evals.figures import Kind, Quantile, figure_of
from tradespace.evals.verdicts import BoundVerdict
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.figures import worths
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.plurals import count
from tradespace.reports.thresholds import fall_info, fall_sentence
from tradespace.reports.words import bound, listed_in_part, measure_name, quantity
from tradespace.search_space.goals import ServiceLevel

NAMED_PIPELINES = 5
"""Pipelines that a sentence names at most."""


def brackets_words(finalist: Finalist, conclusion: Conclusion) -> str:
    """What the brackets hold: intervals of all finalists that were asked the same questions hold at once."""
    asked = [each for each in conclusion.finalists if each.evaluation.question_set is finalist.evaluation.question_set]
    if len(asked) < 2:
        return "Brackets hold 95 % confidence intervals."
    finalists = "both finalists" if len(asked) == 2 else f"all {len(asked):,} finalists"
    return f"Brackets hold 95 % confidence intervals, which hold for {finalists} at once."


def fall_notes(conclusion: Conclusion) -> tuple[str, ...]:
    """How much worse the recommended pipeline is than on the questions that chose it, or is likely to be on others."""
    primary, fell = conclusion.primary, conclusion.fell
    if figures := fall_info(conclusion):
        return (fall_sentence(figures),)
    if fell is None:
        return _likely_fall_notes(conclusion)
    direction = ("fell" if fell > 0 else "rose") if primary.maximize else ("rose" if fell > 0 else "fell")
    moved = f"{direction} by {quantity(abs(fell), primary.measure)}" if fell else "did not change"
    raw = "raw " if conclusion.recommended and primary.measure in conclusion.recommended.raw else ""
    return (f"On these questions its {raw}{measure_name(primary.measure)} {moved} against those that chose it.",)


def _likely_fall_notes(conclusion: Conclusion) -> tuple[str, ...]:
    measure, likely = conclusion.primary.measure, conclusion.likely_fall
    if likely is None or quantity(likely, measure) == quantity(0.0, measure) or likely < 0:
        return ()
    verb = "fall" if conclusion.primary.maximize else "rise"
    return (
        f"On fresh questions the best {measure_name(measure)} is likely to {verb} by "
        f"about {quantity(likely, measure)}, by repeated splits of these questions.",
    )


def tie_notes(conclusion: Conclusion) -> tuple[str, ...]:
    """Which pipelines can't be told apart from the best, the cheapest first, and how one of them was chosen."""
    best, chosen, others = conclusion.best, conclusion.recommended, len(conclusion.tied) - 1
    if others < 1 or best is None or chosen is None:
        return ()
    goals, measure = conclusion.goals, conclusion.primary.measure
    pipelines, worth = count(others, "pipeline"), "utility" if goals.utility else measure_name(measure)
    decided = f"chosen among these by {_in_order(conclusion.weighed)}." if conclusion.weighed else "the first of them."
    priced = any(figure_of(name).kind is not Kind.SCORE for name in conclusion.weighed)
    order = "Tied, cheapest first" if priced else "Tied"
    names = f"{order}: {listed_in_part([each.evaluation.pipeline for each in conclusion.tied], NAMED_PIPELINES)}."
    if chosen is best:
        return (f"{pipelines} can't be told apart from it in {worth}; it was {decided}", names)
    top = (
        f"{worths([best.evaluation], goals)[0]:.3f}"
        if goals.utility
        else quantity(best.estimates[measure].value, measure)
    )
    where = " within the bounds" if goals.limits else " within the bound" if goals.sla else ""
    return (
        f"The highest {worth}{where} is {top}, but on these questions {pipelines} can't be told apart "
        f"from it; this one was {decided}",
        names,
    )


def class_notes(conclusion: Conclusion) -> tuple[str, ...]:
    """Which explored pipelines are one with the recommended."""
    alike = conclusion.alike
    if not alike:
        return ()
    answer, are = ("answers", "counts") if len(alike) == 1 else ("answer", "count")
    pipelines = count(len(alike), "explored pipeline")
    names = listed_in_part(alike, NAMED_PIPELINES)
    return (f"{pipelines} {answer} every question as it does, and {are} as one with it: {names}.",)


def sla_notes(finalist: Finalist, conclusion: Conclusion) -> tuple[str, ...]:
    """Whether the service level is kept on other questions too, as far as the questions decide that."""
    sla, estimate = conclusion.sla, finalist.estimates.get(conclusion.latency)
    if sla is None or estimate is None or finalist.verdict is None:
        return ()
    seen = f"{count(estimate.n, 'question')}{_over(finalist, sla)}"
    error = f"at an error of {sla.error:.3g} over all finalists"
    if finalist.verdict is BoundVerdict.UNDECIDED:
        return (f"The SLA of {bound(sla.seconds)} can't be decided with {seen}, {error}.",)
    return (f"The SLA of {bound(sla.seconds)} is {finalist.verdict}, {error}: {seen}.",)


def _over(finalist: Finalist, sla: ServiceLevel) -> str:
    """How many questions take longer than the bound, where their share decides."""
    if not isinstance(figure_of(sla.measure).summary, Quantile):
        return ""
    late = int((Cohort((finalist.evaluation,)).values(sla.measure) > sla.seconds).sum())
    return f", of which {late:,} take longer"


def _in_order(measures: Sequence[str]) -> str:
    """What was weighed, first things first: `MRR, then mean latency`."""
    return ", then ".join(map(measure_name, measures))
