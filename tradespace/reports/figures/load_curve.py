"""Latency against the rate: where the service level is crossed, and how near the load is to that."""

from __future__ import annotations

import math
from typing import Any

from tradespace.reports.figures.style import BAND, BLUE, GREEN, GREY, VERMILION, axis_title, base_layout
from tradespace.reports.load_words import rate_number
from tradespace.reports.under_load import UnderLoadInfo
from tradespace.reports.words import bound, duration
from tradespace.search_space.goals import ServiceLevel


def load_curve_figure(info: UnderLoadInfo) -> Any:
    """Draw the predicted latency of the recommended deployment, the service level, the load and the capacity."""
    import plotly.graph_objects as go

    rates = [point.rate for point in info.curve]
    low, high = ([(getattr(p.latency, end) or 0.0) * 1000 for p in info.curve] for end in ("low", "high"))
    figure = go.Figure(layout=base_layout("rate (requests per second)", axis_title(info.latency)))
    figure.add_trace(
        go.Scatter(
            x=[*rates, *reversed(rates)],
            y=[*high, *reversed(low)],
            fill="toself",
            fillcolor=BAND,
            line={"width": 0},
            name="90 % interval",
            hoverinfo="skip",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=rates,
            y=[(point.latency.value or 0.0) * 1000 for point in info.curve],
            mode="lines+markers",
            name="predicted",
            line={"color": BLUE, "width": 2},
            text=[f"{rate_number(point.rate)} per s: {duration(point.latency.value)}" for point in info.curve],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    if info.sla:
        _mark_service_level(figure, info.sla)
    widest = rates[-1] if rates else info.rate
    _mark_rate(figure, info.rate, f"this load, {rate_number(info.rate)} per s", GREY, height=0.0, widest=widest)
    capacity = info.capacity.value if info.capacity else None
    if capacity and rates and capacity <= 1.1 * widest:
        text = f"holds the SLA to {rate_number(capacity)} per s"
        _mark_rate(figure, capacity, text, GREEN, height=1.0, widest=widest)
    figure.update_yaxes(type="log", dtick=1)
    figure.update_xaxes(rangemode="tozero")
    return figure


def _mark_service_level(figure: Any, sla: ServiceLevel) -> None:
    """A label stands at the logarithm of what its line stands at: the axis is logarithmic."""
    figure.add_hline(y=sla.seconds * 1000, line={"color": VERMILION, "dash": "dash"})
    figure.add_annotation(
        x=0,
        xref="paper",
        xanchor="left",
        y=math.log10(sla.seconds * 1000),
        yanchor="bottom",
        showarrow=False,
        text=f"SLA {bound(sla.seconds)}",
    )


def _mark_rate(figure: Any, rate: float, text: str, colour: str, *, height: float, widest: float) -> None:
    """A line at a rate, with its label at a height of the figure from 0 to 1, on the side that has room."""
    side = "right" if rate > 0.5 * widest else "left"
    figure.add_vline(x=rate, line={"color": colour})
    figure.add_annotation(
        x=rate,
        xanchor=side,
        xshift=-6 if side == "right" else 6,
        y=height,
        yref="paper",
        yanchor="top" if height else "bottom",
        showarrow=False,
        text=text,
    )
