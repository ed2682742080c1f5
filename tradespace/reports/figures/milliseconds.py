"""Where the milliseconds go: the stages of each frontier pipeline, stacked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradespace.reports.figures.style import STAGE_COLOURS, VIOLET, base_layout, bound_line, escaped, hover_title
from tradespace.reports.milliseconds import MillisecondsInfo
from tradespace.reports.words import bound, duration, measure_name

ROW = 46
LABEL = 110


def milliseconds_figure(info: MillisecondsInfo, numbers: Mapping[str, int]) -> Any:
    """Draw one bar for each pipeline, fastest on top, with its judged latency figure as a mark."""
    import plotly.graph_objects as go

    rows = [f"#{numbers[pipeline]}" for pipeline in info.pipelines]
    layout = base_layout("milliseconds per question", "", height=130 + ROW * len(rows))
    figure = go.Figure(layout=layout | {"barmode": "stack", "bargap": 0.55})
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    if info.bound is not None:
        figure.update_layout(bound_line(info.bound * 1000, f"SLA {bound(info.bound)}"))
    for stage in info.stages:
        figure.add_trace(_stage_bars(info, stage, rows, numbers))
    figure.add_trace(_totals(info, rows, numbers))
    for row, pipeline in zip(rows, info.pipelines, strict=True):
        figure.add_annotation(_label(row, pipeline))
    return figure


def _stage_bars(info: MillisecondsInfo, stage: str, rows: list[str], numbers: Mapping[str, int]) -> Any:
    import plotly.graph_objects as go

    return go.Bar(
        x=[value * 1000 for value in info.stages[stage]],
        y=rows,
        orientation="h",
        name=f"{escaped(stage)}, mean",
        marker={"color": STAGE_COLOURS[list(info.stages).index(stage) % len(STAGE_COLOURS)]},
        customdata=[numbers[pipeline] for pipeline in info.pipelines],
        text=[
            f"{hover_title(pipeline, numbers)}<br>{escaped(stage)}: mean {duration(value)}"
            for pipeline, value in zip(info.pipelines, info.stages[stage], strict=True)
        ],
        textposition="none",
        hovertemplate="%{text}<extra></extra>",
    )


def _totals(info: MillisecondsInfo, rows: list[str], numbers: Mapping[str, int]) -> Any:
    import plotly.graph_objects as go

    name = measure_name(info.latency)
    return go.Scatter(
        x=[None if total is None else total * 1000 for total in info.totals],
        y=rows,
        mode="markers",
        name=f"{escaped(name)}, all stages",
        marker={"symbol": "line-ns-open", "size": 18, "color": VIOLET, "line": {"width": 3}},
        customdata=[numbers[pipeline] for pipeline in info.pipelines],
        text=[
            f"{hover_title(pipeline, numbers)}<br>{escaped(name)} {duration(total)}"
            for pipeline, total in zip(info.pipelines, info.totals, strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )


def _label(row: str, pipeline: str) -> dict[str, Any]:
    """Write the notation above its bar, where it needs no margin on a narrow screen."""
    text = pipeline if len(pipeline) <= LABEL else pipeline[: LABEL - 1] + "…"
    place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "y": row, "yshift": 18}
    return {**place, "text": escaped(text), "showarrow": False, "font": {"size": 11}}
