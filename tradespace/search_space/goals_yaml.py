"""Goals as the sections of a search-space file that state them."""

from __future__ import annotations

from typing import Any

from tradespace.search_space.goals import Goals


def goals_sections(goals: Goals) -> dict[str, Any]:
    """The sections `objectives`, `sla`, `limits` and `utility`, as far as there is something to say."""
    objectives = {each.measure: "maximize" if each.maximize else "minimize" for each in goals.objectives}
    sections: dict[str, Any] = {"objectives": objectives}
    if goals.sla:
        sections["sla"] = {goals.sla.measure: goals.sla.bound.amount}
    if goals.limits:
        sections["limits"] = list(map(str, goals.limits))
    if goals.utility:
        sections["utility"] = goals.utility.text
    return sections
