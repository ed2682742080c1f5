"""Accuracy against the share of the service level that goes to some stages: 20/80, or the other way round?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradespace.explorer.conclusions.split import SplitPoint
from tradespace.explorer.results import QuestionSet
from tradespace.reports.figures.style import (
    BACKGROUND,
    BLUE,
    GREY,
    VERMILION,
    PipelineLabels,
    axis_title,
    base_layout,
    escaped,
)
from tradespace.reports.info import Dot, SplitInfo
from tradespace.reports.words import bound, duration, group_names, interval, measure_name, parts, quantity


def split_figure(info: SplitInfo, numbers: Mapping[str, int]) -> Any:
    """Draw the pipelines at the share that they take, and the best pipeline for each share as steps."""
    import plotly.graph_objects as go

    labels = PipelineLabels.of(numbers)
    title = f"% of the {bound(info.sla.seconds)} that {info.group} may take"
    figure = go.Figure(layout=base_layout(title, axis_title(info.accuracy)))
    widest = max([1.0, *(dot.x for dot in info.kept)])
    figure.update_xaxes(range=[-2, 104 * widest], dtick=20)
    missed = [dot for dot in info.missed if dot.x <= widest]
    for dots, name, marker in (
        (missed, "misses the SLA", {"color": GREY, "size": 5, "opacity": 0.45, "symbol": "x"}),
        (info.kept, "keeps the SLA", {"color": BLUE, "size": 6, "opacity": 0.5}),
    ):
        figure.add_trace(_dots(dots, name, info, labels, **marker))
    figure.add_trace(_steps(info, labels))
    return figure


def _dots(dots: Sequence[Dot], name: str, info: SplitInfo, labels: PipelineLabels, **marker: Any) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=[dot.x * 100 for dot in dots],
        y=[dot.y for dot in dots],
        mode="markers",
        name=name,
        meta=BACKGROUND,
        marker=marker,
        customdata=[labels.numbers[dot.pipeline] for dot in dots],
        text=[
            f"{labels.title(dot.pipeline)}<br>{escaped(measure_name(info.accuracy))} "
            f"{quantity(dot.y, info.accuracy)}<br>takes {dot.x:.0%} of the SLA for {escaped(info.group)}"
            for dot in dots
        ],
        hovertemplate="%{text}<extra></extra>",
    )


def _steps(info: SplitInfo, labels: PipelineLabels) -> Any:
    """The best pipeline for each share, with the interval of its accuracy."""
    import plotly.graph_objects as go

    symbol = "circle" if info.basis is QuestionSet.CONFIRM else "circle-open"
    return go.Scatter(
        x=[point.shares[info.place] * 100 for point in info.best],
        y=[point.accuracy.value if point.accuracy else None for point in info.best],
        error_y=_intervals(info.best),
        mode="lines+markers",
        name=f"best for this share, {info.basis} questions",
        line={"shape": "hvh", "color": VERMILION, "width": 2},
        marker={"color": VERMILION, "size": 10, "symbol": symbol, "line": {"width": 2, "color": VERMILION}},
        customdata=[labels.numbers[point.pipeline] if point.pipeline else None for point in info.best],
        text=[_hover(point, info, labels) for point in info.best],
        hovertemplate="%{text}<extra></extra>",
    )


def _intervals(points: Sequence[SplitPoint]) -> dict[str, Any]:
    """Up to where, and down to where, the interval of each accuracy goes from it."""
    known = [point.accuracy for point in points]
    ends = [(0.0, 0.0) if each is None else (_up(each.value, each.high), _up(each.low, each.value)) for each in known]
    up, down = [end for end, _ in ends], [end for _, end in ends]
    return {"symmetric": False, "array": up, "arrayminus": down, "color": VERMILION, "thickness": 1, "width": 0}


def _up(low: float | None, high: float | None) -> float:
    return 0.0 if low is None or high is None else high - low


def _hover(point: SplitPoint, info: SplitInfo, labels: PipelineLabels) -> str:
    if point.pipeline is None or point.accuracy is None:
        return f"{parts(point.shares)}: no pipeline fits"
    taken = zip(map(duration, point.seconds), map(escaped, group_names(info.sla)), strict=True)
    return (
        f"<b>{parts(point.shares)}</b> · {labels.title(point.pipeline)}<br>"
        f"{escaped(measure_name(info.accuracy))} {quantity(point.accuracy.value, info.accuracy)} "
        f"({interval(point.accuracy, info.accuracy)}), {info.basis} questions<br>"
        f"takes {', '.join(f'{time} for {group}' for time, group in taken)}"
    )
