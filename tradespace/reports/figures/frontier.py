"""Accuracy against cost: what can be had for how many milliseconds, or dollars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradespace.evals.figures import figure_of
from tradespace.reports.figures.style import (
    BACKGROUND,
    BLUE,
    GREEN,
    GREY,
    PURPLE,
    VERMILION,
    PipelineLabels,
    axis_title,
    base_layout,
    bound_line,
    escaped,
    log_axis,
    point_label,
)
from tradespace.reports.info import Dot, FrontierInfo
from tradespace.reports.words import bound, measure_name, quantity

WIDE = 15.0
FAINT = "80"
YOU_ARE_HERE = "you are here"


def frontier_figure(info: FrontierInfo, numbers: Mapping[str, int]) -> Any:
    """Draw all pipelines as a plotly figure; the axis of costs is logarithmic where they differ 15-fold or more."""
    import plotly.graph_objects as go

    labels, costs = PipelineLabels.of(numbers), _costs(info)
    logarithmic = bool(costs) and 0 < WIDE * min(costs) <= max(costs)
    figure = go.Figure(layout=base_layout(axis_title(info.cost), axis_title(info.accuracy)))
    figure.update_xaxes(**(log_axis(costs) if logarithmic else {}))
    if info.bound is not None:
        figure.update_layout(bound_line(info.bound * 1000, f"SLA {bound(info.bound)}", logarithmic, spread=costs))
    behind = _dots(info.dominated, "dominated", info, labels, color=GREY, size=6, opacity=0.55)
    figure.add_trace(behind.update(meta=BACKGROUND))
    figure.add_trace(_line(info))
    frontier = {"color": BLUE, "size": 8, "symbol": "circle-open", "line": {"width": 2}}
    figure.add_trace(_dots(info.frontier, "frontier, explore questions", info, labels, **frontier))
    if info.confirmed:
        confirmed = {"color": GREEN, "size": 10, "symbol": "diamond"}
        figure.add_trace(_dots(info.confirmed, "finalists, confirm questions", info, labels, **confirmed))
    if info.observed:
        _add_observed(figure, info, costs, logarithmic)
    if info.recommended:
        _add_recommended(figure, info, labels, costs, logarithmic)
    return figure


def _costs(info: FrontierInfo) -> list[float]:
    """Where anything stands on the axis of costs, in the unit that it is drawn in."""
    costs = [dot.x for dot in (*info.dominated, *info.frontier, *info.confirmed)]
    costs += [info.observed[0]] if info.observed else []
    return [cost * figure_of(info.cost).unit.scale for cost in costs]


def _add_recommended(
    figure: Any, info: FrontierInfo, labels: PipelineLabels, costs: Sequence[float], logarithmic: bool
) -> None:
    """A star that is labelled where it stands, and so needs no place in the legend."""
    if (dot := info.recommended) is None:
        return
    star = _dots([dot], "recommended", info, labels, color=VERMILION, size=17, symbol="star")
    figure.add_trace(star.update(showlegend=False))
    place = dot.x * figure_of(info.cost).unit.scale
    figure.add_annotation(
        point_label(f"recommended, #{labels.numbers[dot.pipeline]}", place, dot.y, [*costs, place], logarithmic)
    )


def _add_observed(figure: Any, info: FrontierInfo, costs: Sequence[float], logarithmic: bool) -> None:
    """Mark the system that runs already: a cross, or a line where its accuracy is not known."""
    import plotly.graph_objects as go

    cost, accuracy = info.observed or (0.0, None)
    place = cost * figure_of(info.cost).unit.scale
    if accuracy is None:
        drawn = bound_line(place, YOU_ARE_HERE, logarithmic, PURPLE, spread=costs)
        figure.add_shape(drawn["shapes"][0])
        figure.add_annotation(drawn["annotations"][0])
        return
    hover = f"<b>{YOU_ARE_HERE}</b><br>{escaped(measure_name(info.accuracy))} {quantity(accuracy, info.accuracy)}<br>"
    hover += f"{escaped(measure_name(info.cost))} {quantity(cost, info.cost)}"
    figure.add_trace(
        go.Scatter(
            x=[place],
            y=[accuracy],
            mode="markers",
            name=YOU_ARE_HERE,
            marker={"color": PURPLE, "size": 14, "symbol": "x"},
            customdata=[None],
            text=[hover],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    figure.add_annotation(point_label(YOU_ARE_HERE, place, accuracy, costs, logarithmic))


def _dots(dots: Sequence[Dot], name: str, info: FrontierInfo, labels: PipelineLabels, **marker: Any) -> Any:
    import plotly.graph_objects as go

    bars = any(dot.x_range or dot.y_range for dot in dots)
    scale = figure_of(info.cost).unit.scale
    return go.Scatter(
        x=[dot.x * scale for dot in dots],
        y=[dot.y for dot in dots],
        error_x=_bars([dot.x for dot in dots], [dot.x_range for dot in dots], scale, marker["color"]) if bars else None,
        error_y=_bars([dot.y for dot in dots], [dot.y_range for dot in dots], 1, marker["color"]) if bars else None,
        mode="markers",
        name=name,
        marker=marker,
        customdata=[labels.numbers[dot.pipeline] for dot in dots],
        text=[_hover(dot, info, labels) for dot in dots],
        hovertemplate="%{text}<extra></extra>",
    )


def _bars(values: Sequence[float], ranges: Sequence[tuple[float, float] | None], unit: float, color: str) -> Any:
    ends = [(value, value) if limits is None else limits for value, limits in zip(values, ranges, strict=True)]
    return {
        "type": "data",
        "symmetric": False,
        "array": [(high - value) * unit for value, (_, high) in zip(values, ends, strict=True)],
        "arrayminus": [(value - low) * unit for value, (low, _) in zip(values, ends, strict=True)],
        "thickness": 1,
        "width": 0,
        "color": color + FAINT,
    }


def _line(info: FrontierInfo) -> Any:
    """The best accuracy for each cost, as steps through the frontier."""
    import plotly.graph_objects as go

    return go.Scatter(
        x=[x * figure_of(info.cost).unit.scale for x, _ in info.steps],
        y=[y for _, y in info.steps],
        mode="lines",
        line={"shape": "hv", "color": BLUE, "width": 1.5},
        opacity=0.5,
        showlegend=False,
        hoverinfo="skip",
    )


def _hover(dot: Dot, info: FrontierInfo, labels: PipelineLabels) -> str:
    lines = [
        labels.title(dot.pipeline),
        f"{escaped(measure_name(info.accuracy))} {_with_range(dot.y, dot.y_range, info.accuracy)}",
        f"{escaped(measure_name(info.cost))} {_with_range(dot.x, dot.x_range, info.cost)}",
    ]
    if dot.membership is not None:
        lines.append(f"on the frontier in {dot.membership:.0%} of resamples")
    return "<br>".join(lines)


def _with_range(value: float, limits: tuple[float, float] | None, measure: str) -> str:
    text = quantity(value, measure)
    return f"{text} ({quantity(limits[0], measure)} to {quantity(limits[1], measure)})" if limits else text
