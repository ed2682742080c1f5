"""A report as plain values: what JSON holds and what Markdown is written from, of the same sections as the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from tradespace.errors import InputError
from tradespace.reports.columns import PlainValue
from tradespace.reports.first_screen import FirstScreen
from tradespace.reports.plain_text import JSON_FORMAT, json_text
from tradespace.reports.section import FailedSection, Section, SectionFigure, SectionListing, SectionTable
from tradespace.reports.table import Cell, finite


@dataclass(frozen=True, slots=True)
class WrittenFigure:
    """A figure without its drawing: what it shows, as a table."""

    name: str
    caption: str
    data: SectionTable


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A section as values, see `Section`; one that could not be made says why in `failed`."""

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    figures: tuple[WrittenFigure, ...] = ()
    tables: tuple[SectionTable, ...] = ()
    notes: tuple[str, ...] = ()
    listings: tuple[SectionListing, ...] = ()
    folded: bool = False
    failed: str = ""


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report as values.

    Attributes:
        title: the name of the study.
        first: what is told first.
        rows: plain figures: of each pipeline in the columns of `plain_pipelines`, or of each change in those of
            `change_columns`. None stands for what is not known, and for what is infinite.
    """

    title: str
    first: FirstScreen
    sections: tuple[WrittenSection, ...]
    rows: tuple[Mapping[str, PlainValue], ...]


def written_report(
    title: str,
    first: FirstScreen,
    sections: Sequence[Section | FailedSection],
    rows: Sequence[Mapping[str, PlainValue]],
) -> WrittenReport:
    """A report as values. No figure is drawn."""
    return WrittenReport(title, first, tuple(map(_written, sections)), tuple(rows))


def report_json(report: WrittenReport) -> str:
    """A report as JSON, with the names of its attributes as keys, and `format`."""
    return json_text({field.name: getattr(report, field.name) for field in fields(report)})


def read_report(text: str) -> WrittenReport:
    """Read back what `report_json` wrote.

    Raises:
        InputError: it is something else, or of another format.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        content = json.loads(text)
        if content["format"] != JSON_FORMAT:
            raise InputError(f"a report must be of format {JSON_FORMAT}; given: {content['format']!r}")
        return TypeAdapter(WrittenReport).validate_python(content, strict=False)
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise InputError(f"a report must be JSON that `tradespace report --format json` wrote; {error}") from None


def _written(section: Section | FailedSection) -> WrittenSection:
    if isinstance(section, FailedSection):
        return WrittenSection(section.name, section.title, failed=section.reason)
    return WrittenSection(
        name=section.name,
        title=section.title,
        sentences=section.sentences,
        figures=tuple(map(_written_figure, section.figures)),
        tables=tuple(map(_written_table, section.tables)),
        notes=section.notes,
        listings=section.listings,
        folded=section.folded,
    )


def _written_figure(figure: SectionFigure) -> WrittenFigure:
    return WrittenFigure(figure.name, figure.caption, _written_table(figure.data))


def _written_table(table: SectionTable) -> SectionTable:
    """A table whose cells sort by values that JSON has."""
    rows = tuple(replace(row, cells=tuple(map(_written_cell, row.cells))) for row in table.rows)
    return replace(table, rows=rows)


def _written_cell(cell: Cell) -> Cell:
    return cell if isinstance(cell.order, str) else Cell(cell.text, finite(cell.order))
