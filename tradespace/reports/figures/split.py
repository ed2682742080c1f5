"""Accuracy against the share of the service level that goes to some stages: 20/80, or the other way round?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradespace.explorer.conclusions.split import SplitPoint
from tradespace.explorer.results import QuestionSet
from tradespace.reports.figures.style import BLUE, GREY, VERMILION, base_layout, escaped, hover_title
from tradespace.reports.info import Dot, SplitInfo
from tradespace.reports.words import bound, duration, group_names, interval, measure_name, parts, quantity


def split_figure(info: SplitInfo, numbers: Mapping[str, int]) -> Any:
    """Draw the pipelines at the share that they take, and the best pipeline for each share as steps."""
    import plotly.graph_objects as go

    title = f"% of {bound(info.sla.seconds)} for {info.group}"
    figure = go.Figure(layout=base_layout(title, measure_name(info.accuracy)))
    widest = max([1.0, *(dot.x for dot in info.kept)])
    figure.update_xaxes(range=[-2, 104 * widest], dtick=20)
    missed = [dot for dot in info.missed if dot.x <= widest]
    figure.add_trace(_dots(missed, "misses the SLA", info, numbers, color=GREY, size=5, opacity=0.35, symbol="x"))
    figure.add_trace(_dots(info.kept, "keeps the SLA", info, numbers, color=BLUE, size=6, opacity=0.4))
    figure.add_trace(_steps(info, numbers))
    return figure


def _dots(dots: Sequence[Dot], name: str, info: SplitInfo, numbers: Mapping[str, int], **marker: Any) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=[dot.x * 100 for dot in dots],
        y=[dot.y for dot in dots],
        mode="markers",
        name=name,
        marker=marker,
        customdata=[numbers[dot.pipeline] for dot in dots],
        text=[
            f"{hover_title(dot.pipeline, numbers)}<br>{escaped(measure_name(info.accuracy))} "
            f"{quantity(dot.y, info.accuracy)}<br>takes {dot.x:.0%} of the SLA for {escaped(info.group)}"
            for dot in dots
        ],
        hovertemplate="%{text}<extra></extra>",
    )


def _steps(info: SplitInfo, numbers: Mapping[str, int]) -> Any:
    import plotly.graph_objects as go

    symbol = "circle" if info.basis is QuestionSet.CONFIRM else "circle-open"
    return go.Scatter(
        x=[point.shares[info.place] * 100 for point in info.best],
        y=[point.accuracy.value if point.accuracy else None for point in info.best],
        mode="lines+markers",
        name=f"best when given this share, {info.basis} questions",
        line={"shape": "hvh", "color": VERMILION, "width": 2},
        marker={"color": VERMILION, "size": 10, "symbol": symbol, "line": {"width": 2, "color": VERMILION}},
        customdata=[numbers[point.pipeline] if point.pipeline else None for point in info.best],
        text=[_hover(point, info, numbers) for point in info.best],
        hovertemplate="%{text}<extra></extra>",
    )


def _hover(point: SplitPoint, info: SplitInfo, numbers: Mapping[str, int]) -> str:
    if point.pipeline is None or point.accuracy is None:
        return f"{parts(point.shares)}: no pipeline fits"
    taken = zip(map(duration, point.seconds), map(escaped, group_names(info.sla)), strict=True)
    return (
        f"<b>{parts(point.shares)}</b> · {hover_title(point.pipeline, numbers)}<br>"
        f"{escaped(measure_name(info.accuracy))} {quantity(point.accuracy.value, info.accuracy)} "
        f"({interval(point.accuracy, info.accuracy)}), {info.basis} questions<br>"
        f"takes {', '.join(f'{time} for {group}' for time, group in taken)}"
    )
