"""Every format is under contract, and found by the ends of file names."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.parsing.made_files import PAGE, notebook, pdf, slide_deck, word_file
from tradespace.errors import FileError
from tradespace.extras import INSTALLED_BY
from tradespace.parsing import FILE_PARSERS, FileParser, parsed_file, parser_of
from tradespace.parsing.html import HTMLPage
from tradespace.parsing.main_text import MainText
from tradespace.parsing.notebook import NotebookFile
from tradespace.parsing.pdf import PDF
from tradespace.parsing.pdf_blocks import PDFBlocks
from tradespace.parsing.slides import SlideDeck
from tradespace.parsing.source_code import SourceCode
from tradespace.parsing.text import PlainText
from tradespace.parsing.word import WordFile
from tradespace.testing.file_parser_contract import FileParserContract

BOOK = pdf(["Returns\nWithin 30 days.", "Costs\nThe customer pays."], outline=[("Returns", 0, 0), ("Costs", 0, 1)])
CODE = b"import os\n\n\nclass Cat:\n    def sit(self) -> None:\n        os.sync()\n"
UNDER_CONTRACT: tuple[tuple[FileParser, bytes], ...] = (
    (PlainText(), "# Rückgabe\nInnerhalb von 30 Tagen.".encode()),
    (HTMLPage(), PAGE.encode()),
    (HTMLPage(skip_navigation=True), PAGE.encode()),
    (MainText(), PAGE.encode()),
    (PDF(), BOOK),
    (PDF(layout=True), BOOK),
    (PDFBlocks(), BOOK),
    (WordFile(), word_file()),
    (SlideDeck(), slide_deck()),
    (NotebookFile(), notebook()),
    (SourceCode(), CODE),
)


@pytest.mark.parametrize(("parser", "content"), UNDER_CONTRACT, ids=[str(parser) for parser, _ in UNDER_CONTRACT])
class TestFileParsers(FileParserContract):
    """The contract."""


def test_every_parser_that_reads_by_default_is_under_contract() -> None:
    """None is listed without being tested."""
    assert set(FILE_PARSERS) <= {parser for parser, _ in UNDER_CONTRACT}


def test_no_two_formats_claim_one_ending() -> None:
    """What reads a file is decided by its name alone."""
    suffixes = [suffix for parser in FILE_PARSERS for suffix in parser.suffixes]
    assert len(suffixes) == len(set(suffixes))


@pytest.mark.parametrize(("name", "parser"), [("a.PDF", PDF()), ("b/c.Htm", HTMLPage()), ("d", None), ("e.png", None)])
def test_a_file_is_read_by_the_end_of_its_name(name: str, parser: FileParser | None) -> None:
    """In capitals or not."""
    assert parser_of(Path(name)) == parser


def test_a_missing_package_is_named_with_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the file is opened."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(FileError, match=r"a\.pdf: reading it needs pypdf.*pip install 'tradespace\[documents\]'"):
        parsed_file(tmp_path / "a.pdf", PDF())
    assert {package for parser, _ in UNDER_CONTRACT for package in parser.packages} <= set(INSTALLED_BY)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Its text would be held as a whole."""
    with (tmp_path / "a.pdf").open("wb") as file:
        file.truncate(PDF().most_bytes + 1)
    with pytest.raises(FileError, match=r"at most 268,435,456 bytes; it has 268,435,457 bytes\. Split it"):
        parsed_file(tmp_path / "a.pdf", PDF())
