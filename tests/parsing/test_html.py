"""What is read of a web page."""

from __future__ import annotations

import pytest

from tests.parsing.made_files import PAGE
from tradespace.errors import FileError
from tradespace.parsing import ParsedDocument
from tradespace.parsing.html import HTMLPage
from tradespace.parsing.main_text import MainText
from tradespace.types import Heading

PLAIN = HTMLPage()


def read(page: str | bytes, parser: HTMLPage | MainText = PLAIN) -> ParsedDocument:
    return parser.parse(page if isinstance(page, bytes) else page.encode(), "page.html")


def test_all_that_is_seen_is_read_in_its_order() -> None:
    """Inline marks do not part words; items, rows and lines of code stay lines; scripts and comments are not read."""
    assert read(PAGE).text == (
        "Home Jobs\n\n"
        "Returns\n\n"
        "A purchase may be returned within 30 days. Keep the receipt.\n\n"
        "Damage\n"
        "- Within 2 years\n"
        "- In any shop\n\n"
        "Days\ncountry | days\nNorway | 60\n\n"
        "line one\n  line two\n\n"
        "Imprint"
    )


def test_title_and_headings_are_known() -> None:
    """With the places where they begin in the text."""
    parsed = read(PAGE)
    assert parsed.title == "The shop's rules"
    assert [(each.level, each.text) for each in parsed.headings] == [(1, "Returns"), (2, "Damage")]
    assert all(parsed.text.startswith(each.text, each.start) for each in parsed.headings)


def test_navigation_is_left_out_on_request() -> None:
    """And what else stands around the text of every page of a site."""
    text = read(PAGE, HTMLPage(skip_navigation=True)).text
    assert text.startswith("Returns")
    assert text.endswith("line two")


def test_a_table_that_lays_out_a_page_is_read_as_text() -> None:
    """Old pages stand in a table as a whole: one with headings, lists or tables in its cells is no table of data."""
    page = "<table><tr><td><h1>Menu</h1></td><td><h1>Text</h1><p>Words.</p></td></tr></table>"
    parsed = read(page)
    assert parsed.text == "Menu\n\nText\n\nWords."
    assert parsed.headings == (Heading(0, 1, "Menu"), Heading(6, 1, "Text"))


def test_lines_within_a_paragraph_stay_lines() -> None:
    """Where the page breaks them, not where its source does."""
    assert read("<p>12 Main\nStreet<br>Springfield</p>").text == "12 Main Street\nSpringfield"


def test_what_is_hidden_is_not_read() -> None:
    """Elements that browsers show to nobody."""
    assert read("<p>Seen.</p><p hidden>Unseen.</p><template>Unseen.</template><p>Seen too.</p>").text == (
        "Seen.\n\nSeen too."
    )


def test_depth_is_bounded_and_no_page_is_read_in_part() -> None:
    """libxml2 gives up at some depth without a word, and all that follows would be missing."""
    assert read("<div>" * 1000 + "deep" + "</div>" * 1000 + "<p>behind</p>").text == "deep\n\nbehind"
    with pytest.raises(
        FileError, match=r"page\.html: must be HTML that can be read to its end; it is nested too deeply"
    ):
        read("<div>" * 20_000 + "deep" + "</div>" * 20_000 + "<p>behind</p>")


def test_the_main_text_alone_is_read_by_trafilatura() -> None:
    """Without what stands on every page of a site; title and headings are kept."""
    article = "".join(f"<p>This is sentence number {number} of the article about returns.</p>" for number in range(12))
    page = (
        "<html><head><title>Rules</title></head><body><nav><ul><li><a href='/'>Home</a></li></ul></nav>"
        f"<article><h1>Returns</h1>{article}<h2>Costs</h2>{article}</article>"
        "<footer>Imprint 2026</footer></body></html>"
    )
    parsed = read(page, MainText())
    assert "number 11 of the article" in parsed.text
    assert "Home" not in parsed.text
    assert "Imprint" not in parsed.text
    assert parsed.title == "Rules"
    assert "Costs" in [heading.text for heading in parsed.headings]
    assert all(parsed.text.startswith(heading.text, heading.start) for heading in parsed.headings)


def test_a_page_without_a_main_text_has_none() -> None:
    """It is not made up from navigation."""
    assert read("<html><body></body></html>", MainText()).text == ""


class TestEncodings:
    """The characters of a page are those that a browser would show."""

    @pytest.mark.parametrize(
        ("encoding", "declaration"),
        [
            ("utf-8", ""),
            ("utf-8", '<meta charset="iso-8859-1">'),
            ("cp1252", '<meta charset="iso-8859-1">'),
            ("cp1251", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
            ("shift_jis", "<meta charset=shift_jis>"),
            ("utf-16", ""),
        ],
    )
    def test_a_page_is_read_as_it_declares_itself(self, encoding: str, declaration: str) -> None:
        """As its byte order mark says, as UTF-8 if it is that, or else as it says in its head."""
        text = {"cp1251": "Возврат", "shift_jis": "返品"}.get(encoding, "Rückgabe – 30 €")
        assert read(f"<head>{declaration}</head><p>{text}</p>".encode(encoding)).text == text

    def test_a_page_that_declares_nothing_and_is_not_utf8_is_a_fault(self) -> None:
        """With its line, and what it seems to be."""
        text = "Возврат товара возможен в течение тридцати дней после покупки в магазине. "
        with pytest.raises(FileError, match=r"page\.html:2: the file must be UTF-8.* it seems to be .*1251") as raised:
            read(f"<p>\n{text * 5}</p>".encode("cp1251"))
        assert "iconv -f" in str(raised.value)

    def test_a_page_that_is_not_what_it_declares_is_a_fault(self) -> None:
        """The declaration is named."""
        with pytest.raises(FileError, match=r"must be HTML in shift_jis, as it says of itself"):
            read(b"<meta charset=shift_jis><p>\xfc\xff\xff</p>")
