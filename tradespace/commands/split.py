"""`tradespace split`: how the latency budget is best divided, from the records of a study; runs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape, wide_console
from tradespace.commands.formats import SplitFormat, print_answer_as, print_or_write, require_terminal
from tradespace.commands.preferences import Preferences
from tradespace.errors import InputError, nearest
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.conclusions.split import SplitPoint
from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.info import pipeline_numbers, split_infos
from tradespace.reports.plain_goals import plain_sla
from tradespace.reports.recommendation import recommendation
from tradespace.reports.slas import SlaInfo, sla_info, sla_sentences
from tradespace.reports.split_columns import split_columns
from tradespace.reports.splits import split_sentence
from tradespace.reports.words import (
    duration,
    group_names,
    interval,
    listed_in_part,
    measure_name,
    parts,
    quantity,
)

NAMED_IN_A_CELL = 3
"""Splits between more than two groups; the others are counted."""


@dataclass(frozen=True, slots=True)
class SplitWishes:
    """What the command line says.

    Attributes:
        sla: another bound than the study's.
        groups: of stages, such as `retrieve + rerank, generate`; those of the study where it is None.
        host: whose timings count.
        output: the file that JSON, CSV or the figures are written to; standard output where it is None.
    """

    sla: str | None = None
    groups: str | None = None
    host: str | None = None
    format: SplitFormat = SplitFormat.TABLE
    output: Path | None = None


def print_split(folder: Path, wishes: SplitWishes) -> None:
    """Print the best pipeline for each split of the bound, what other bounds buy, and what a millisecond is worth.

    Raises:
        InputError: there is no bound to divide, a group is none, or the file cannot be written.
    """
    results = results_to_split(StudyFolder(folder).results(wishes.host), wishes)
    conclusion = conclude(results)
    if wishes.format is SplitFormat.TABLE:
        require_terminal(wishes.output)
        _print_tables(wide_console(), results, conclusion)
    elif wishes.format is SplitFormat.HTML:
        print_or_write(_html(results, conclusion), wishes.output)
    else:
        content = partial(_content, results, conclusion)
        print_answer_as(wishes.format, content, lambda: split_columns(conclusion).named_rows, wishes.output)


def results_to_split(results: Results, wishes: SplitWishes) -> Results:
    """The results under the bound and the groups that are asked about.

    Raises:
        InputError: there is no bound to divide, or a group is none.
    """
    results = Preferences(wishes.sla).applied(results)
    sla = results.goals.sla
    if sla is None:
        raise InputError("a split divides a latency bound: name one, such as --sla '100 ms'")
    if wishes.groups is not None:
        stages = tuple(dict.fromkeys(stage for each in results.explored for stage in each.seconds))
        sla = replace(sla, split=_groups(wishes.groups, stages))
    if len(sla.split) < 2:
        raise InputError(
            "a split is between two groups of stages or more: name them, such as --groups 'retrieve + rerank, generate'"
        )
    return results.under(replace(results.goals, sla=sla))


def _groups(text: str, stages: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    groups = tuple(tuple(stage.strip() for stage in group.split("+")) for group in text.split(","))
    named = [stage for group in groups for stage in group]
    for stage in named:
        if stage not in stages:
            raise InputError(f"--groups: the study has no timings of a stage {stage!r}; {nearest(stage, list(stages))}")
        if named.count(stage) > 1:
            raise InputError(f"--groups: {stage!r} must be in one group only")
    if missing := [stage for stage in stages if stage not in named]:
        raise InputError(f"--groups: {missing[0]!r} must be in one of the groups; its time counts too")
    return groups


def _print_tables(console: Console, results: Results, conclusion: Conclusion) -> None:
    numbers, sla, answer = pipeline_numbers(results), conclusion.sla, conclusion.split
    assert sla is not None
    assert answer is not None
    recommended = recommendation(conclusion)
    console.print(f"[bold]{escape(recommended.headline)}[/bold]", soft_wrap=True)
    if recommended.pipeline:
        console.print(escape(f"  #{numbers[recommended.pipeline]} {recommended.pipeline}"), soft_wrap=True)
    if sentence := split_sentence(conclusion):
        console.print(escape(sentence), soft_wrap=True)
    measure = conclusion.primary.measure
    groups = group_names(sla)
    rival = f"#{numbers[answer.own.pipeline]}" if answer.own and answer.own.pipeline else "the best"
    table = Table("split", "best", measure_name(measure), f"less than {rival}", *map(escape, groups))
    for points in _alike(answer.points):
        table.add_row(_splits(points), *_cells(points[0], measure, numbers, len(groups)))
    console.print(table)
    console.print(
        escape(
            f"Of {duration(sla.seconds)}, on the {answer.basis} questions; brackets hold 95 % confidence intervals."
        ),
        soft_wrap=True,
    )
    info = sla_info(conclusion)
    for told in sla_sentences(info, numbers) if info else ():
        console.print(escape(told), soft_wrap=True)
    named = {point.pipeline for point in answer.points if point.pipeline} | _named(info)
    for pipeline in sorted(named, key=numbers.__getitem__):
        console.print(escape(f"{f'#{numbers[pipeline]}':>5} {pipeline}"), soft_wrap=True)


def _alike(points: Sequence[SplitPoint]) -> list[list[SplitPoint]]:
    """Splits with the same best pipeline: of two groups those next to each other, of more all of them."""
    if len(points[0].shares) == 2:
        return [list(alike) for _, alike in groupby(points, key=lambda point: point.pipeline)]
    by_pipeline: dict[str | None, list[SplitPoint]] = {}
    for point in points:
        by_pipeline.setdefault(point.pipeline, []).append(point)
    return list(by_pipeline.values())


def _splits(points: Sequence[SplitPoint]) -> str:
    names = [parts(point.shares) for point in points]
    if len(points[0].shares) == 2:
        return f"{names[0]} to {names[-1]}" if len(names) > 1 else names[0]
    return listed_in_part(names, NAMED_IN_A_CELL)


def _cells(point: SplitPoint, measure: str, numbers: dict[str, int], groups: int) -> list[str]:
    if point.pipeline is None or point.accuracy is None:
        return ["none fits", *[""] * (2 + groups)]
    accuracy = f"{quantity(point.accuracy.value, measure)} ({interval(point.accuracy, measure)})"
    behind = f"{quantity(point.behind.value, measure)} ({interval(point.behind, measure)})" if point.behind else ""
    return [f"#{numbers[point.pipeline]}", accuracy, behind, *map(duration, point.seconds)]


def _named(info: SlaInfo | None) -> set[str]:
    """The pipelines that sentences about other bounds name."""
    if info is None:
        return set()
    return {each.pipeline for each in info.marginal} | ({info.own} if info.own and info.marginal else set())


def _content(results: Results, conclusion: Conclusion) -> dict[str, Any]:
    """What JSON holds."""
    info, sla = sla_info(conclusion), conclusion.sla
    assert sla is not None
    assert conclusion.split is not None
    return {
        "study": results.name,
        "measure": conclusion.primary.measure,
        "sla": plain_sla(sla),
        "recommended": conclusion.recommended.evaluation.pipeline if conclusion.recommended else None,
        **asdict(conclusion.split),
        "slas": [asdict(step) for step in info.steps] if info else [],
        "changes": [asdict(change) for change in info.changes] if info else [],
        "marginal": [asdict(each) for each in info.marginal] if info else [],
    }


def _html(results: Results, conclusion: Conclusion) -> str:
    """The figures as one page that needs no network."""
    from tradespace.reports.figures import plotly_script, sla_figure, split_figure

    numbers, info = pipeline_numbers(results), sla_info(conclusion)
    figures = [split_figure(each, numbers) for each in split_infos(conclusion)]
    figures += [sla_figure(info, numbers)] if info else []
    drawn = "\n".join(figure.to_html(include_plotlyjs=False, full_html=False) for figure in figures)
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Split</title>\n'
        f"<script>{plotly_script()}</script>\n{drawn}\n</html>\n"
    )
