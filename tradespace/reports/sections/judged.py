"""How far the judge is off: judged figures of the finalists, raw and corrected by what people said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell, pipeline_cells
from tradespace.reports.words import both, column_name, figure_with_interval, measure_name


def judged_section(findings: Findings) -> Section | None:
    """Nothing where no figure is corrected."""
    table = judged_table(findings)
    if not table.rows:
        return None
    return Section(
        "judged",
        "How far is the judge off?",
        tuple(_answer(findings)),
        tables=(table,),
        notes=(
            "Each figure is as the judge gave it → corrected by what people said of some of the answers, on the same "
            "confirm questions. Ranges are 95 % intervals that hold for all finalists at once; the first know nothing "
            "of the judge's errors, the second do. Where figures are drawn, circles are raw, and diamonds corrected.",
        ),
    )


def _answer(findings: Findings) -> Iterator[str]:
    """How far the correction moves each judged figure, over the finalists."""
    for measure in (each.measure for each in findings.conclusion.judges if each.corrected):
        moved = [
            after - before
            for finalist in findings.conclusion.finalists
            if (before := _value(finalist.raw, measure)) is not None
            and (after := _value(finalist.estimates, measure)) is not None
        ]
        if moved:
            low, high = (f"{change:+.3f}" for change in (min(moved), max(moved)))
            by = low if low == high else f"{low} to {high}"
            yield f"What people say moves the {measure_name(measure)} of the finalists by {by}."


def _value(estimates: Mapping[str, Estimate], measure: str) -> float | None:
    return estimate.value if (estimate := estimates.get(measure)) else None


def judged_table(findings: Findings) -> SectionTable:
    """For each finalist, its judged figures as they were judged → corrected; no rows where nothing is corrected."""
    measures = [each.measure for each in findings.conclusion.judges if each.corrected]
    rows = tuple(
        SectionRow(
            (
                *pipeline_cells(finalist.evaluation.pipeline, findings.numbers),
                *(_pair(finalist, measure) for measure in measures),
            ),
            finalist.evaluation.pipeline,
        )
        for finalist in findings.conclusion.finalists
        if finalist.raw
    )
    columns = ("#", "pipeline", *(column_name(measure) for measure in measures))
    return SectionTable("Judged figures of the finalists, raw and corrected", columns, rows)


def _pair(finalist: Finalist, measure: str) -> Cell:
    before, after = (figure_with_interval(each, measure) for each in (finalist.raw, finalist.estimates))

    return Cell(both(before, " → ", after), _value(finalist.estimates, measure))
