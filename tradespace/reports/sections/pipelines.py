"""All pipelines with their figures."""

from __future__ import annotations

from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.results import QuestionSet
from tradespace.plurals import agreeing
from tradespace.reports.section import Findings, Section
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
        (_answer(conclusion),),
        tables=(pipelines_table(conclusion, findings.numbers),),
        notes=(
            "Ranges in brackets are 95 % intervals; those of the finalists hold for all of them at once. “On "
            "frontier” is the share of bootstrap resamples of the questions in which the pipeline is there. A failed "
            "question counts as wrong and infinitely slow (∞); an unscored one is left out of the mean.",
            *raw,
        ),
    )


def _answer(conclusion: Conclusion) -> str:
    """How many there are, and how many are worth a look."""
    confirmed = sum(each.evaluation.question_set is QuestionSet.CONFIRM for each in conclusion.finalists)
    explored = agreeing(len(conclusion.points), "pipeline was", "pipelines were")
    frontier = agreeing(len(conclusion.frontier), "is", "are")
    return f"{explored} explored; {frontier} on the frontier, and {agreeing(confirmed, 'was', 'were')} confirmed."
