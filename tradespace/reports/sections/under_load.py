"""Pipelines under load: which deployment is recommended for each load, how much it holds, and at what latency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tradespace.explorer.load.curve import RatePoint
from tradespace.reports.load_words import rate_number
from tradespace.reports.section import Findings, Section, SectionFigure, SectionRow, SectionTable
from tradespace.reports.table import Cell
from tradespace.reports.under_load import UnderLoadInfo
from tradespace.reports.words import column_name, figure_with_interval, measure_name


def under_load_section(findings: Findings) -> tuple[Section, ...]:
    """One for each load that the study has."""
    return tuple(_section(f"load-{place}", info) for place, info in enumerate(findings.loads))


def _section(name: str, info: UnderLoadInfo) -> Section:
    return Section(
        name,
        f"Under load: {info.load}",
        (info.headline, *info.notes),
        (_figure(name, info),) if info.curve else (),
        (replace(info.frontier, left_out=info.left_out),) if info.frontier.rows else (),
        notes=(
            "“Alike” counts other deployments of the pipeline, on as many machines, that come to the same figures: "
            "this is the simplest. Above 80 % of the time of the busiest stages, a latency is given as an interval of "
            "90 %.",
        )
        if info.frontier.rows
        else (),
    )


def _figure(name: str, info: UnderLoadInfo) -> SectionFigure:
    def draw() -> Any:
        from tradespace.reports.figures import load_curve_figure

        return load_curve_figure(info)

    caption = (
        f"The {measure_name(info.latency)} that is foretold of this deployment at each rate, with queues; the band "
        "holds 90 % of runs of 1,000 requests"
    )
    return SectionFigure(name, caption, draw, _data(info.curve, info.latency))


def _data(curve: Sequence[RatePoint], latency: str) -> SectionTable:
    rows = tuple(
        SectionRow(
            (
                Cell(rate_number(point.rate), point.rate),
                Cell(figure_with_interval({latency: point.latency}, latency), point.latency.value),
            )
        )
        for point in curve
    )
    caption = "Predicted latency by the rate of requests, with intervals of 90 %"
    return SectionTable(caption, ("requests per s", column_name(latency)), rows)
