"""What more samples of a strategy buy, and what the thresholds of cascades and routers do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tradespace.explorer.conclusions.strategies import CurvePoint, StrategyCurve
from tradespace.plurals import agreeing
from tradespace.reports.section import Findings, Section, SectionFigure, SectionRow, SectionTable
from tradespace.reports.strategies import (
    BY_CALLS,
    StrategiesInfo,
    chosen_note,
    curve_name,
    recommended_note,
    strategies_infos,
    strategy_sentences,
)
from tradespace.reports.table import Cell
from tradespace.reports.words import column_name, figure_with_interval

BEST, LIKE_RECOMMENDED = "best", "as recommended"


def strategies_by_k_section(findings: Findings) -> Section | None:
    """Accuracy, latency and cost for each k that was tried, and for each threshold; None where nothing varies."""
    infos = strategies_infos(findings.conclusion)
    if not infos:
        return None
    left_out = agreeing(sum(info.left_out for info in infos), "more curve is", "more curves are")
    some = f"{left_out} not drawn." if any(info.left_out for info in infos) else ""
    notes = (chosen_note(infos), recommended_note(infos), some)
    return Section(
        "strategies_by_k",
        "What do more samples buy?" if infos[0].dial == BY_CALLS else "What do thresholds do?",
        tuple(sentence for info in infos for sentence in strategy_sentences(info)),
        tuple(_figure(info, findings) for info in infos),
        notes=tuple(filter(None, notes)),
    )


def _figure(info: StrategiesInfo, findings: Findings) -> SectionFigure:
    def draw() -> Any:
        from tradespace.reports.figures.strategies import strategies_figure

        return strategies_figure(info, findings.numbers)

    shown = ", ".join(column_name(name) for name in info.measures)
    along = "how often a strategy calls its model" if info.dial == BY_CALLS else f"the threshold {info.dial}"
    return SectionFigure(info.name, f"By {along}: {shown}, on the explore questions", draw, _data(info, findings))


def _data(info: StrategiesInfo, findings: Findings) -> SectionTable:
    columns = ("strategy", info.dial, "of", "#", "pipeline", *(column_name(name) for name in info.measures))
    return SectionTable("The best pipeline of each place", columns, tuple(_rows(info, findings)))


def _rows(info: StrategiesInfo, findings: Findings) -> Iterator[SectionRow]:
    for curve in info.curves:
        for point in curve.best:
            yield _row(curve, point, f"{BEST} of {point.among:,}", info, findings)
        for point in curve.like_recommended:
            yield _row(curve, point, LIKE_RECOMMENDED, info, findings)


def _row(curve: StrategyCurve, point: CurvePoint, which: str, info: StrategiesInfo, findings: Findings) -> SectionRow:
    name, number = curve_name(curve.curve), findings.numbers[point.pipeline]
    figures = (
        Cell(figure_with_interval(point.estimates, measure), _order(point, measure)) for measure in info.measures
    )
    cells = (
        Cell(name, name),
        Cell(f"{point.place:g}", point.place),
        Cell(which, which),
        Cell(f"#{number}", number),
        Cell(point.pipeline, point.pipeline),
        *figures,
    )
    return SectionRow(cells, point.pipeline)


def _order(point: CurvePoint, measure: str) -> float | None:
    estimate = point.estimates.get(measure)
    return estimate.value if estimate else None
