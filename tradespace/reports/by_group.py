"""Groups of questions, in sentences: whether each keeps the limits that are for each of them."""

from __future__ import annotations

from tradespace.evals.verdicts import BoundVerdict
from tradespace.explorer.conclusions.group_limits import GroupVerdicts
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.plurals import count
from tradespace.reports.words import figure_with_interval, listed_in_part
from tradespace.search_space.goals import Goals

NAMED_GROUPS = 5
"""Groups that a sentence names at most."""


def group_notes(finalist: Finalist, goals: Goals) -> tuple[str, ...]:
    """Whether limits that are for each group are kept on other questions too, as far as the questions decide that."""
    return tuple(_limit_note(verdicts, finalist, goals.error) for verdicts in finalist.groups)


def _limit_note(verdicts: GroupVerdicts, finalist: Finalist, error: float) -> str:
    limit, sure = verdicts.limit, f"at an error of {error:.3g} over all finalists and groups"
    said = "can't be decided" if verdicts.verdict is BoundVerdict.UNDECIDED else f"is {verdicts.verdict}"
    these = [group for group, verdict in verdicts.groups.items() if verdict is verdicts.verdict]
    named = "" if verdicts.verdict is BoundVerdict.KEPT else f" for {listed_in_part(these, NAMED_GROUPS)}"
    return f"The limit {limit} {said}{named}, {sure}.{_worst(verdicts, finalist)}"


def _worst(verdicts: GroupVerdicts, finalist: Finalist) -> str:
    """The group that comes nearest to missing a limit, or misses it most."""
    limit, known = verdicts.limit, finalist.estimates
    groups = {part.measure: group for part, group in zip(limit.parts, limit.groups, strict=True)}
    measured = [name for name in groups if name in known]
    if not measured:
        return ""
    worst = max(measured, key=lambda name: limit.excess(known[name].value or 0.0))
    figure = f"{figure_with_interval(known, worst)}, on {count(known[worst].n, 'question')}"
    return f" The {'lowest' if limit.floor else 'highest'} is {groups[worst]}: {figure}."
