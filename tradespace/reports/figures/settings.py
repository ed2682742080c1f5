"""What each setting does for the accuracy: the difference between two of its values, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradespace.explorer.conclusions.setting_contrasts import SettingContrast
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
from tradespace.reports.words import figure_with_interval

MOST_SETTINGS = 20


def settings_figure(contrasts: Sequence[SettingContrast], measure: str) -> Any:
    """Draw a mark with its interval for each setting, the one that matters most on top; open where 0 is in it."""
    import plotly.graph_objects as go

    shown = contrasts[:MOST_SETTINGS]
    rows = [escaped(each.setting) for each in shown]
    labels = [lines_of(_change(each))[:2] for each in shown]
    height = 110 + row_height(labels) * len(rows)
    figure = go.Figure(layout=base_layout(f"gained in {axis_title(measure)}", "", height=height))
    order = {"categoryorder": "array", "categoryarray": rows, "range": [len(rows) - 0.5, -0.8]}
    figure.update_yaxes(type="category", showgrid=False, showticklabels=False, **order)
    figure.update_xaxes(zeroline=True, zerolinecolor=GREY, rangemode="tozero")
    for name, matters, colour, symbol in (
        ("matters", True, BLUE, "circle"),
        ("can't be told from nothing", False, GREY, "circle-open"),
    ):
        if some := [each for each in shown if each.shown is matters]:
            figure.add_trace(_marks(some, measure, name, {"color": colour, "symbol": symbol, "size": 9}))
    for row, lines in zip(rows, labels, strict=True):
        figure.add_annotation(row_label(row, lines))
    return figure


def _marks(contrasts: Sequence[SettingContrast], measure: str, name: str, marker: dict[str, Any]) -> Any:
    import plotly.graph_objects as go

    gains = [each.gain.value or 0.0 for each in contrasts]
    return go.Scatter(
        x=gains,
        y=[escaped(each.setting) for each in contrasts],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [(each.gain.high or gain) - gain for each, gain in zip(contrasts, gains, strict=True)],
            "arrayminus": [gain - (each.gain.low or 0.0) for each, gain in zip(contrasts, gains, strict=True)],
            "thickness": 1.5,
            "width": 0,
            "color": marker["color"],
        },
        mode="markers",
        marker=marker,
        name=name,
        text=[_hover(each, measure) for each in contrasts],
        hovertemplate="%{text}<extra></extra>",
    )


def _change(each: SettingContrast) -> str:
    return f"{each.setting}: {each.worse} → {each.better}"


def _hover(each: SettingContrast, measure: str) -> str:
    return f"<b>{escaped(_change(each))}</b><br>+{figure_with_interval({measure: each.gain}, measure)}"
