"""What is read of a PDF, and what is said of one that cannot be read."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.parsing.made_files import bomb_pdf, pdf, table_pdf, two_column_pdf
from tradespace.errors import FileError
from tradespace.parsing import FileParser, ParsedDocument, base
from tradespace.parsing import pdf as pdf_file
from tradespace.parsing.pdf import MOST_UNFOLDED, PDF
from tradespace.parsing.pdf_blocks import PDFBlocks

BOTH = pytest.mark.parametrize("parser", [PDF(), PDFBlocks()], ids=str)
PAGES = ("Returns\nA purchase may be returned.", "Costs\nThe customer pays.", "More on costs.")


PLAIN = PDF()


def read(content: bytes, parser: FileParser = PLAIN) -> ParsedDocument:
    return parser.parse(content, "book.pdf")


def fault(content: bytes, parser: FileParser = PLAIN) -> str:
    with pytest.raises(FileError) as raised:
        read(content, parser)
    return str(raised.value)


@BOTH
def test_the_text_of_each_page_begins_where_it_is_said_to(parser: FileParser) -> None:
    """Pages come in order; the title is the file's own."""
    parsed = read(pdf(PAGES, title="Our  rules"), parser)
    assert parsed.title == "Our rules"
    edges = [*parsed.pages, len(parsed.text)]
    texts = [parsed.text[start:end].split() for start, end in pairwise(edges)]
    assert texts == [page.split() for page in PAGES]


@BOTH
def test_bookmarks_are_headings(parser: FileParser) -> None:
    """Each where its words stand on its page; where they do not, at the beginning of the page."""
    outline = [("Returns", 0, 0), ("costs", 1, 1), ("Elsewhere", 1, 2)]
    parsed = read(pdf(PAGES, outline=outline), parser)
    assert [(each.level, each.text) for each in parsed.headings] == [(1, "Returns"), (2, "costs"), (2, "Elsewhere")]
    assert parsed.text.startswith("Costs", parsed.headings[1].start)
    assert parsed.headings[2].start == parsed.pages[2]


@BOTH
def test_pages_without_text_are_named(parser: FileParser) -> None:
    """They may be scans; the other pages are read, and keep their numbers."""
    parsed = read(pdf(["One.", "", "Three.", "", ""]), parser)
    assert parsed.notes == ("no text is on pages 2, 4–5: empty, a picture of text (a scan), or damaged",)
    assert len(parsed.pages) == 5
    assert parsed.text[parsed.pages[2] :].startswith("Three.")
    assert read(pdf(["One.", ""]), parser).notes[0].startswith("no text is on page 2:")


@BOTH
def test_a_scan_without_any_text_is_a_fault(parser: FileParser) -> None:
    """With what to do about it."""
    assert fault(pdf(["", ""]), parser).startswith("book.pdf: must hold text; none of its 2 pages does")
    assert "ocrmypdf" in fault(pdf(["", ""]), parser)


@BOTH
def test_a_password_is_asked_for_by_nobody(parser: FileParser) -> None:
    """What is encrypted is a fault that says so, and not that the file is damaged."""
    assert "it is encrypted: save it without one" in fault(pdf(PAGES, password="secret"), parser)


@BOTH
def test_a_file_that_was_cut_short_is_a_fault(parser: FileParser) -> None:
    """It is not read as far as it goes: what is missing would be missed by nobody."""
    content = pdf(PAGES)
    assert fault(content[: len(content) * 2 // 3], parser).endswith("it may be cut short")


@BOTH
def test_a_small_file_that_unfolds_to_a_large_one_is_a_fault(parser: FileParser) -> None:
    """Unfolding ends at a bound."""
    bomb = bomb_pdf(MOST_UNFOLDED + 1)
    assert len(bomb) < 200_000
    assert "may unfold to more than 75,000,000 bytes; one does" in fault(bomb, parser)


@BOTH
def test_too_many_pages_are_a_fault(parser: FileParser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any of them is read."""
    monkeypatch.setattr(pdf_file, "MOST_PAGES", 2)
    assert "must have at most 2 pages; it has 3. Split it" in fault(pdf(PAGES), parser)


@BOTH
def test_too_much_text_is_a_fault(parser: FileParser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page can be drawn a thousand times."""
    monkeypatch.setattr(base, "MOST_PARSED_CHARACTERS", 30)
    assert "at most 30 characters of text; it unfolds to more" in fault(pdf(PAGES), parser)


def test_columns_are_read_one_after_the_other_by_blocks() -> None:
    """Though the file has them line by line, as pypdf reads them."""
    left = [f"left line {number} goes on" for number in range(8)]
    right = [f"right line {number} goes on" for number in range(8)]
    content = two_column_pdf(left, right)
    assert read(content, PDFBlocks()).text.split() == " ".join([*left, *right]).split()
    first, second = (read(content).text.index(line) for line in ("right line 0", "left line 7"))
    assert first < second


def test_rows_of_a_table_stay_rows_in_the_layout_of_the_page() -> None:
    """Their cells stand side by side, with space between."""
    lines = read(table_pdf([("country", "days"), ("Norway", "60")]), PDF(layout=True)).text.splitlines()
    assert [line.split() for line in lines if line.strip()] == [["country", "days"], ["Norway", "60"]]


def test_nothing_is_written_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever libraries think of a file that is damaged."""
    content = pdf(PAGES)
    for place in range(0, len(content), len(content) // 20):
        try:
            read(content[:place] + b"0" + content[place + 1 :])
        except FileError:
            continue
    assert capfd.readouterr() == ("", "")


def test_words_of_justified_lines_are_one_space_apart() -> None:
    """The wide spaces that fill such lines are no text."""
    text = read(pdf(["justified " * 60]), PDFBlocks()).text
    assert len(text.splitlines()) > 2
    assert text.split() == ["justified"] * 60
    assert "  " not in text
