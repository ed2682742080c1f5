"""All pipelines with their figures."""

from __future__ import annotations

from tradespace.reports.section import Findings, Section, captioned
from tradespace.reports.table import pipelines_table


def pipelines_section(findings: Findings) -> Section:
    """Every explored pipeline, the recommended one first, then finalists, frontier, and the rest."""
    conclusion = findings.conclusion
    raw = (
        ["“Raw” is a figure that a model judged, and that is not corrected by what people say."]
        if conclusion.judges
        else []
    )
    return Section(
        "pipelines",
        "All pipelines",
        ("Choose a column to sort by it, and a pipeline to see all that is known of it.",),
        tables=(captioned(pipelines_table(conclusion, findings.numbers), "Pipelines with their figures"),),
        notes=(
            "Ranges in brackets are 95 % intervals; those of the finalists hold for all of them at once. “On frontier” "
            "is the share of bootstrap resamples of the questions in which the pipeline is on the frontier. A failed "
            "question counts as wrong and infinitely slow (∞); an unscored one is left out of the mean.",
            *raw,
        ),
    )
