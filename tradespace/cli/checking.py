"""`tradespace check`."""

from __future__ import annotations

import random
from collections.abc import Mapping
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tradespace.cli.console import wide_console
from tradespace.components.pipeline import Pipeline
from tradespace.explorer.exploration import FINALISTS
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.plan import Plan, estimate_seconds, plan
from tradespace.search_space.specification import Specification
from tradespace.search_space.summary import SpaceSummary, describe

PLANNED = 500
"""Pipelines that calls are counted for, at most; a larger search is planned by a sample of this size."""


def print_check(file: Path) -> None:
    """Check a file and its data, and say what exploring takes.

    Raises:
        InputError: the file or its data are wrong; it carries every fault.
    """
    console = wide_console()
    specification = read_specification(file)
    reading = read_data(specification)
    reading.dataset.split(specification.data.explore, specification.data.confirm, specification.data.seed)
    for fault in reading.faults:
        console.print(f"[yellow]warning:[/yellow] {escape(str(fault))}", soft_wrap=True)
    summary = describe(specification.space)
    _print_space(console, specification, summary)
    pipelines = _sample(specification, summary)
    planned = plan(pipelines, specification.data.explore)
    _print_plan(console, planned)
    seconds = estimate_seconds(planned, pipelines, reading.dataset)
    console.print(_time(specification, seconds), soft_wrap=True)


def _print_space(console: Console, specification: Specification, summary: SpaceSummary) -> None:
    console.print(escape(f"{specification.name}: no errors."))
    table = Table("stage", "filled by (combinations of settings)")
    for stage, components in summary.stages.items():
        listed = ", ".join(f"{name} ({_number(size)})" for name, size in components.items())
        table.add_row(stage, escape(listed))
    console.print(table)
    about = "" if summary.exact else "about "
    console.print(f"{_number(summary.combinations)} combinations, {about}{_number(summary.allowed)} pipelines allowed.")
    for rule, share in _worst_first(summary.removed).items():
        console.print(f"  {share:.0%} are forbidden by {escape(rule)}")


def _worst_first(removed: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(removed.items(), key=lambda pair: -pair[1]))


def _number(size: int | None) -> str:
    return "endlessly many" if size is None else f"{size:,}"


def _sample(specification: Specification, summary: SpaceSummary) -> list[Pipeline]:
    """The pipelines that calls are counted for: as many as the budget allows, drawn at random where not all are."""
    bounds = [PLANNED, specification.search.budget.pipelines, summary.allowed]
    count = min(bound for bound in bounds if bound is not None)
    if count == summary.allowed:
        return list(islice(specification.space.members(), count))
    generator = random.Random(specification.search.seed)
    drawn = (specification.space.draw(generator) for _ in range(100 * count))
    return list(islice(dict.fromkeys(one for one in drawn if isinstance(one, Pipeline)), count))


def _print_plan(console: Console, planned: Plan) -> None:
    console.print(
        f"Evaluating {planned.pipelines:,} of them on {planned.questions:,} questions asks for "
        f"{planned.evaluations:,} evaluations, which need at most {planned.calls.total():,} distinct calls:"
    )
    for role, count in planned.calls.items():
        console.print(f"  {role:<9}{count:>10,}")


def _time(specification: Specification, seconds: float) -> str:
    minutes = specification.search.budget.minutes
    bounded = f" The search ends after {minutes:g} min (budget)." if minutes is not None else ""
    return (
        f"Estimated time of these calls on this machine: at most about {_duration(seconds)}; timing the stages and "
        f"confirming {FINALISTS} finalists come on top.{bounded}"
    )


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
