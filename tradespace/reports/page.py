"""The report: one HTML file that needs no network, no server and no model.

All text from data or YAML is escaped: by jinja in the page, as `\\u003c` in the JSON that scripts read, and by
`figures.style.shown` in labels and hover texts. A content security policy forbids the page to load anything at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tradespace.evals.figures import FIGURES
from tradespace.explorer.results import Results
from tradespace.reports.details import pipeline_details
from tradespace.reports.figures import packed_plotly
from tradespace.reports.first_screen import FirstScreen
from tradespace.reports.making import drawn_sections, made_first_screen, made_sections
from tradespace.reports.section import FailedSection, Findings, Section, SectionTable, findings_of
from tradespace.reports.short_notation import short_notations
from tradespace.reports.under_load import UnderLoadInfo

TEMPLATE = Path(__file__).parent / "template"
LISTED_ROWS = 1000
"""Of a table, in the page: more of them would only make it slow."""
_CHOICE = r'<button type="button" class="open" data-pipeline="\1">#\1</button>'


def write_report(
    results: Results, path: Path | str, loads: Sequence[UnderLoadInfo] = (), study: Path | None = None
) -> Path:
    """Write the report of `results` and return its path.

    Args:
        results: what to report.
        path: the file to write.
        loads: what is said of each of the loads.
        study: the folder that the results come from, which the lines to copy name.

    Raises:
        OSError: the file cannot be written.
    """
    file = Path(path)
    file.write_text(render_report(results, loads, study), encoding="utf-8")
    return file


def render_report(results: Results, loads: Sequence[UnderLoadInfo] = (), study: Path | None = None) -> str:
    """Return the report as HTML: see `write_report`."""
    findings = findings_of(results, loads)
    return render_sections(results.name, made_first_screen(findings, study), made_sections(findings), findings)


def render_sections(
    title: str, first: FirstScreen, made: Sequence[Section | FailedSection], findings: Findings | None = None
) -> str:
    """Return sections as a page, below what is told first.

    Args:
        title: of the page.
        first: what is told first.
        made: the sections in order; one with a figure that cannot be drawn has failed.
        findings: what is told of a pipeline that is selected; none can be where it is None.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"unbroken": _unbroken, "sentence": _sentence}
    drawn, figures = drawn_sections(made)
    sections = tuple(map(_listed, drawn))
    numbers = findings.numbers if findings else {}
    return environment.get_template("page.html.j2").render(
        title=title,
        first=first,
        sections=sections,
        numbers=numbers,
        shorts=short_notations(tuple(numbers)),
        data=_data(findings, sections, figures),
        plotly=packed_plotly(),
    )


def _unbroken(text: str) -> Any:
    """Keep figures with their units, and intervals, on one line."""
    from markupsafe import Markup, escape

    symbols = "|".join(sorted({re.escape(figure.unit.symbol) for figure in FIGURES.values() if figure.unit.symbol}))
    figures = rf"\([^()]{{1,24}}(?:–| to )[^()]{{1,24}}\)|[\d.,]+ (?:{symbols}|%)"
    return Markup(re.sub(figures, r'<span class="unbroken">\g<0></span>', str(escape(text))))


def _sentence(text: str) -> Any:
    """The same, where a number of a pipeline selects it, and what stands in backticks is code."""
    from markupsafe import Markup

    chosen = re.sub(r"(?<!&)#(\d+)\b", _CHOICE, str(_unbroken(text)))
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", chosen))


def _listed(section: Section | FailedSection) -> Section | FailedSection:
    """The section with as many rows of its tables as a page can list."""
    if isinstance(section, FailedSection):
        return section
    return replace(section, tables=tuple(map(_cut, section.tables)))


def _cut(table: SectionTable) -> SectionTable:
    rows = table.rows[:LISTED_ROWS]
    return replace(table, rows=rows, left_out=table.left_out + len(table.rows) - len(rows))


def _tables(section: Section | FailedSection) -> tuple[SectionTable, ...]:
    if isinstance(section, FailedSection):
        return ()
    return (*section.tables, *(figure.data for figure in section.figures))


def _data(findings: Findings | None, sections: Sequence[Section | FailedSection], figures: Mapping[str, Any]) -> Any:
    """Return what the page's script reads, as JSON that no text in it can break out of."""
    from jinja2.utils import htmlsafe_json_dumps

    listed = {row.pipeline for section in sections for table in _tables(section) for row in table.rows if row.pipeline}
    details = pipeline_details(findings, listed) if findings else {}
    plain = {name: json.loads(figure.to_json()) for name, figure in figures.items()}
    return htmlsafe_json_dumps(
        {"figures": plain, "pipelines": {number: asdict(each) for number, each in details.items()}}
    )
