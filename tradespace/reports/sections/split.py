"""How the budget is best split between the stages: accuracy against the share that a group of them is given."""

from __future__ import annotations

from typing import Any

from tradespace.explorer.conclusions.split import SplitPoint
from tradespace.explorer.results import QuestionSet
from tradespace.reports.info import SplitInfo, split_infos
from tradespace.reports.section import Findings, Section, SectionFigure, SectionRow, SectionTable
from tradespace.reports.splits import split_sentence
from tradespace.reports.table import Cell, duration_cell, pipeline_cells
from tradespace.reports.words import (
    bound,
    column_name,
    figure_with_interval,
    group_names,
    listed,
    parts,
    quantity,
)


def split_section(findings: Findings) -> Section | None:
    """What the recommended pipeline takes, and the best pipeline for each share of each group."""
    infos = split_infos(findings.conclusion)
    if not infos:
        return None
    told = split_sentence(findings.conclusion)
    return Section(
        "split",
        "How is the budget best split?",
        (told,) if told else (),
        tuple(_figure(info, findings) for info in infos),
        notes=(_reading(infos),),
    )


def _reading(infos: tuple[SplitInfo, ...]) -> str:
    first = infos[0]
    group = first.group if len(infos) == 1 else "a group"
    accuracy = (
        "with its accuracy on the confirm questions"
        if first.basis is QuestionSet.CONFIRM
        else "with its accuracy on the explore questions that also chose it: not confirmed"
    )
    return (
        f"Suppose that the {bound(first.sla.seconds)} are divided between {listed(group_names(first.sla))}. The line "
        f"shows the best pipeline that keeps all parts, for each share of {group}, {accuracy}. Dots are pipelines at "
        "the share that they really take."
    )


def _figure(info: SplitInfo, findings: Findings) -> SectionFigure:
    def draw() -> Any:
        from tradespace.reports.figures import split_figure

        return split_figure(info, findings.numbers)

    caption = f"Accuracy against the share of the service level given to {info.group}"
    return SectionFigure(f"split-{info.place}", caption, draw, _data(info, findings))


def _data(info: SplitInfo, findings: Findings) -> SectionTable:
    groups = group_names(info.sla)
    columns = ("split", "#", "pipeline", column_name(info.accuracy), "less", *groups)
    return SectionTable(
        f"The best pipeline for each share of {info.group}, what it lacks against the recommended one, and what each "
        f"group of stages takes of it, on the {info.basis} questions",
        columns,
        tuple(_row(point, info, findings) for point in info.best),
    )


def _row(point: SplitPoint, info: SplitInfo, findings: Findings) -> SectionRow:
    split = Cell(parts(point.shares), point.shares[info.place])
    if point.pipeline is None or point.accuracy is None:
        return SectionRow((split, Cell(""), Cell("none fits"), *[Cell("")] * (2 + len(info.sla.split))))
    behind = {info.accuracy: point.behind} if point.behind else {}
    cells = (
        split,
        *pipeline_cells(point.pipeline, findings.numbers),
        Cell(figure_with_interval({info.accuracy: point.accuracy}, info.accuracy), point.accuracy.value),
        Cell(
            figure_with_interval(behind, info.accuracy) if behind else quantity(0.0, info.accuracy),
            point.behind.value if point.behind else 0.0,
        ),
        *(duration_cell(seconds) for seconds in point.seconds),
    )
    return SectionRow(cells, point.pipeline)
