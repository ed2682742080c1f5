"""Whether latencies were predicted well: each finalist as predicted, and as measured from end to end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import median

from tradespace.explorer.conclusions.judging import Finalist
from tradespace.plurals import count
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell, finite, pipeline_cells
from tradespace.reports.words import both, column_name, measure_name, quantity


def predictions_section(findings: Findings) -> Section | None:
    """All latency figures of the finalists that were run from end to end."""
    measured = [finalist for finalist in findings.conclusion.finalists if finalist.measured and finalist.predicted]
    if not measured:
        return None
    names = list(measured[0].measured)
    rows = tuple(
        SectionRow(
            (
                *pipeline_cells(finalist.evaluation.pipeline, findings.numbers),
                *(_pair(finalist, name) for name in names),
            ),
            finalist.evaluation.pipeline,
        )
        for finalist in measured
    )
    columns = ("#", "pipeline", *(column_name(name) for name in names))
    return Section(
        "predictions",
        "Did the predictions hold?",
        tuple(_error_words(measured, findings.conclusion.latency)),
        tables=(SectionTable("Latency of the finalists as predicted → as measured from end to end", columns, rows),),
        notes=(
            "Both are of the same confirm questions: the first ones, which are run for this check. A prediction is "
            "composed from calls that were timed alone.",
        ),
    )


def _pair(finalist: Finalist, measure: str) -> Cell:
    predicted, measured = finalist.predicted.get(measure), finalist.measured[measure]
    text = both(quantity(predicted, measure), " → ", quantity(measured, measure))
    return Cell(text, finite(measured))


def _error_words(finalists: Sequence[Finalist], latency: str) -> Iterator[str]:
    """How far the predictions of the judged latency are off."""
    errors = [
        abs(finalist.predicted[latency] / finalist.measured[latency] - 1)
        for finalist in finalists
        if math.isfinite(finalist.predicted[latency]) and 0 < finalist.measured[latency] < math.inf
    ]
    if errors:
        name = measure_name(latency)
        yield (
            f"Predictions of the {name} of {count(len(errors), 'finalist')} were off by {median(errors):.0%} in the "
            f"median, and by {max(errors):.0%} at most."
        )
