"""What all figures share: colours, layout, and text that plotly shows as it is.

Colours are those of Okabe and Ito, which people with any common colour blindness can tell apart
(https://jfly.uni-koeln.de/color/), the blue a little lighter so that it is seen on dark ground. The page adapts text
and grid lines to light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#1F83C4", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
GREY, VIOLET = "#8A8F98", "#9B6BD0"
STAGE_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION)
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"


def plotly_script() -> str:
    """The code of plotly.js, to be put into a page once."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def escaped(text: str) -> str:
    """Escape text for plotly, which reads a part of HTML in every label and hover text."""
    return escape(text, quote=False)


def hover_title(pipeline: str, numbers: Mapping[str, int]) -> str:
    """Head a hover text with a pipeline's number, and one line for each of its stages."""
    return f"<b>#{numbers[pipeline]}</b><br>" + escaped(pipeline).replace(" &gt;&gt; ", "<br>&gt;&gt; ")


def base_layout(x_title: str, y_title: str, height: int = 460) -> dict[str, Any]:
    """Return the layout that all figures start from: no background, faint grid, legend on top."""
    axis = {"gridcolor": "#E3E6EA", "zeroline": False, "linecolor": "#C3C8CF", "automargin": True, "ticks": ""}
    return {
        "font": {"family": FONT, "size": 13, "color": "#30343B"},
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "height": height,
        "margin": {"l": 56, "r": 16, "t": 16, "b": 48},
        "hovermode": "closest",
        "hoverlabel": {"align": "left", "font": {"family": FONT, "size": 12}},
        "legend": {
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "traceorder": "normal",
        },
        "xaxis": {**axis, "title": {"text": escaped(x_title)}},
        "yaxis": {**axis, "title": {"text": escaped(y_title)}},
    }


def bound_line(position: float, text: str, logarithmic: bool = False, color: str = VERMILION) -> dict[str, Any]:
    """Return layout entries that draw an upright line at `position` on the x axis, such as a service level."""
    line = {"type": "line", "xref": "x", "yref": "paper", "x0": position, "x1": position, "y0": 0, "y1": 1}
    label = {
        "xref": "x",
        "yref": "paper",
        "x": math.log10(position) if logarithmic else position,
        "y": 0.02,
        "text": escaped(text),
        "showarrow": False,
        "xanchor": "left",
        "xshift": 6,
        "yanchor": "bottom",
        "font": {"color": color},
    }
    return {"shapes": [{**line, "line": {"color": color, "width": 1.5, "dash": "dash"}}], "annotations": [label]}
