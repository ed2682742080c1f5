"""What became of one figure of each pipeline between two studies: the difference, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradespace.evals.figures import figure_of
from tradespace.explorer.conclusions.comparing import FigureChange
from tradespace.reports.figures.style import (
    BLUE,
    GREY,
    axis_title,
    base_layout,
    escaped,
    lines_of,
    row_height,
    row_label,
)
from tradespace.reports.short_notation import short_notations
from tradespace.reports.words import quantity

MOST_CHANGES = 20


def changes_figure(changes: Sequence[FigureChange]) -> Any:
    """Draw a mark with its interval for each pipeline, in the order given; open where it did not move beyond noise.

    Args:
        changes: of one figure; those beyond `MOST_CHANGES` are not drawn.
    """
    import plotly.graph_objects as go

    shown = changes[:MOST_CHANGES]
    shorts = short_notations(tuple(each.pipeline for each in changes))
    labels = [lines_of(shorts[each.pipeline])[:2] for each in shown]
    rows = [str(place) for place in range(len(shown))]
    height = 110 + row_height(labels) * len(rows)
    figure = go.Figure(layout=base_layout(f"change in {axis_title(changes[0].measure)}", "", height=height))
    order = {"categoryorder": "array", "categoryarray": rows, "range": [len(rows) - 0.5, -0.8]}
    figure.update_yaxes(type="category", showgrid=False, showticklabels=False, **order)
    figure.update_xaxes(zeroline=True, zerolinecolor=GREY, rangemode="tozero")
    for name, moved, colour, symbol in (
        ("moved", True, BLUE, "circle"),
        ("can't be told from noise", False, GREY, "circle-open"),
    ):
        if some := [(row, each) for row, each in zip(rows, shown, strict=True) if each.moved is moved]:
            figure.add_trace(_marks(some, name, {"color": colour, "symbol": symbol, "size": 9}))
    for row, lines in zip(rows, labels, strict=True):
        figure.add_annotation(row_label(row, lines))
    return figure


def _marks(changes: Sequence[tuple[str, FigureChange]], name: str, marker: dict[str, Any]) -> Any:
    import plotly.graph_objects as go

    scale = figure_of(changes[0][1].measure).unit.scale
    values, lows, highs = (
        [scale * (part or 0.0) for part in parts]
        for parts in zip(*((d.value, d.low, d.high) for d in (each.difference for _, each in changes)), strict=True)
    )
    return go.Scatter(
        x=values,
        y=[row for row, _ in changes],
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
        text=[_hover(each) for _, each in changes],
        hovertemplate="%{text}<extra></extra>",
    )


def _hover(change: FigureChange) -> str:
    known = (quantity(value, change.measure) for value in (change.before, change.after))
    return f"{escaped(change.pipeline)}<br>{' → '.join(known)}"
