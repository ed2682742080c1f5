"""How far the judge is off: judged figures of the finalists, raw and corrected by what people said."""

from __future__ import annotations

from tradespace.explorer.conclusions.judging import Finalist
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell, pipeline_cells
from tradespace.reports.words import both, column_name, figure_with_interval


def judged_section(findings: Findings) -> Section | None:
    """Nothing where no figure is corrected."""
    table = judged_table(findings)
    if not table.rows:
        return None
    return Section(
        "judged",
        "How far is the judge off?",
        (
            "For each finalist, the figure as the judge gave it → corrected by what people said of some of the "
            "answers, on the same confirm questions.",
        ),
        tables=(table,),
        notes=(
            "Ranges are 95 % intervals that hold for all finalists at once; the first know nothing of the judge's "
            "errors, the second do. Circles in the plots above are raw, and diamonds corrected.",
        ),
    )


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
    estimate = finalist.estimates.get(measure)
    return Cell(both(before, " → ", after), estimate.value if estimate else None)
