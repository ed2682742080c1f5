"""What all figures share: one template, few colours, units on every axis, and text that plotly shows as it is.

Colours are those of Okabe and Ito, which people with any common colour blindness can tell apart
(https://jfly.uni-koeln.de/color/), the blue a little lighter so that it is seen on dark ground. None carries a meaning
alone: marks differ in shape too, bars in hatching, and lines in how they are labelled. Text keeps the colour of text,
which can be read. The page adapts text and grid lines to light and dark.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from gzip import compress
from html import escape
from textwrap import wrap
from typing import Any

from tradespace.evals.figures import Kind, figure_of
from tradespace.reports.short_notation import ARROW, short_notations
from tradespace.reports.words import measure_name

BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#1F83C4", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"
GREY, VIOLET = "#8A8F98", "#9B6BD0"
BAND = "rgba(31,131,196,0.2)"
STAGE_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILION)
STAGE_HATCHES = ("", "/", "x", "\\", "-", ".")
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"
INK, GRID, EDGE, PAPER, VEIL = "#30343B", "#E3E6EA", "#79818C", "#FFFFFF", "rgba(255,255,255,0.8)"
BACKGROUND = "background"
"""`meta` of a trace whose marks stand behind the others; arrow keys leave them out."""
LINE = 44
"""Characters of a line that a telephone has room for."""
BAR, TEXT_LINE = 34, 15
"""Pixels of a bar with what is around it, and of a line of its label."""
_TITLE = {"font": {"size": 13}, "standoff": 10}
_AXIS = {"gridcolor": GRID, "zeroline": False, "linecolor": EDGE, "automargin": True, "ticks": "", "title": _TITLE}
FIGURE_TEMPLATE: dict[str, Any] = {
    "layout": {
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 56, "r": 20, "t": 20, "b": 48},
        "hovermode": "closest",
        "hoverlabel": {"align": "left", "bgcolor": PAPER, "font": {"family": FONT, "size": 12, "color": INK}},
        "legend": {
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "xaxis": _AXIS,
        "yaxis": _AXIS,
    }
}


def plotly_script() -> str:
    """The code of plotly.js, to be put into a page once: all of it, as its package has no smaller bundle."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


@cache
def packed_plotly() -> str:
    """The same, packed by gzip and written in base64: less than half as long. A page unpacks it as it opens."""
    return b64encode(compress(plotly_script().encode(), mtime=0)).decode()


def escaped(text: str) -> str:
    """Escape text for plotly, which reads a part of HTML in every label and hover text."""
    return escape(text, quote=False)


@dataclass(frozen=True, slots=True)
class PipelineLabels:
    """How figures call pipelines: by number, and in hover texts by what tells them apart."""

    numbers: Mapping[str, int]
    shorts: Mapping[str, str]

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> PipelineLabels:
        """Labels for all pipelines that have a number."""
        return cls(numbers, short_notations(tuple(numbers)))

    def title(self, pipeline: str) -> str:
        """Head a hover text with a pipeline's number, and what tells it from the others, in short lines."""
        return "<br>".join([f"<b>#{self.numbers[pipeline]}</b>", *map(escaped, lines_of(self.shorts[pipeline]))])


def hover_title(pipeline: str, numbers: Mapping[str, int]) -> str:
    """The same of one pipeline among few."""
    return PipelineLabels.of(numbers).title(pipeline)


def lines_of(short: str) -> list[str]:
    """A shortened notation in lines, broken before arrows where that is enough.

    >>> lines_of("bm25(top_k=5) → none → reader(layers=3)")
    ['bm25(top_k=5) → none → reader(layers=3)']
    """
    lines: list[str] = []
    for place, part in enumerate(short.split(ARROW)):
        text = f"{ARROW.lstrip()}{part}" if place else part
        if lines and len(lines[-1]) + 1 + len(text) <= LINE:
            lines[-1] += f" {text}"
        else:
            lines.extend(wrap(text, LINE) or [text])
    return lines


def axis_title(measure: str) -> str:
    """Name a measure with its unit: `95th-percentile latency (ms)`, `answer F1 (0–1)`."""
    figure = figure_of(measure)
    unit = figure.unit.symbol or ("0–1" if figure.kind is Kind.SCORE else "")
    return f"{measure_name(measure)} ({unit})" if unit else measure_name(measure)


def base_layout(x_title: str, y_title: str, height: int = 440) -> dict[str, Any]:
    """Return the layout that all figures start from; titles name what an axis measures, with its unit."""
    return {
        "template": FIGURE_TEMPLATE,
        "height": height,
        "xaxis": {"title": {"text": "<br>".join(map(escaped, wrap(x_title, LINE)))}},
        "yaxis": {"title": {"text": escaped(y_title)}},
    }


def bound_line(
    position: float, text: str, logarithmic: bool = False, color: str = VERMILION, *, spread: Sequence[float] = ()
) -> dict[str, Any]:
    """Return layout entries that draw an upright line at `position` on the x axis, such as a service level.

    Its label stands on the side that has room: `spread` are the places on that axis."""
    side = "right" if _share(position, spread, logarithmic) > 0.5 else "left"
    line = {"type": "line", "xref": "x", "yref": "paper", "x0": position, "x1": position, "y0": 0, "y1": 1}
    label = {
        "xref": "x",
        "yref": "paper",
        "x": _on_axis(position, logarithmic),
        "y": 0.02,
        "text": escaped(text),
        "showarrow": False,
        "xanchor": side,
        "xshift": -6 if side == "right" else 6,
        "yanchor": "bottom",
    }
    return {"shapes": [{**line, "line": {"color": color, "width": 1.5, "dash": "dash"}}], "annotations": [label]}


def point_label(text: str, x: float, y: float, spread: Sequence[float], logarithmic: bool = False) -> dict[str, Any]:
    """Return an annotation above a point, on the side of it that has room: `spread` are all places on the x axis."""
    share = _share(x, spread, logarithmic)
    side = "left" if share < 0.3 else "right" if share > 0.7 else "center"
    shift = {"left": 12, "right": -12, "center": -12}[side]
    place = {"x": _on_axis(x, logarithmic), "y": y, "xanchor": side, "yanchor": "bottom"}
    line = {
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 1,
        "arrowcolor": EDGE,
        "standoff": 8,
        "bgcolor": VEIL,
        "ax": shift,
        "ay": -44,
    }
    return {**place, **line, "text": f"<b>{escaped(text)}</b>"}


def _share(x: float, spread: Sequence[float], logarithmic: bool) -> float:
    """How far to the right something stands on an axis, from 0 to 1."""
    low, here, high = (_on_axis(each, logarithmic) for each in (min([x, *spread]), x, max([x, *spread])))
    return (here - low) / ((high - low) or 1.0)


def _on_axis(x: float, logarithmic: bool) -> float:
    """Where annotations have it: on a logarithmic axis at the logarithm."""
    return math.log10(x) if logarithmic else x


def row_height(labels: Sequence[Sequence[str]]) -> int:
    """Pixels of a row of a figure that has a label of so many lines above its bar or mark."""
    return BAR + TEXT_LINE * max(map(len, labels), default=1)


def row_label(row: str, lines: Sequence[str]) -> dict[str, Any]:
    """Return an annotation above the bar or mark of a row, where it needs no margin on a narrow screen."""
    place = {"xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "y": row, "yanchor": "bottom", "yshift": 9}
    return {
        **place,
        "text": "<br>".join(map(escaped, lines)),
        "align": "left",
        "showarrow": False,
        "font": {"size": 11},
    }


def log_axis(places: Sequence[float]) -> dict[str, Any]:
    """A logarithmic axis that is labelled at 1, 2 and 5 of each power of ten; over many powers at 1 alone."""
    low, high = math.floor(math.log10(min(places))), math.ceil(math.log10(max(places)))
    steps = (1, 2, 5) if high - low <= 3 else (1,)
    ticks = [step * 10.0**power for power in range(low, high + 1) for step in steps]
    return {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:,.10g}" for tick in ticks]}
