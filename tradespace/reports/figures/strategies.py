"""Strategies against how often they call a model, or against a threshold: one panel for each measure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tradespace.evals.figures import figure_of
from tradespace.explorer.conclusions.strategies import CurvePoint, StrategyCurve
from tradespace.reports.figures.style import STAGE_COLOURS, axis_title, base_layout, escaped, hover_title
from tradespace.reports.strategies import BY_CALLS, StrategiesInfo, curve_name
from tradespace.reports.words import column_name, figure_with_interval

PANEL, LEGEND = 210, 150
"""Pixels of a panel, and of what stands around all panels."""
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "star", "cross", "hexagon")


def strategies_figure(info: StrategiesInfo, numbers: Mapping[str, int]) -> Any:
    """Draw one panel for each measure, with one line for each curve; the axis of k is logarithmic."""
    from plotly.subplots import make_subplots

    rows = len(info.measures)
    figure = make_subplots(rows=rows, cols=1, shared_xaxes=True, vertical_spacing=0.06)
    figure.update_layout(base_layout("", "", height=LEGEND + PANEL * rows))
    for place, curve in enumerate(info.curves):
        for row, measure in enumerate(info.measures, start=1):
            figure.add_trace(_line(curve.best, curve, measure, place, numbers, shown=row == 1), row=row, col=1)
            if curve.like_recommended:
                dashed = _line(curve.like_recommended, curve, measure, place, numbers, dash="dash")
                figure.add_trace(dashed, row=row, col=1)
    for row, measure in enumerate(info.measures, start=1):
        figure.update_yaxes(title_text=escaped(axis_title(measure)), row=row, col=1)
    figure.update_xaxes(title_text=escaped(_along(info)), row=rows, col=1)
    if info.dial == BY_CALLS:
        places = sorted({point.place for curve in info.curves for point in curve.best})
        figure.update_xaxes(type="log", tickvals=places, ticktext=[f"{place:g}" for place in places])
    return figure


def _line(
    points: Sequence[CurvePoint],
    curve: StrategyCurve,
    measure: str,
    place: int,
    numbers: Mapping[str, int],
    *,
    shown: bool = False,
    dash: str = "solid",
) -> Any:
    import plotly.graph_objects as go

    known = [point for point in points if measure in point.estimates]
    colour, scale = STAGE_COLOURS[place % len(STAGE_COLOURS)], figure_of(measure).unit.scale
    values = [(point.estimates[measure].value or 0.0) * scale for point in known]
    solid = dash == "solid"
    return go.Scatter(
        x=[point.place for point in known],
        y=values,
        mode="lines+markers" if solid else "lines",
        name=escaped(curve_name(curve.curve)),
        legendgroup=str(place),
        showlegend=shown,
        line={"color": colour, "width": 2, "dash": dash},
        marker={"color": colour, "size": 9, "symbol": SYMBOLS[place % len(SYMBOLS)]},
        error_y=_bars(known, measure, values, scale) if solid else None,
        customdata=[numbers[point.pipeline] for point in known],
        text=[_hover(point, curve, measure, numbers) for point in known],
        hovertemplate="%{text}<extra></extra>",
    )


def _bars(points: Sequence[CurvePoint], measure: str, values: Sequence[float], scale: float) -> dict[str, Any]:
    """Intervals; none where an end is not known, or infinite as that of a quantile of few questions."""
    reach, lack = [], []
    for point, value in zip(points, values, strict=True):
        low, high = point.estimates[measure].low, point.estimates[measure].high
        sure = low is not None and high is not None and math.isfinite(low) and math.isfinite(high)
        reach.append((high or 0.0) * scale - value if sure else 0.0)
        lack.append(value - (low or 0.0) * scale if sure else 0.0)
    return {"type": "data", "array": reach, "arrayminus": lack, "thickness": 1, "width": 3}


def _hover(point: CurvePoint, curve: StrategyCurve, measure: str, numbers: Mapping[str, int]) -> str:
    along = f" at {curve.curve.dial} {point.place:g}" if curve.curve.dial else ""
    return (
        f"<b>{escaped(curve_name(curve.curve))}{escaped(along)}</b><br>{hover_title(point.pipeline, numbers)}<br>"
        f"{escaped(column_name(measure))} {figure_with_interval(point.estimates, measure)}"
    )


def _along(info: StrategiesInfo) -> str:
    """What the curves run along, with all names that their strategies have for it."""
    dials = dict.fromkeys(curve.curve.dial for curve in info.curves if curve.curve.dial)
    return " / ".join(dials) or info.dial
