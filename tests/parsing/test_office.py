"""What is read of Word and PowerPoint files."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from tests.parsing.made_files import slide_deck, word_file
from tradespace.errors import FileError
from tradespace.parsing import FileParser, office
from tradespace.parsing.slides import SlideDeck
from tradespace.parsing.word import WordFile
from tradespace.types import Heading

BOTH = pytest.mark.parametrize(("parser", "content"), [(WordFile(), word_file()), (SlideDeck(), slide_deck())], ids=str)


def fault(content: bytes, parser: FileParser) -> str:
    with pytest.raises(FileError) as raised:
        parser.parse(content, "file")
    return str(raised.value)


def test_paragraphs_headings_and_tables_of_word_are_read_in_order() -> None:
    """Each row of a table in a line; where pages begin is known only to Word."""
    parsed = WordFile().parse(word_file("Our rules"), "rules.docx")
    assert parsed.text == (
        "Returns\n\nA purchase may be returned within 30 days.\n\n"
        "Damage\n\nDamaged goods may be returned within 2 years.\n\n"
        "country | days\nNorway | 60"
    )
    assert parsed.headings == (Heading(0, 1, "Returns"), Heading(53, 2, "Damage"))
    assert (parsed.title, parsed.pages) == ("Our rules", ())


def test_a_style_that_is_based_on_a_headings_makes_headings() -> None:
    """Templates of companies have their own styles."""
    made = Document()
    style = made.styles.add_style("Chapter of ours", 1)
    style.base_style = made.styles["Heading 2"]
    made.add_paragraph("Returns", style=style)
    file = io.BytesIO()
    made.save(file)
    assert WordFile().parse(file.getvalue(), "a.docx").headings == (Heading(0, 2, "Returns"),)


def test_a_cell_over_two_columns_is_read_once() -> None:
    """Word repeats it in the row."""
    made = Document()
    table = made.add_table(rows=1, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "both"
    table.cell(0, 2).text = "one"
    file = io.BytesIO()
    made.save(file)
    assert WordFile().parse(file.getvalue(), "a.docx").text == "both | one"


def test_each_slide_is_a_page_with_its_title_as_heading() -> None:
    """What the speaker notes comes behind it."""
    parsed = SlideDeck().parse(slide_deck(), "talk.pptx")
    assert parsed.text == "Returns\n\nWithin 30 days.\n\nSay this slowly.\n\nCosts\n\nThe customer pays."
    assert parsed.pages == (0, parsed.text.index("Costs"))
    assert [heading.text for heading in parsed.headings] == ["Returns", "Costs"]


@BOTH
def test_a_file_that_was_cut_short_is_a_fault(parser: FileParser, content: bytes) -> None:
    """An archive has its table of contents at its end."""
    assert "or it is cut short" in fault(content[: len(content) // 2], parser)


@BOTH
def test_damage_inside_the_archive_is_a_fault(parser: FileParser, content: bytes) -> None:
    """Each part has a checksum."""
    middle = len(content) // 3
    damaged = content[:middle] + bytes(255 - byte for byte in content[middle : middle + 40]) + content[middle + 40 :]
    assert fault(damaged, parser).startswith(f"file: must be {parser.kind}")


@BOTH
def test_an_archive_that_unfolds_to_too_much_is_a_fault(
    parser: FileParser, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything in it is read."""
    monkeypatch.setattr(office, "MOST_UNPACKED_BYTES", 2**20)
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("media/bomb", b"0" * 2**21)
    assert "must unfold to at most 1,048,576 bytes; it unfolds to 2," in fault(file.getvalue(), parser)


@BOTH
def test_old_and_encrypted_files_are_told_apart(parser: FileParser, content: bytes) -> None:
    """Both are of the format before 2007; only one of them can be saved anew without a password."""
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert "it is of the format before 2007" in fault(old, parser)
    assert "it is encrypted" in fault(old + "EncryptedPackage".encode("utf-16-le"), parser)


@BOTH
def test_another_archive_is_a_fault(parser: FileParser, content: bytes) -> None:
    """A ZIP archive of anything else."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "Text.")
    assert fault(file.getvalue(), parser).startswith(f"file: must be {parser.kind}")
