"""What a section of the report is: sentences, figures and tables about one question, and nothing of how they are shown.

The page, `tradespace show`, a notebook and a file of Markdown or JSON all show the same sections.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.results import Results
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.table import SectionRow, SectionTable
from tradespace.reports.under_load import UnderLoadInfo

__all__ = [
    "FailedSection",
    "Findings",
    "Section",
    "SectionFigure",
    "SectionListing",
    "SectionMaker",
    "SectionRow",
    "SectionTable",
    "findings_of",
]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a section may speak of, worked out once.

    Attributes:
        results: what was measured.
        conclusion: what follows from it.
        numbers: the number that each pipeline goes by, see `pipeline_numbers`.
        loads: what is said of each load that the study has.
    """

    results: Results
    conclusion: Conclusion
    numbers: Mapping[str, int]
    loads: Sequence[UnderLoadInfo] = ()


def findings_of(results: Results, loads: Sequence[UnderLoadInfo] = ()) -> Findings:
    """Conclude from results, for sections to speak of; with what is said of each of the loads."""
    return Findings(results, conclude(results), pipeline_numbers(results), loads)


@dataclass(frozen=True, slots=True)
class SectionFigure:
    """A figure and the table behind it.

    Attributes:
        name: unique in a report, such as `frontier` or `split-0`.
        caption: what it shows, for those who see it and for those who don't.
        draw: draws it (`plotly.graph_objects.Figure`); plotly is imported only then.
        data: the figures in it as a table, for screen readers and for export.
    """

    name: str
    caption: str
    draw: Callable[[], Any]
    data: SectionTable


@dataclass(frozen=True, slots=True)
class SectionListing:
    """Text to be copied as it is: YAML, code, or commands."""

    caption: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One question and what the study says to it.

    Attributes:
        name: unique in a report; its anchor on the page, such as `frontier`.
        title: the question, or the topic.
        sentences: the answer first.
        figures: in the order in which they are shown.
        tables: in the same way; what only few readers open is `folded`.
        folded: whether a page shows the title alone until it is opened.
        notes: in small print, below all else: how figures and tables are read, and what they leave out.
        listings: what is to be copied, below the tables.
    """

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    figures: tuple[SectionFigure, ...] = ()
    tables: tuple[SectionTable, ...] = ()
    folded: bool = False
    notes: tuple[str, ...] = ()
    listings: tuple[SectionListing, ...] = ()


@dataclass(frozen=True, slots=True)
class FailedSection:
    """A section that could not be made, and why: the others are shown all the same."""

    name: str
    title: str
    reason: str


SectionMaker = Callable[[Findings], Section | Sequence[Section] | None]
"""Makes one section, or several of a kind, as one for each load; None where a study has nothing to say to it. Its name
is that of the section with `_section` behind it."""
