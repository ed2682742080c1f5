"""A report as Markdown (CommonMark with tables), of the same sections as the page.

Texts from data, models and YAML are escaped: they are shown as they are, and are neither links nor HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tradespace.encoding import encodable, visible
from tradespace.plurals import agreeing
from tradespace.reports.first_screen import AlternativePipeline, FirstScreen, Tile
from tradespace.reports.section import SectionRow, SectionTable
from tradespace.reports.written_report import WrittenReport, WrittenSection

ROWS_SHOWN = 50
"""Of a table; JSON and CSV have them all."""
_SPECIAL = re.compile(r"[\\`*<>\[\]|~&#!]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_AT_FIRST = re.compile(r"^(\s*)(?:([+-])(?=\s|$)|(\d+)([.)])(?=\s|$)|(=+|-+)$)")


def markdown_report(report: WrittenReport) -> str:
    """Return a report as Markdown. Of long tables it has the first rows, and says how many there are."""
    blocks = [f"# {as_text(report.title)}", *_first(report.first)]
    blocks += [block for section in report.sections for block in _section(section)]
    return "\n\n".join(blocks) + "\n"


def as_text(text: str) -> str:
    r"""Text as Markdown that shows just this text, on one line.

    >>> as_text("2 * 3 < 7, answer_f1 [link](http://a) _this_")
    '2 \\* 3 \\< 7, answer_f1 \\[link\\](http://a) \\_this\\_'
    >>> as_text("1. May"), as_text("- 5")
    ('1\\. May', '\\- 5')
    """
    return _AT_FIRST.sub(_unlisted, _SPECIAL.sub(r"\\\g<0>", _one_line(text)))


def as_sentence(text: str) -> str:
    r"""The same, where what stands in backticks is code.

    >>> as_sentence("See `tradespace show --all`, not *this*")
    'See `tradespace show --all`, not \\*this\\*'
    """
    parts = re.split(r"`([^`]+)`", _one_line(text))
    escaped = [as_code(part) if place % 2 else _SPECIAL.sub(r"\\\g<0>", part) for place, part in enumerate(parts)]
    return _AT_FIRST.sub(_unlisted, "".join(escaped))


def _one_line(text: str) -> str:
    return " ".join(visible(encodable(text)).split())


def _unlisted(match: re.Match[str]) -> str:
    """What would begin a list, or a heading, as text."""
    space, sign, number, point, rule = match.groups()
    if sign or rule:
        return f"{space}\\{sign or rule}"
    return f"{space}{number}\\{point}"


def as_code(text: str) -> str:
    """Text on one line as code; a text that has backticks stands between more of them.

    >>> as_code("bm25(k1=0.9)"), as_code("a`b")
    ('`bm25(k1=0.9)`', '`` a`b ``')
    """
    line = _one_line(text)
    ticks = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    return f"{ticks}{line}{ticks}" if len(ticks) == 1 else f"{ticks} {line} {ticks}"


def _first(first: FirstScreen) -> Iterator[str]:
    yield f"*{as_text(first.question)}*"
    yield f"**{as_text(first.headline)}**"
    yield from map(as_text, first.notices)
    if first.pipeline:
        words = f"{as_text(first.pipeline.words)} " if first.pipeline.words else ""
        yield f"\\#{first.pipeline.number} {words}{as_code(first.pipeline.notation)}"
    if first.tiles:
        yield "\n".join(map(_tile, first.tiles))
    yield from map(as_sentence, (*first.ties, *([first.split] if first.split else []), *first.observed))
    for alternative in (first.faster, first.better):
        if alternative:
            yield _alternative(alternative)
    if first.commands:
        yield _fenced("\n".join(first.commands))
    if first.notes:
        yield "\n".join(f"- {as_sentence(note)}" for note in first.notes)


def _tile(tile: Tile) -> str:
    interval = f" ({as_text(tile.interval)})" if tile.interval else ""
    return f"- {as_text(tile.name)}: **{as_text(tile.value)}**{interval}, {as_text(tile.basis)}"


def _alternative(other: AlternativePipeline) -> str:
    named = f"\\#{other.pipeline.number} {as_code(other.pipeline.notation)}"
    return f"**{as_text(other.title)}**: {as_text(other.sentence)} {named}"


def _section(section: WrittenSection) -> Iterator[str]:
    yield f"## {as_text(section.title)}"
    if section.failed:
        yield f"This section could not be made: {as_text(section.failed)}"
    yield from map(as_sentence, section.sentences)
    for figure in section.figures:
        yield from _table(figure.data)
    for table in section.tables:
        yield from _table(table)
    for listing in section.listings:
        yield f"{as_text(listing.caption)}:"
        yield _fenced(listing.text)
    yield from map(as_sentence, section.notes)


def _table(table: SectionTable) -> Iterator[str]:
    if not table.rows:
        return
    yield f"{as_text(table.caption)}:"
    shown = table.rows[:ROWS_SHOWN]
    head = (_row(table.columns), _row(["---"] * len(table.columns), plain=True))
    yield "\n".join([*head, *(_cells(row) for row in shown)])
    if more := table.left_out + len(table.rows) - len(shown):
        yield f"{agreeing(more, 'more row is', 'more rows are')} not shown."


def _cells(row: SectionRow) -> str:
    """A row; the pipeline that it is about as code, so that no part of its notation is lost."""
    texts = (_coded(cell.text) if cell.text == row.pipeline else as_text(cell.text) for cell in row.cells)
    return _row(list(texts), plain=True)


def _coded(notation: str) -> str:
    """Code in a table, where a bar would end the cell even so."""
    return as_code(notation).replace("|", "\\|")


def _row(texts: Sequence[str], *, plain: bool = False) -> str:
    return f"| {' | '.join(texts if plain else map(as_text, texts))} |"


def _fenced(text: str) -> str:
    """A block of code; its fence is longer than any in it."""
    lines = visible(encodable(text)).rstrip("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", lines)), default=0))
    return f"{fence}\n{lines}\n{fence}"
