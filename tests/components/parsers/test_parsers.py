"""Every parser keeps its contract, and stands before the chunker of a pipeline."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.explorer.conftest import Overlap
from tests.parsing.made_files import PAGE, notebook, pdf, two_column_pdf
from tradespace.components.base import Parser
from tradespace.components.chunkers.sentences import Sentences
from tradespace.components.notation import parse
from tradespace.components.parsers import PARSERS
from tradespace.components.parsers.base import ParserOfFiles
from tradespace.components.parsers.notebook import Notebook
from tradespace.components.parsers.pdfminer import PDFMiner
from tradespace.components.parsers.plain_html import PlainHTML
from tradespace.components.parsers.pypdf import PyPDF
from tradespace.components.parsers.trafilatura import Trafilatura
from tradespace.errors import ComponentError
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.testing.parser_contract import ParserContract
from tradespace.types import Document, Heading

ARTICLE = PAGE.replace("<h2>", "".join(f"<p>Sentence {number} is about returns.</p>" for number in range(9)) + "<h2>")
MADE = {".pdf": pdf(["Returns", "Costs"]), ".html": ARTICLE.encode(), ".ipynb": notebook()}
VARIANTS: tuple[ParserOfFiles, ...] = (
    PyPDF(),
    PyPDF(layout=True),
    PDFMiner(),
    PDFMiner(boxes_flow=-1, line_margin=0.2),
    PlainHTML(),
    PlainHTML(skip_navigation=True),
    Trafilatura(),
    Trafilatura(favor="recall", tables=False),
    Notebook(),
    Notebook(code=False),
)


@pytest.fixture
def file(component: ParserOfFiles, tmp_path: Path) -> Path:
    """A file of its kind."""
    made = tmp_path / f"a{component.file_parser.suffixes[0]}"
    made.write_bytes(MADE[made.suffix])
    return made


@pytest.mark.parametrize("component", VARIANTS, ids=str)
class TestParsers(ParserContract):
    """The contract."""


def test_every_parser_is_under_contract() -> None:
    """No parser is listed without being tested."""
    assert {type(variant) for variant in VARIANTS} == set(PARSERS)


@pytest.fixture
def columns(tmp_path: Path) -> Document:
    """A page in two columns, as it is read by default."""
    left, right = ([f"{side} line {number} goes on" for number in range(8)] for side in ("left", "right"))
    (tmp_path / "a.pdf").write_bytes(two_column_pdf(left, right))
    (read,) = PyPDF().parsed([Document("a.pdf", "", file=str(tmp_path / "a.pdf"))])
    return read


def test_how_a_file_is_parsed_decides_what_is_searched(columns: Document, tmp_path: Path) -> None:
    """Documents are parsed before they are cut; without a parser they are as they were read."""
    opened = OpenedComponents((columns,), tmp_path)
    read, default, blocks = (
        opened.corpus(parse(f"{parser}sentences(size=16) >> bm25()"))
        for parser in ("", "pypdf() >> ", "pdfminer() >> ")
    )
    assert default == read
    assert blocks != read
    assert blocks.documents[0].text.index("left line 7") < blocks.documents[0].text.index("right line 0")


def test_parsers_of_several_kinds_follow_each_other(columns: Document, tmp_path: Path) -> None:
    """Each reads its own kind of files, and all have their place in the pipeline."""
    (tmp_path / "b.html").write_text(PAGE)
    page = Document("b.html", "As it was read.", file=str(tmp_path / "b.html"))
    pipeline = parse("pdfminer() >> plain_html(skip_navigation=True) >> bm25()")
    assert list(pipeline.stages) == ["parse", "parse_2", "retrieve"]
    assert list(pipeline.online) == ["retrieve"]
    documents = OpenedComponents((columns, page), tmp_path).documents_of(pipeline)
    assert documents[0].text.startswith("left line 0 goes on\nleft line 1")
    assert documents[1].text.startswith("Returns")


def test_a_pipeline_without_parsers_keeps_its_address() -> None:
    """And its corpus is that of its chunker alone."""
    pipeline = Sentences() >> Overlap()
    assert pipeline.parsers == ()
    assert pipeline.corpus_stages == (Sentences(),)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many documents pdfminer was given, each time."""
    tried: list[int] = []
    parsed = PDFMiner.parsed

    def counted(self: PDFMiner, documents: Sequence[Document]) -> tuple[Document, ...]:
        tried.append(len(documents))
        return parsed(self, documents)

    monkeypatch.setattr(PDFMiner, "parsed", counted)
    return tried


def test_files_are_parsed_once_for_all_pipelines(columns: Document, tried: list[int], tmp_path: Path) -> None:
    """However they are cut then; and what fails is not tried again and again."""
    opened = OpenedComponents((columns,), tmp_path)
    for size in (16, 32, 64):
        opened.corpus(parse(f"pdfminer() >> sentences(size={size}) >> bm25()"))
    assert tried == [1]
    Path(columns.file).write_bytes(b"no PDF any more")
    opened = OpenedComponents((columns,), tmp_path)
    for _ in range(3):
        with pytest.raises(ComponentError, match="cannot read 1 of 1 document"):
            opened.corpus(parse("pdfminer() >> bm25()"))
    assert tried == [1, 1]


def test_what_was_parsed_is_kept_as_long_as_it_is_what_it_was(
    columns: Document, tried: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For later commands: not where a setting, the file or the library has changed."""

    def read(notation: str) -> Document:
        (document,) = OpenedComponents((columns,), tmp_path / "artefacts").documents_of(parse(f"{notation} >> bm25()"))
        return document

    first = read("pdfminer()")
    assert (read("pdfminer()"), len(tried)) == (first, 1)
    assert first.file == columns.file
    read("pdfminer(line_margin=0.1)")
    assert len(tried) == 2
    monkeypatch.setattr("pdfminer.__version__", "another")
    assert (read("pdfminer()"), len(tried)) == (first, 3)
    Path(columns.file).write_bytes(pdf(["Another text.", "", "Page three."], outline=[("three", 0, 2)]))
    changed = read("pdfminer()")
    assert (changed.text, len(tried)) == ("Another text.\nPage three.", 4)
    assert (read("pdfminer()"), len(tried)) == (changed, 4)
    assert (changed.pages, changed.headings) == ((0, 14, 14), (Heading(19, 1, "three"),))


def test_files_that_cannot_be_read_so_are_named_together(tmp_path: Path) -> None:
    """With the reason of each; of many, the first."""
    for number in range(7):
        (tmp_path / f"{number}.pdf").write_bytes(b"no PDF")
    documents = [Document(f"{number}", "Text.", file=str(tmp_path / f"{number}.pdf")) for number in range(7)]
    with pytest.raises(ComponentError) as raised:
        PDFMiner().parsed(documents)
    lines = str(raised.value).splitlines()
    assert lines[0] == "pdfminer() cannot read 7 of 7 documents; put their files right, or do without it:"
    assert lines[1].startswith(f"{tmp_path}/0.pdf: must be a whole PDF")
    assert lines[-1] == "and 2 more"


def test_a_document_that_is_left_without_text_is_not_searched(tmp_path: Path) -> None:
    """A page without a main text, where that alone is read."""
    (tmp_path / "a.html").write_text("<html><body></body></html>")
    documents = (Document("a.html", "Menu", file=str(tmp_path / "a.html")), Document("b", "Text."))
    opened = OpenedComponents(documents, tmp_path)
    assert [passage.id for passage in opened.corpus(parse("trafilatura() >> bm25()")).passages] == ["b"]


class Careless(Parser):
    """Loses the last document."""

    name = "careless"

    def parsed(self, documents: tuple[Document, ...]) -> tuple[Document, ...]:  # type: ignore[override]
        return tuple(replace(document, text=document.text.upper()) for document in documents[:-1])


def test_a_parser_that_loses_a_document_is_refused(tmp_path: Path) -> None:
    """Its passages would be missing without a word."""
    opened = OpenedComponents((Document("a", "Text."), Document("b", "Text.")), tmp_path)
    with pytest.raises(ComponentError, match=r"careless\(\) must return one document for each, with its id, in order"):
        opened.corpus(Careless() >> Overlap())


def test_a_parser_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is used."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ComponentError, match=r"trafilatura needs trafilatura.*'tradespace\[documents\]'"):
        Trafilatura().parsed([])
