"""Latency against the rate: where the service level is crossed, and how near the load is to that."""

from __future__ import annotations

from typing import Any

from tradespace.reports.figures.style import BLUE, GREEN, VERMILION, base_layout
from tradespace.reports.under_load import UnderLoadInfo, rate_number
from tradespace.reports.words import bound, duration, measure_name


def load_curve_figure(info: UnderLoadInfo) -> Any:
    """Draw the predicted latency of the recommended deployment, the service level, and the capacity."""
    import plotly.graph_objects as go

    rates = [point.rate for point in info.curve]
    low, high = ([(getattr(p.latency, end) or 0.0) * 1000 for p in info.curve] for end in ("low", "high"))
    figure = go.Figure(layout=base_layout("requests per second", f"{measure_name(info.latency)}, milliseconds"))
    figure.add_trace(
        go.Scatter(
            x=[*rates, *reversed(rates)],
            y=[*high, *reversed(low)],
            fill="toself",
            fillcolor="rgba(31,131,196,0.2)",
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
        figure.add_hline(
            y=info.sla.seconds * 1000,
            line={"color": VERMILION, "dash": "dash"},
            annotation_text=f"SLA {bound(info.sla.seconds)}",
        )
    if info.capacity and info.capacity.value and rates and info.capacity.value <= 1.1 * rates[-1]:
        figure.add_vline(
            x=info.capacity.value, line={"color": GREEN}, annotation_text=f"holds to {rate_number(info.capacity.value)}"
        )
    figure.update_yaxes(type="log")
    return figure
