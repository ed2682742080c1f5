"""What became of the pipelines that were not evaluated on every question."""

from __future__ import annotations

from tradespace.explorer.results import Dropped, SearchAccount
from tradespace.plurals import count
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell
from tradespace.reports.words import listed_in_part

MOST_NAMED, MOST_OTHERS = 20, 3
"""Pipelines of one kind, and others that a row of one names, at most."""


def searched_section(findings: Findings) -> Section | None:
    """How the space was searched; nothing where the strategy keeps no account."""
    account = findings.results.provenance.search
    if account is None:
        return None
    tables = (_alike_table(account, findings), _dropped_table(account))
    return Section(
        "searched",
        "What was not tried, and why?",
        search_sentences(account),
        tables=tuple(table for table in tables if table.rows),
    )


def search_sentences(account: SearchAccount | None) -> tuple[str, ...]:
    """How the space was searched, in sentences."""
    if account is None:
        return ()
    sentences = [_considered(account), _asked(account), account.ending and f"{account.ending.capitalize()}."]
    return tuple(sentence for sentence in sentences if sentence)


def _alike_table(account: SearchAccount, findings: Findings) -> SectionTable:
    """The pipelines that were evaluated for others as well, with some of these by name."""
    rows = tuple(
        SectionRow(
            (Cell(pipeline, pipeline), Cell(listed_in_part(others, MOST_OTHERS), len(others))),
            pipeline if pipeline in findings.numbers else None,
        )
        for pipeline, others in list(account.alike.items())[:MOST_NAMED]
    )
    left_out = len(account.alike) - len(rows)
    return SectionTable("Pipelines that stand for others", ("pipeline", "stands for"), rows, left_out)


def _dropped_table(account: SearchAccount) -> SectionTable:
    """The pipelines that were dropped on the way, and what for: another costs no more and answers at least as well."""
    rows = tuple(_dropped(each) for each in account.dropped[:MOST_NAMED])
    columns = ("pipeline", "dropped after", "as this costs no more and answers at least as well")
    left_out = max(account.raced_out, len(account.dropped)) - len(rows)
    return SectionTable("Pipelines that were dropped on the way", columns, rows, left_out)


def _dropped(each: Dropped) -> SectionRow:
    cells = (
        Cell(each.pipeline, each.pipeline),
        Cell(count(each.questions, "question"), each.questions),
        Cell(each.by, each.by),
    )
    return SectionRow(cells)


def _considered(account: SearchAccount) -> str:
    among = "" if account.whole_space else " that were drawn from the space"
    twins = account.candidates - account.classes
    sentence = f"{count(account.candidates, 'pipeline')}{among} were considered"
    if not twins:
        return f"{sentence}."
    alike = "does the same work as another or answers" if twins == 1 else "do the same work as another or answer"
    return f"{sentence}; {twins:,} of them {alike} alike, and {'is' if twins == 1 else 'are'} counted with it."


def _asked(account: SearchAccount) -> str:
    why = "not worth the price of evaluating them further" if account.ending else "left when the search ended"
    parts = [
        (account.complete, f"evaluated on all {account.questions:,} questions"),
        (account.missing_sla, "foretold to miss a bound, and given no dear call"),
        (account.raced_out, "dropped on the way, as another was shown to be at least as good"),
        (account.failed, "given up after failures"),
        (account.open, why),
    ]
    told = [f"{number:,} {'was' if number == 1 else 'were'} {fate}" for number, fate in parts if number]
    return f"Of the {account.classes:,} that are left, {'; '.join(told)}." if told else ""
