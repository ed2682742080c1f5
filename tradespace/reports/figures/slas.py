"""The best accuracy for every service level, in steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradespace.explorer.conclusions.slas import SlaStep
from tradespace.reports.figures.style import (
    BAND,
    BLUE,
    PipelineLabels,
    axis_title,
    base_layout,
    bound_line,
    escaped,
)
from tradespace.reports.slas import SlaInfo
from tradespace.reports.words import bound, duration, group_names, interval, measure_name, parts, quantity


def sla_figure(info: SlaInfo, numbers: Mapping[str, int]) -> Any:
    """Draw the accuracy of the best pipeline within each bound, with its interval, and the study's own bound."""
    import plotly.graph_objects as go

    labels, milliseconds = PipelineLabels.of(numbers), [step.seconds * 1000 for step in info.steps]
    end = 1.1 * max(milliseconds[-1], info.sla.seconds * 1000)
    figure = go.Figure(layout=base_layout(f"bound on the {axis_title(info.sla.measure)}", axis_title(info.accuracy)))
    low, high = ([getattr(step.accuracy, edge) for step in info.steps] for edge in ("low", "high"))
    edges = {"x": [*milliseconds, end], "line": {"shape": "hv", "width": 0}, "mode": "lines", "hoverinfo": "skip"}
    figure.add_trace(go.Scatter(y=[*low, low[-1]], showlegend=False, **edges))
    figure.add_trace(go.Scatter(y=[*high, high[-1]], fill="tonexty", fillcolor=BAND, name="95 % interval", **edges))
    best = [step.accuracy.value for step in info.steps]
    figure.add_trace(
        go.Scatter(
            x=[*milliseconds, end],
            y=[*best, best[-1]],
            mode="lines",
            line={"shape": "hv", "color": BLUE, "width": 2},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.add_trace(
        go.Scatter(
            x=milliseconds,
            y=best,
            mode="markers",
            marker={"color": BLUE, "size": 8},
            name="best within this bound, explore questions",
            customdata=[numbers[step.pipeline] for step in info.steps],
            text=[_hover(step, info, labels) for step in info.steps],
            hovertemplate="%{text}<extra></extra>",
        )
    )
    figure.update_layout(bound_line(info.sla.seconds * 1000, f"SLA {bound(info.sla.seconds)}", spread=[0, end]))
    figure.update_xaxes(rangemode="tozero")
    return figure


def _hover(step: SlaStep, info: SlaInfo, labels: PipelineLabels) -> str:
    groups = " / ".join(map(escaped, group_names(info.sla)))
    return (
        f"<b>from {duration(step.seconds)} on</b> · {labels.title(step.pipeline)}<br>"
        f"{escaped(measure_name(info.accuracy))} {quantity(step.accuracy.value, info.accuracy)} "
        f"({interval(step.accuracy, info.accuracy)})<br>split {parts(step.shares)} ({groups})"
    )
