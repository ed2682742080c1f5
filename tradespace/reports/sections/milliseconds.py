"""Where the milliseconds go: the stages of the frontier pipelines, predicted, and the whole as measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tradespace.evals.figures.units import MISSING
from tradespace.plurals import agreeing
from tradespace.reports.milliseconds import MillisecondsInfo, PipelineTimes, StageTimes, milliseconds_info
from tradespace.reports.section import Findings, Section, SectionFigure, SectionRow, SectionTable
from tradespace.reports.table import Cell, duration_cell, pipeline_cells
from tradespace.reports.words import listed, measure_name, percent

WHOLE = "all stages"


def milliseconds_section(findings: Findings) -> Section | None:
    """A bar for each frontier pipeline, and of each of its stages mean, median and 95th percentile."""
    info = milliseconds_info(findings.conclusion)
    if not info.times:
        return None
    return Section(
        "milliseconds",
        "Where do the milliseconds go?",
        tuple(_answer(info, findings)),
        (_figure(info, findings),),
        notes=(_reading(info), *_left_out(info)),
    )


def _answer(info: MillisecondsInfo, findings: Findings) -> Iterator[str]:
    """Which share of its mean time each stage of the recommended pipeline takes."""
    chosen = findings.conclusion.recommended
    own = next((each for each in info.times if chosen and each.pipeline == chosen.evaluation.pipeline), None)
    if own is None or not own.predicted.mean:
        return
    slowest = sorted(own.stages.items(), key=lambda stage: -stage[1].mean)
    taken = [f"{percent(times.mean / own.predicted.mean)} for {stage}" for stage, times in slowest if times.mean]
    yield f"Of the recommended pipeline's mean time, {listed(taken)}."


def _reading(info: MillisecondsInfo) -> str:
    return (
        "Each bar is a frontier pipeline, fastest first, split into the mean time of its stages (predicted: each stage "
        f"was timed alone and warm, one question at a time). The upright mark is the {measure_name(info.latency)} of "
        "all stages together, taken of each question's sum. Finalists are shown on the questions that they are judged "
        "by, with their mark where the answer has it: measured where they were run from end to end."
    )


def _left_out(info: MillisecondsInfo) -> Iterator[str]:
    if info.left_out:
        pipelines = agreeing(info.left_out, "further frontier pipeline is", "further frontier pipelines are")
        yield f"{pipelines} not drawn; the table of all pipelines has every one."


def _figure(info: MillisecondsInfo, findings: Findings) -> SectionFigure:
    def draw() -> Any:
        from tradespace.reports.figures import milliseconds_figure

        return milliseconds_figure(info, findings.numbers)

    caption = "Mean milliseconds of each stage, for each frontier pipeline"
    return SectionFigure("milliseconds", caption, draw, _data(info, findings))


def _data(info: MillisecondsInfo, findings: Findings) -> SectionTable:
    rows = tuple(row for times in info.times for row in _rows(times, findings))
    columns = ("#", "pipeline", "questions", "stage", "mean", "p50", "p95", "p50 measured", "p95 measured")
    caption = "Time of each stage, predicted, and of all stages together, predicted and measured from end to end"
    return SectionTable(caption, columns, rows, info.left_out)


def _rows(times: PipelineTimes, findings: Findings) -> Iterator[SectionRow]:
    def row(stage: str, taken: StageTimes, measured: tuple[float, float] | None) -> SectionRow:
        known = [duration_cell(seconds) for seconds in measured] if measured else [Cell(MISSING)] * 2
        cells = (
            *pipeline_cells(times.pipeline, findings.numbers),
            Cell(times.question_set, times.question_set),
            Cell(stage, stage),
            *(duration_cell(seconds) for seconds in (taken.mean, taken.p50, taken.p95)),
            *known,
        )
        return SectionRow(cells, times.pipeline)

    yield from (row(stage, taken, None) for stage, taken in times.stages.items())
    yield row(WHOLE, times.predicted, times.measured)
