"""Where the milliseconds go: the stages of each frontier pipeline, stacked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradespace.reports.figures.style import (
    STAGE_COLOURS,
    STAGE_HATCHES,
    VIOLET,
    PipelineLabels,
    base_layout,
    bound_line,
    escaped,
    lines_of,
    row_height,
    row_label,
)
from tradespace.reports.milliseconds import MillisecondsInfo
from tradespace.reports.short_notation import short_notations
from tradespace.reports.words import bound, duration, measure_name

ROOM = 1.22
"""How far the axis goes beyond the longest bar, so that what stands behind its end is not cut off."""
ON_BARS = "#101418"
"""The colour of what is written on bars: it can be read on each of their colours."""


def milliseconds_figure(info: MillisecondsInfo, numbers: Mapping[str, int]) -> Any:
    """Draw one bar for each pipeline, fastest on top, with its judged latency figure as a mark."""
    import plotly.graph_objects as go

    labels = PipelineLabels.of(numbers)
    rows = [f"#{numbers[pipeline]}" for pipeline in info.pipelines]
    shorts = short_notations(tuple(info.pipelines))
    names = [lines_of(shorts[pipeline])[:2] for pipeline in info.pipelines]
    row = row_height(names)
    layout = base_layout("milliseconds per question", "", height=130 + row * len(rows))
    figure = go.Figure(layout=layout | {"barmode": "stack", "bargap": 1 - 20 / row})
    figure.update_layout(uniformtext={"minsize": 10, "mode": "hide"})
    end = ROOM * 1000 * _longest(info)
    figure.update_xaxes(range=[0, end])
    figure.update_yaxes(range=[len(rows) - 0.2, -0.8], showgrid=False, type="category")
    if info.bound is not None:
        figure.update_layout(bound_line(info.bound * 1000, f"SLA {bound(info.bound)}", spread=[0, end]))
    for place, stage in enumerate(info.stages):
        figure.add_trace(_stage_bars(info, stage, place, rows, labels))
    figure.add_trace(_totals(info, rows, labels))
    for name, lines in zip(rows, names, strict=True):
        figure.add_annotation(row_label(name, lines))
    return figure


def _longest(info: MillisecondsInfo) -> float:
    sums = [sum(parts) for parts in zip(*info.stages.values(), strict=True)]
    return float(max([*sums, *(total for total in info.totals if total is not None), info.bound or 0.0]))


def _stage_bars(info: MillisecondsInfo, stage: str, place: int, rows: list[str], labels: PipelineLabels) -> Any:
    """Colour and hatching tell the stages apart; a bar that has room says how long its stage takes."""
    import plotly.graph_objects as go

    kind = place % len(STAGE_COLOURS)
    return go.Bar(
        x=[value * 1000 for value in info.stages[stage]],
        y=rows,
        orientation="h",
        name=f"{escaped(stage)}, mean",
        marker={"color": STAGE_COLOURS[kind], "pattern": _hatching(kind)},
        customdata=[labels.numbers[pipeline] for pipeline in info.pipelines],
        text=[duration(value) for value in info.stages[stage]],
        textposition="inside",
        insidetextanchor="middle",
        insidetextfont={"color": ON_BARS},
        textangle=0,
        hovertext=[
            f"{labels.title(pipeline)}<br>{escaped(stage)}: mean {duration(value)}"
            for pipeline, value in zip(info.pipelines, info.stages[stage], strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _totals(info: MillisecondsInfo, rows: list[str], labels: PipelineLabels) -> Any:
    import plotly.graph_objects as go

    name = measure_name(info.latency)
    return go.Scatter(
        x=[None if total is None else total * 1000 for total in info.totals],
        y=rows,
        mode="markers+text",
        name=f"{escaped(name)}, all stages",
        marker={"symbol": "line-ns-open", "size": 18, "color": VIOLET, "line": {"width": 3}},
        customdata=[labels.numbers[pipeline] for pipeline in info.pipelines],
        text=[duration(total) for total in info.totals],
        textposition="middle right",
        cliponaxis=False,
        hovertext=[
            f"{labels.title(pipeline)}<br>{escaped(name)} {duration(total)}"
            for pipeline, total in zip(info.pipelines, info.totals, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hatching(kind: int) -> dict[str, Any]:
    """Faint lines over the colour of a stage, so that what is written there can be read."""
    return {
        "shape": STAGE_HATCHES[kind],
        "fillmode": "overlay",
        "fgcolor": "#FFFFFF",
        "fgopacity": 0.45,
        "size": 6,
        "solidity": 0.2,
    }
