"""A study as notebooks and terminals show it: the answer, its figures, and the frontier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tradespace.reports.first_screen import FirstScreen
from tradespace.reports.making import made_first_screen
from tradespace.reports.section import Findings
from tradespace.reports.table import SectionTable, pipelines_table

STUDY_TEMPLATE = Path(__file__).with_name("study.html.j2")
SHOWN_PIPELINES = 12
LEFT_OUT_COLUMNS = ("pipeline", "from", "on frontier", "failed", "unscored")
"""Of the table of pipelines: too long, or for closer study than at a glance."""


def study_text(findings: Findings, folder: Path) -> str:
    """The answer in lines: what to run, with what it was measured to do, and what to know besides."""
    screen = made_first_screen(findings, folder)
    pipeline = [f"  #{screen.pipeline.number} {screen.pipeline.notation}"] if screen.pipeline else []
    return "\n".join([*screen.notices, screen.headline, *pipeline, *_sentences(screen), *screen.notes])


def study_html(findings: Findings, folder: Path) -> str:
    """The answer and the frontier as HTML that needs no style, script or file beside it. All text is escaped."""
    from jinja2 import Environment, StrictUndefined

    table = pipelines_table(findings.conclusion, findings.numbers, frontier_only=True)
    places = [place for place, column in enumerate(table.columns) if column not in LEFT_OUT_COLUMNS]
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    screen = made_first_screen(findings, folder)
    return environment.from_string(STUDY_TEMPLATE.read_text(encoding="utf-8")).render(
        title=findings.results.name,
        screen=screen,
        sentences=list(_sentences(screen)),
        caption=_caption(table),
        columns=[*(table.columns[place] for place in places), "pipeline"],
        rows=[[*(row.cells[place].text for place in places), row.pipeline] for row in table.rows[:SHOWN_PIPELINES]],
    )


def _sentences(screen: FirstScreen) -> Iterator[str]:
    yield from screen.ties
    for other in (screen.faster, screen.better):
        if other:
            yield f"{other.title} {other.sentence}"
    if screen.split:
        yield screen.split
    yield from screen.observed


def _caption(table: SectionTable) -> str:
    """What the table shows, and what it leaves out."""
    left = len(table.rows) - SHOWN_PIPELINES
    more = f"; {left:,} more are in study.frontier() and study.finalists()" if left > 0 else ""
    return f"Finalists and the frontier, with 95 % confidence intervals{more}"
