"""Differences with their intervals, one in a row: of what was shown, and of what can't be told from nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tradespace.evals.figures import figure_of
from tradespace.evals.statistics import Estimate
from tradespace.reports.figures.style import BLUE, GREY, axis_title, base_layout, lines_of, row_height, row_label

MOST_DIFFERENCES = 20
LABEL_LINES = 2


@dataclass(frozen=True, slots=True)
class DrawnDifference:
    """One row: `label` stands above its mark, and `hover`, which is markup, appears beside it; `shown` where it is no
    noise."""

    label: str
    estimate: Estimate
    shown: bool
    hover: str


def differences_figure(
    differences: Sequence[DrawnDifference], measure: str, what: str, shown: str, not_shown: str
) -> Any:
    """Draw a mark with its interval for each difference, the first on top; open where it may be noise.

    Args:
        differences: of one figure; those beyond `MOST_DIFFERENCES` are not drawn.
        measure: the figure.
        what: what the difference is to it, such as `change in`.
        shown: what the filled marks are called.
        not_shown: what the open ones are called.
    """
    import plotly.graph_objects as go

    drawn = differences[:MOST_DIFFERENCES]
    labels = [lines_of(each.label)[:LABEL_LINES] for each in drawn]
    rows = [str(place) for place in range(len(drawn))]
    height = 110 + row_height(labels) * len(rows)
    figure = go.Figure(layout=base_layout(f"{what} {axis_title(measure)}", "", height=height))
    order = {"categoryorder": "array", "categoryarray": rows, "range": [len(rows) - 0.5, -0.8]}
    figure.update_yaxes(type="category", showgrid=False, showticklabels=False, **order)
    figure.update_xaxes(zeroline=True, zerolinecolor=GREY, rangemode="tozero")
    for name, kind, colour, symbol in ((shown, True, BLUE, "circle"), (not_shown, False, GREY, "circle-open")):
        if some := [(row, each) for row, each in zip(rows, drawn, strict=True) if each.shown is kind]:
            figure.add_trace(_marks(some, measure, name, {"color": colour, "symbol": symbol, "size": 9}))
    for row, lines in zip(rows, labels, strict=True):
        figure.add_annotation(row_label(row, lines))
    return figure


def _marks(some: Sequence[tuple[str, DrawnDifference]], measure: str, name: str, marker: dict[str, Any]) -> Any:
    import plotly.graph_objects as go

    scale = figure_of(measure).unit.scale
    values, lows, highs = (
        [scale * (part or 0.0) for part in parts]
        for parts in zip(*((e.value, e.low, e.high) for e in (each.estimate for _, each in some)), strict=True)
    )
    return go.Scatter(
        x=values,
        y=[row for row, _ in some],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - value for high, value in zip(highs, values, strict=True)],
            "arrayminus": [value - low for low, value in zip(lows, values, strict=True)],
            "thickness": 1.5,
            "width": 0,
            "color": marker["color"],
        },
        mode="markers",
        marker=marker,
        name=name,
        text=[each.hover for _, each in some],
        hovertemplate="%{text}<extra></extra>",
    )
