"""`tradespace analyse`: concludes from a table that was measured elsewhere; runs nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tradespace.commands.conclusion import print_conclusion
from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.sections import print_sections
from tradespace.data.tables import (
    RecordedGrid,
    ResolvedColumns,
    TableColumns,
    read_table,
    recorded_grid,
    resolved_columns,
)
from tradespace.errors import Fault, InputError, nearest
from tradespace.explorer.analysis import Analysis
from tradespace.plurals import count
from tradespace.reports.making import made_sections
from tradespace.reports.section import findings_of
from tradespace.reports.words import listed
from tradespace.search_space.goals import LATENCY_MEASURES, Goals, ServiceLevel, seconds
from tradespace.search_space.preferences import parse_limit, parse_utility
from tradespace.search_space.recorded import missing_figures, recorded_objectives
from tradespace.search_space.table_yaml import table_yaml

ROLES = ("settings", "question", "scores", "latency", "cost")
"""What columns can be."""
OPTIONS = {**{role: f"--{role.removesuffix('s')}" for role in ROLES}, "pipelines": "--pipeline"}
"""The options that say so."""


@dataclass(frozen=True)
class Wishes:
    """What is asked of a table, as it is typed.

    Attributes:
        maximize, minimize: objectives; all that there are figures for where both are empty.
        sla: such as `latency_p95=100ms`, or `100 ms`.
        limits: such as `faithfulness >= 0.8`.
        utility: what pipelines are worth, such as `faithfulness - 0.05 * usd_per_1k`.
        ranges: of scores that do not reach from 0 to 1, such as `rating=1..5`.
        confirm: questions to hold out; half where it is None.
    """

    maximize: Sequence[str] = ()
    minimize: Sequence[str] = ()
    sla: str | None = None
    limits: Sequence[str] = ()
    utility: str | None = None
    ranges: Sequence[str] = ()
    confirm: int | None = None
    seed: int = 0


def run_analysis(paths: Sequence[Path], columns: TableColumns, wishes: Wishes, output: Path | None) -> Exit:
    """Read a table, say what was taken for what, print the answer and the frontier, and write the report."""
    from tradespace.reports import write_report

    console = wide_console()
    resolved = resolved_columns(read_table(paths), columns)
    ranges = _ranges(resolved.table.columns, wishes.ranges)
    grid = recorded_grid(resolved, ranges)
    goals = _goals(grid, wishes)
    confirm = len(grid.questions) // 2 if wishes.confirm is None else wishes.confirm
    _print_reading(console, resolved, grid, goals, confirm)
    questions = {"explore": len(grid.questions) - confirm, "confirm": confirm, "seed": wishes.seed}
    yaml = table_yaml(paths, resolved.said, ranges, questions, goals)
    results = Analysis(goals, confirm, wishes.seed, yaml).results(grid)
    findings = findings_of(results)
    ended = print_conclusion(console, findings.conclusion)
    print_sections(console, made_sections(findings))
    report = write_report(results, output or Path(f"{paths[0].name.partition('.')[0]}.html"))
    console.print(f"Report: {escape(str(report))}", soft_wrap=True)
    return ended


def _goals(grid: RecordedGrid, wishes: Wishes) -> Goals:
    objectives = recorded_objectives(grid, wishes.maximize, wishes.minimize)
    limits = tuple(parse_limit(text, lambda name: True, objectives) for text in wishes.limits)
    if of_groups := [limit for limit in limits if limit.column]:
        raise InputError(f"--limit: {of_groups[0]}: a table knows no groups of questions; leave `for each` out")
    utility = None if wishes.utility is None else parse_utility(wishes.utility, objectives)
    goals = Goals(objectives, _sla(wishes.sla), limits, utility)
    if problems := missing_figures(grid, goals):
        raise InputError([Fault(problem) for problem in problems])
    return goals


def _print_reading(console: Console, resolved: ResolvedColumns, grid: RecordedGrid, goals: Goals, confirm: int) -> None:
    """What was read, and what each column was taken for."""
    sizes = (count(len(grid.settings), "pipeline"), count(len(grid.questions), "question"))
    rows = count(len(resolved.table), "row")
    console.print(escape(f"{grid.name}: {', '.join(sizes)}, {rows}"), soft_wrap=True)
    lines = [
        *_column_lines(resolved),
        ("objectives", _objective_words(goals)),
        ("questions", _question_words(grid, confirm)),
    ]
    for name, text in lines:
        console.print(f"  {name:<12}{escape(text)}", soft_wrap=True)
    for note in grid.notes:
        console.print(f"[yellow]{escape(note)}[/yellow]", soft_wrap=True)


def _column_lines(resolved: ResolvedColumns) -> Iterator[tuple[str, str]]:
    """What each column was taken for."""
    roles = {role: [name for said, name in resolved.columns.named() if said == role] for role in ROLES}
    if resolved.said.pipelines:
        roles = {"pipelines": list(resolved.said.pipelines), "question": roles["question"]}
    for role, names in roles.items():
        guessed = f" (guessed; {OPTIONS[role]} says otherwise)" if role in resolved.guessed else ""
        yield role, f"{', '.join(names)}{guessed}" if names else f"none; {OPTIONS[role]} names it"
    if resolved.unused:
        yield "not used", ", ".join(f"{name} ({holds})" for name, holds in resolved.unused.items())


def _objective_words(goals: Goals) -> str:
    up = [objective.measure for objective in goals.objectives if objective.maximize]
    down = [objective.measure for objective in goals.objectives if not objective.maximize]
    parts = [f"{verb} {listed(names)}" for verb, names in (("maximize", up), ("minimize", down)) if names]
    return f"{'; '.join(parts)}; ranked by {goals.primary.measure}"


def _question_words(grid: RecordedGrid, confirm: int) -> str:
    explore = len(grid.questions) - confirm
    if not confirm:
        return f"all {explore:,} choose, and none is held out: figures are biased upwards; --confirm holds some out"
    return f"{explore:,} choose the finalists, {confirm:,} that are held out judge them; --confirm sets how many"


def _ranges(columns: Collection[str], texts: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Read `rating=1..5`.

    Raises:
        InputError: it reads otherwise, or there is no such column.
    """
    ranges: dict[str, tuple[float, float]] = {}
    for text in texts:
        name, _, bounds = text.rpartition("=")
        low, _, high = bounds.partition("..")
        try:
            ends = float(low), float(high)
        except ValueError:
            ends = (1.0, 0.0)
        if not name or not ends[0] < ends[1] or not abs(ends[0]) + abs(ends[1]) < float("inf"):
            raise InputError(f"--range must read COLUMN=LOW..HIGH, such as rating=1..5; given: {text!r}")
        if name not in columns:
            raise InputError(f"--range: there is no column {name!r}; {nearest(name, list(columns))}")
        ranges[name] = ends
    return ranges


def _sla(text: str | None) -> ServiceLevel | None:
    """Read `latency_p95=100ms`, or a bound on the 95th percentile as `100 ms`.

    Raises:
        InputError: it reads otherwise.
    """
    if text is None:
        return None
    name, equals, bound = text.rpartition("=")
    measure = name.strip() if equals else "latency_p95"
    if measure not in LATENCY_MEASURES:
        raise InputError(f"--sla bounds a latency; {nearest(measure, list(LATENCY_MEASURES))}; given: {text!r}")
    try:
        return ServiceLevel(measure, seconds(bound), (("generate",),))
    except ValueError as error:
        raise InputError(f"--sla {error}") from None
