"""What a search took, beside what it was estimated to take."""

from __future__ import annotations

from tradespace.explorer.results import Outlay, Provenance, QuestionSet
from tradespace.plurals import count
from tradespace.reports.words import dollars, rough_duration


def phases(where: Provenance) -> str | None:
    """What each phase of the last run took, and why its search ended; None where that is not known."""
    if not where.phases:
        return None
    took = ", ".join(f"{name} {rough_duration(seconds)}" for name, seconds in where.phases.items())
    ended = f" The search ended: {where.ended}." if where.ended else ""
    confirmed = f" {where.confirmed}." if where.confirmed else ""
    return f"The last run took {rough_duration(sum(where.phases.values()))}: {took}.{ended}{confirmed}"


def cut_short(where: Provenance) -> str | None:
    """That the exploration did not come to its end, where it did not: figures are of what was known by then."""
    if where.stopped:
        return f"The exploration was stopped: {where.stopped}."
    if where.interrupted:
        return "The exploration is not finished: the same explore command continues it."
    return None


def spending(where: Provenance) -> str | None:
    """Estimate against truth in a sentence; None where there is nothing to compare."""
    if where.estimated is None or where.spent is None or not where.spent.pipelines:
        return None
    estimated, spent = where.estimated, where.spent
    confirming = " and confirming the finalists" if where.questions.get(QuestionSet.CONFIRM) else ""
    return (
        f"The search was estimated to take about {_outlay(estimated)}; it took {_outlay(spent)}. "
        f"Timing the stages{confirming} came on top."
    )


def _outlay(outlay: Outlay) -> str:
    price = "" if outlay.usd is None else f" and {dollars(outlay.usd)}"
    pipelines = count(outlay.pipelines, "pipeline")
    return f"{count(outlay.calls, 'call')}, {rough_duration(outlay.seconds)} in them{price} for {pipelines}"
