"""What each setting does for the accuracy: the difference between two of its values, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradespace.explorer.conclusions.setting_contrasts import SettingContrast
from tradespace.reports.figures.style import BLUE, GREY, base_layout, escaped
from tradespace.reports.words import figure_with_interval, measure_name

MOST_SETTINGS = 20
ROW_OF_A_SETTING = 34


def settings_figure(contrasts: Sequence[SettingContrast], measure: str) -> Any:
    """Draw a mark with its interval for each setting, the one that matters most on top; grey where 0 is in it."""
    import plotly.graph_objects as go

    shown = contrasts[:MOST_SETTINGS]
    title = f"{measure_name(measure)} gained by the better value, the worse → the better beside it"
    figure = go.Figure(layout=base_layout(title, "", height=110 + ROW_OF_A_SETTING * len(shown)))
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category")
    figure.update_xaxes(zeroline=True, zerolinecolor=GREY, rangemode="tozero")
    for name, matters, colour in (("matters", True, BLUE), ("can't be told from nothing", False, GREY)):
        if some := [each for each in shown if each.shown is matters]:
            figure.add_trace(_marks(some, measure, name, colour))
    return figure


def _marks(contrasts: Sequence[SettingContrast], measure: str, name: str, colour: str) -> Any:
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
            "color": colour,
        },
        mode="markers+text",
        text=[escaped(f"  {each.worse} → {each.better}") for each in contrasts],
        textposition="top right",
        marker={"color": colour, "size": 9},
        name=name,
        customdata=[None] * len(contrasts),
        hovertext=[_hover(each, measure) for each in contrasts],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _hover(each: SettingContrast, measure: str) -> str:
    change = f"{each.setting}: {each.worse} → {each.better}"
    return f"<b>{escaped(change)}</b><br>+{figure_with_interval({measure: each.gain}, measure)}"
