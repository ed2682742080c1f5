"""What failed or is missing: failures with one cause in a row, and what models replied that was no answer."""

from __future__ import annotations

from tradespace.plurals import agreeing, count
from tradespace.reports.failures import Trouble, troubles
from tradespace.reports.judging import judging_sentences
from tradespace.reports.replies import reply_sentences
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell
from tradespace.reports.words import measure_name


def failures_section(findings: Findings) -> Section:
    """That nothing is missing is said, too."""
    results = findings.results
    found = troubles(results)
    columns = ("what happened", "questions", "of", "pipelines", "for example")
    table = SectionTable("Failures by their cause", columns, tuple(_row(trouble, findings) for trouble in found))
    failed = sum(trouble.questions for trouble in found)
    said = (
        f"{agreeing(failed, 'question of a pipeline', 'questions of pipelines')} failed: wrong and infinitely slow in "
        "every figure."
        if found
        else "No question failed."
    )
    return Section(
        "failures",
        "What failed or is missing?",
        (said, _unscored(findings), *reply_sentences(results), *judging_sentences(results)),
        tables=(table,) if found else (),
    )


def _row(trouble: Trouble, findings: Findings) -> SectionRow:
    number, others = findings.numbers[trouble.example], trouble.messages - 1
    message = f"{trouble.message} (and {others:,} that differ in numbers alone)" if others else trouble.message
    cells = (
        Cell(message, message),
        Cell(f"{trouble.questions:,}", trouble.questions),
        Cell(trouble.question_set, trouble.question_set),
        Cell(f"{trouble.pipelines:,}", trouble.pipelines),
        Cell(f"#{number}", number),
    )
    return SectionRow(cells, trouble.example)


def _unscored(findings: Findings) -> str:
    unscored = max((point.missing for point in findings.conclusion.points), default=0)
    if not unscored:
        return "No score is missing."
    name = measure_name(findings.conclusion.primary.measure)
    return (
        f"Up to {count(unscored, 'question')} of a pipeline have no {name}: they are left out of its mean, and counted "
        "in the table of all pipelines."
    )
