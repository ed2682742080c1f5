"""Bounds in words: what pipelines had to keep, how many did, and by how much others miss it."""

from __future__ import annotations

from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.results import QuestionSet
from tradespace.plurals import agreeing
from tradespace.reports.words import bound, listed, quantity
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals


def bounds_in_words(goals: Goals) -> str:
    """All bounds: `the SLA of 100 ms, answer_f1 >= 0.6 and usd_per_1k <= 2`; `the SLA` where there is none."""
    return listed([_words(each, goals) for each in goals.stated]) or "the SLA"


def within_bounds(goals: Goals) -> str:
    """That all bounds are kept: `within the SLA of 100 ms`; empty where there is none."""
    if not goals.bounds:
        return ""
    return f"{'keeping' if goals.limits else 'within'} {bounds_in_words(goals)}"


def _words(each: Bound, goals: Goals) -> str:
    is_sla = goals.sla is not None and each == goals.sla.bound
    return f"the SLA of {bound(each.limit)}" if is_sla else str(each)


def missed_note(finalist: Finalist, goals: Goals) -> str:
    """By how much a pipeline misses which bounds."""
    values = {name: estimate.value for name, estimate in finalist.estimates.items()}
    misses = [
        f"{_words(each, goals)} by {quantity(each.excess(value), each.measure)}"
        for each in finalist.missed
        if (value := values.get(each.measure)) is not None
    ]
    return f"It misses {listed(misses)}."


def kept_note(conclusion: Conclusion) -> str:
    """How many of the judged pipelines keep each bound, where there are several."""
    bounds, judged = conclusion.goals.stated, [each for each in conclusion.finalists if each.estimates]
    if len(bounds) < 2:
        return ""
    how = "confirmed" if conclusion.basis is QuestionSet.CONFIRM else "judged"
    numbers = {each: sum(not {*each.parts} & {*finalist.missed} for finalist in judged) for each in bounds}
    shares = [
        f"{agreeing(number, 'keeps', 'keep')} {_words(each, conclusion.goals)}" for each, number in numbers.items()
    ]
    pipelines = agreeing(len(judged), "pipeline that was", "pipelines that were")
    return f"Of {pipelines} {how}, {listed(shares)}."


def near_notes(finalist: Finalist, goals: Goals) -> tuple[str, ...]:
    """The limits that a pipeline keeps on these questions, but may miss on others."""
    return tuple(
        f"On other questions it may miss {limit}: its confidence interval reaches beyond."
        for limit in goals.limits
        if not limit.column
        and (estimate := finalist.estimates.get(limit.measure))
        and not limit.kept_by(estimate.low if limit.floor else estimate.high)
    )
