"""The price of what was not tried: more questions, to tell ties apart or narrow an interval, and more pipelines."""

from __future__ import annotations

from collections.abc import Iterator

from tradespace.evals.figures.units import NUMBER
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.surer import MoreQuestions, OpenTie, SurerAnswer, Untried, answer_surer
from tradespace.explorer.results import Provenance, QuestionSet
from tradespace.plurals import agreeing, count
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell
from tradespace.reports.words import dollars, interval, listed, measure_name, quantity, rough_duration

NAMED_TIES = 3
"""Ties that have a sentence of their own; the table has all."""


def to_be_surer_section(findings: Findings) -> Section | None:
    """What it takes to be surer; None where nothing is recommended, and for figures that were measured elsewhere."""
    answer = answer_surer(findings.results, findings.conclusion)
    if answer is None or findings.results.provenance.table:
        return None
    sentences = tuple(_sentences(answer, findings))
    if not sentences:
        return None
    tables = (_widths(answer, findings.conclusion), _ties(answer, findings))
    return Section(
        "to_be_surer",
        "What would it take to be surer?",
        sentences,
        tables=tuple(table for table in tables if table.rows),
        notes=tuple(_notes(answer)),
    )


def _sentences(answer: SurerAnswer, findings: Findings) -> Iterator[str]:
    conclusion = findings.conclusion
    for tie in answer.ties[:NAMED_TIES]:
        yield _tie_words(tie, findings)
    if answer.half_width is not None and answer.widths:
        width, more = answer.widths[0]
        measure = measure_name(conclusion.primary.measure)
        yield (
            f"Its {measure} is known to ±{answer.half_width:.3f} with {count(answer.asked, 'question')}. To know it "
            f"to ±{width:g} takes {more_words(more)}."
        )
    if where := _where_from(answer, findings.results.provenance):
        yield where
    if answer.untried:
        yield _untried_words(answer.untried, findings.results.provenance)


def more_words(more: MoreQuestions) -> str:
    """So many questions with all that they take.

    >>> more_words(MoreQuestions(150, 1200, 75.0, 0.4))
    '150 more questions: 1,200 more calls, $0.40 and 75 s'
    """
    calls = [] if more.calls is None else [f"{more.calls:,} more {'call' if more.calls == 1 else 'calls'}"]
    paid = [dollars(more.usd)] if more.usd else []
    took = [] if more.seconds is None else [rough_duration(more.seconds)]
    taken = listed([*calls, *paid, *took])
    questions = f"{more.questions:,} more {'question' if more.questions == 1 else 'questions'}"
    return f"{questions}: {taken}" if taken else questions


def _tie_words(tie: OpenTie, findings: Findings) -> str:
    number = findings.numbers[tie.pipeline]
    if not tie.lead.value:
        return f"#{number} has the same figure: more questions may never tell it from the recommended pipeline."
    seems = f"if the difference of {_lead(tie, findings.conclusion)} is what it seems"
    if tie.more is None:
        return f"To tell #{number} from the recommended pipeline takes over 100 times as many questions, {seems}."
    return f"To tell #{number} from the recommended pipeline takes {more_words(tie.more)}, {seems}."


def _lead(tie: OpenTie, conclusion: Conclusion) -> str:
    """A difference as it is written: of the first objective in its unit, of a utility as a number."""
    if conclusion.goals.utility:
        return NUMBER.write(abs(tie.lead.value or 0.0))
    measure = conclusion.primary.measure
    return f"{quantity(abs(tie.lead.value or 0.0), measure)} {measure_name(measure)}"


def _where_from(answer: SurerAnswer, provenance: Provenance) -> str:
    """How more questions are asked."""
    if not answer.widths and not any(tie.more for tie in answer.ties):
        return ""
    if answer.question_set is QuestionSet.EXPLORE:
        return "These figures are not confirmed: a budget that lasts for the confirm questions makes them surer first."
    if answer.left:
        were = agreeing(answer.left, "confirm question that was", "confirm questions that were")
        return f"The split has {were} not asked: a larger budget, or a narrower `half_width` under `search`, asks them."
    asked = provenance.questions[QuestionSet.CONFIRM]
    return f"All {asked:,} confirm questions were asked: `confirm` under `data` allows for more."


def _untried_words(untried: Untried, provenance: Provenance) -> str:
    were = agreeing(untried.pipelines, "pipeline was", "pipelines were")
    about = "" if provenance.search or provenance.space_size_exact else "about "
    price = "its price" if untried.pipelines == 1 else "their price"
    why = f"not worth {price}, as the search foretold" if untried.ending else "left when the search ended"
    sentence = f"Of the space, {about}{were} not evaluated on all questions: {why}."
    if untried.outlay is None:
        return sentence
    paid = f" and {dollars(untried.outlay.usd)}" if untried.outlay.usd else ""
    return (
        f"{sentence} To evaluate {'it' if untried.pipelines == 1 else 'all of them'} would take about "
        f"{count(untried.outlay.calls, 'more call')}, {rough_duration(untried.outlay.seconds)} in them{paid}, by what "
        "the others took."
    )


def _widths(answer: SurerAnswer, conclusion: Conclusion) -> SectionTable:
    columns = ("known to", "more questions", "more calls", "dollars", "one after the other")
    rows = tuple(
        SectionRow((Cell(f"±{width:g}", width), *_cells(more)), answer.pipeline) for width, more in answer.widths
    )
    caption = f"How well the {measure_name(conclusion.primary.measure)} of the recommended pipeline can be known"
    return SectionTable(caption, columns, rows)


def _ties(answer: SurerAnswer, findings: Findings) -> SectionTable:
    columns = (
        "#",
        "pipeline",
        "the recommended leads by",
        "more questions",
        "more calls",
        "dollars",
        "one after the other",
    )
    rows = tuple(_tie_row(tie, findings) for tie in answer.ties)
    return SectionTable("What it takes to tell the recommended pipeline from those that it is tied with", columns, rows)


def _tie_row(tie: OpenTie, findings: Findings) -> SectionRow:
    number = findings.numbers[tie.pipeline]
    goals, measure = findings.conclusion.goals, findings.conclusion.primary.measure
    value = NUMBER.write(tie.lead.value) if goals.utility else quantity(tie.lead.value, measure)
    lead = value if goals.utility else f"{value} ({interval(tie.lead, measure)})"
    cells = (Cell(f"#{number}", number), Cell(tie.pipeline, tie.pipeline), Cell(lead, tie.lead.value))
    return SectionRow((*cells, *_cells(tie.more)), tie.pipeline)


def _cells(more: MoreQuestions | None) -> tuple[Cell, ...]:
    if more is None:
        return (Cell("too many"), Cell(""), Cell(""), Cell(""))
    return (
        Cell(f"{more.questions:,}", more.questions),
        Cell("" if more.calls is None else f"{more.calls:,}", more.calls),
        Cell("" if more.usd is None else dollars(more.usd), more.usd),
        Cell("" if more.seconds is None else rough_duration(more.seconds), more.seconds),
    )


def _notes(answer: SurerAnswer) -> Iterator[str]:
    if answer.widths or answer.ties:
        yield (
            "Intervals narrow with the root of the number of questions. Calls, dollars and seconds are those that the "
            "pipelines took for a question on average, times the questions; calls that pipelines share are made "
            "once, so it may take fewer. Of pipelines that ask models, calls are the completions that they read."
        )
