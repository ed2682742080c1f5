"""What another bound on the latency would buy, where the architecture changes, and what a millisecond is worth."""

from __future__ import annotations

from typing import Any

from tradespace.explorer.conclusions.slas import SlaStep
from tradespace.reports.section import Findings, Section, SectionFigure, SectionRow, SectionTable
from tradespace.reports.slas import SlaInfo, sla_info, sla_sentences
from tradespace.reports.table import Cell, duration_cell, pipeline_cells
from tradespace.reports.words import column_name, figure_with_interval, group_names, listed, parts


def slas_section(findings: Findings) -> Section | None:
    """The best pipeline for every bound, in steps."""
    info = sla_info(findings.conclusion)
    if info is None:
        return None

    def draw() -> Any:
        from tradespace.reports.figures import sla_figure

        return sla_figure(info, findings.numbers)

    caption = "The best accuracy within each bound on the latency, on the explore questions"
    return Section(
        "slas",
        "What would another bound buy?",
        sla_sentences(info, findings.numbers),
        (SectionFigure("slas", caption, draw, _data(info, findings)),),
    )


def _data(info: SlaInfo, findings: Findings) -> SectionTable:
    groups = listed(group_names(info.sla))
    columns = ("from", "#", "pipeline", column_name(info.accuracy), f"split between {groups}")
    caption = "The bounds from which on another pipeline is best, on the explore questions"
    return SectionTable(caption, columns, tuple(_row(step, info, findings) for step in info.steps))


def _row(step: SlaStep, info: SlaInfo, findings: Findings) -> SectionRow:
    cells = (
        duration_cell(step.seconds),
        *pipeline_cells(step.pipeline, findings.numbers),
        Cell(figure_with_interval({info.accuracy: step.accuracy}, info.accuracy), step.accuracy.value),
        Cell(parts(step.shares), step.shares[0]),
    )
    return SectionRow(cells, step.pipeline)
