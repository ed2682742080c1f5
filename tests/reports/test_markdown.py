"""Reports as Markdown: the same sections as the page, and all texts as text."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.reports.conftest import Make
from tradespace.encoding import visible
from tradespace.reports.columns import plain_pipelines
from tradespace.reports.first_screen import first_screen
from tradespace.reports.making import made_sections
from tradespace.reports.markdown import ROWS_SHOWN, as_code, as_text, markdown_report
from tradespace.reports.section import FailedSection, Section, SectionListing, SectionRow, SectionTable, findings_of
from tradespace.reports.table import Cell
from tradespace.reports.written_report import WrittenReport, written_report

HOSTILE = "<script>alert(1)</script> [a](http://b) ![i](c) **bold** `code` | x & y # z _e_ ~~s~~"
printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text.strip() != "")


def rendered(text: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


def shown(html: str) -> str:
    """What a reader sees, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


@given(printable)
def test_every_text_is_shown_as_it_is(text: str) -> None:
    """Alone, behind a bullet, in a table: never a tag of its own, and nothing is lost."""
    line = " ".join(visible(text).split())
    html = rendered(as_text(text))
    assert (html, shown(html)) == (f"<p>{re.sub('</?p>', '', html).strip()}</p>\n", line)
    assert "<" not in re.sub("</?p>", "", html)
    assert shown(rendered(f"- {as_text(text)}")) == line
    assert shown(rendered(f"| a |\n| --- |\n| {as_text(text)} |")) == f"a {line}"


@given(printable)
def test_code_is_shown_as_it_is(text: str) -> None:
    """With as many backticks as it takes."""
    line = " ".join(visible(text).split())
    assert shown(rendered(as_code(text))) == line
    assert rendered(as_code(text)).startswith("<p><code>")


@pytest.fixture
def report(make_results: Make) -> WrittenReport:
    findings = findings_of(make_results())
    pipelines = plain_pipelines(findings.conclusion, findings.numbers).records
    return written_report("generated", first_screen(findings), made_sections(findings), pipelines)


def test_a_report_has_the_sections_of_the_page(report: WrittenReport) -> None:
    """Each with its title and its sentences, below the answer."""
    page = shown(rendered(markdown_report(report)))
    assert page.startswith("generated")
    assert report.first.headline in page
    assert len(report.sections) > 5
    for section in report.sections:
        assert section.title in page
        assert all(" ".join(sentence.replace("`", "").split()) in page for sentence in section.sentences)


def test_long_tables_are_cut_and_say_so(report: WrittenReport) -> None:
    """The other formats have every row."""
    rows = tuple(SectionRow((Cell(f"row {place}"),)) for place in range(ROWS_SHOWN + 7))
    section = Section("long", "Long", tables=(SectionTable("Rows", ("name",), rows, left_out=3),))
    page = markdown_report(written_report("cut", report.first, (section,), ()))
    assert f"row {ROWS_SHOWN - 1}" in page and f"row {ROWS_SHOWN} " not in page
    assert "10 more rows are not shown." in page


def test_hostile_text_of_a_study_stays_text(report: WrittenReport) -> None:
    """In titles, sentences, tables, listings and reasons."""
    table = SectionTable(HOSTILE, (HOSTILE,), (SectionRow((Cell(HOSTILE),), HOSTILE),))
    listing = SectionListing(HOSTILE, f"```\n{HOSTILE}\n````")
    section = Section("bad", HOSTILE, (HOSTILE,), tables=(table,), notes=(HOSTILE,), listings=(listing,))
    failed = FailedSection("worse", HOSTILE, HOSTILE)
    html = rendered(markdown_report(written_report(HOSTILE, report.first, (section, failed), ())))
    assert "<script" not in html and "<a " not in html and "<img" not in html
    assert shown(html).count("<script>alert(1)</script> [a](http://b)") == 11
