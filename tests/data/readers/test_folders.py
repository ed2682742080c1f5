"""Folders of documents of all formats: what is read, what is left out, and what is refused."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import pytest

from tests.parsing.made_files import PAGE, notebook, pdf, slide_deck, word_file
from tradespace.data.load import Source, load_dataset
from tradespace.data.readers import DatasetReading, Files
from tradespace.data.readers.folders import Unreadable
from tradespace.types import Document

FILES = {
    "a.md": b"# Returns\nWithin 30 days.",
    "b.html": PAGE.encode(),
    "c/d.pdf": pdf(["Returns", "Costs"], title="The book", outline=[("Costs", 0, 1)]),
    "c/e.docx": word_file(),
    "f.PPTX": slide_deck(),
    "g.ipynb": notebook(),
    "h.py": b"def cost() -> int:\n    return 5\n",
}
ASKED = json.dumps({"question": "When?", "answer": "within 30 days"})


def own(folder: Path, **files: bytes) -> Path:
    """A folder of one's own data with these documents; names are written with _ for dots."""
    (folder / "documents").mkdir()
    (folder / "questions.jsonl").write_text(ASKED)
    for name, content in files.items():
        (folder / "documents" / name.replace("_", ".")).write_bytes(content)
    return folder


def read(folder: Path, unreadable: Unreadable = "refuse") -> DatasetReading:
    return Files(unreadable=unreadable).read(folder)


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with a document of each format."""
    own(tmp_path)
    for name, content in FILES.items():
        (tmp_path / "documents" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "documents" / name).write_bytes(content)
    return tmp_path


def test_documents_of_all_formats_are_read(mixed: Path) -> None:
    """Each is called by its path in the folder, and knows the file that it was read from."""
    reading = read(mixed)
    assert (reading.fatal, reading.faults) == ((), ())
    documents = reading.dataset.documents
    assert [document.id for document in documents] == sorted(FILES)
    assert [Path(document.file).read_bytes() for document in documents] == [FILES[name] for name in sorted(FILES)]


def test_structure_is_kept_where_a_file_has_it(mixed: Path) -> None:
    """Title, headings and pages; the name of the file is the title where it has none."""
    documents = {document.id: document for document in read(mixed).dataset.documents}
    book = documents["c/d.pdf"]
    assert (book.title, len(book.pages), [heading.text for heading in book.headings]) == ("The book", 2, ["Costs"])
    assert documents["c/e.docx"].title == "e"


def test_texts_are_what_they_were(tmp_path: Path) -> None:
    """Their headings are found by what needs them, so that datasets of texts keep their key."""
    folder = own(tmp_path, a_md=FILES["a.md"])
    dataset = read(folder).required()
    assert dataset.documents == (Document("a.md", "# Returns\nWithin 30 days.", "a"),)
    lines = ['["Document", "a.md", "# Returns\\nWithin 30 days.", "a"]']
    lines += ['["Question", "questions/1", "When?", ["within 30 days"], []]']
    assert dataset.key == hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    """All such files together, each with what to do; the others are read."""
    folder = own(
        tmp_path, a_txt=b"Text.", b_pdf=pdf(["One."], password="x"), c_docx=b"PK\x03\x04", d_txt=b"\xff\xfe\x00"
    )
    reading = read(folder)
    assert [Path(fault.where.partition(":")[0]).name for fault in reading.fatal] == ["b.pdf", "c.docx", "d.txt"]
    assert "it is encrypted" in reading.fatal[0].message
    assert all(fault.message.endswith("say `unreadable: skip` in `data`") for fault in reading.fatal)
    assert [document.id for document in reading.dataset.documents] == ["a.txt"]


def test_a_file_that_cannot_be_read_is_left_out_on_request(tmp_path: Path) -> None:
    """And named all the same."""
    reading = read(own(tmp_path, a_txt=b"Text.", b_pdf=pdf(["", ""])), "skip")
    assert [document.id for document in reading.required().documents] == ["a.txt"]
    (fault,) = reading.faults
    assert fault.where == f"{tmp_path}/documents/b.pdf"
    assert "none of its 2 pages does" in fault.message
    assert fault.message.endswith("; it was left out")


def test_what_becomes_of_unreadable_files_is_a_setting_of_the_source(tmp_path: Path) -> None:
    """Of a dataset by its path, and of questions and documents by theirs."""
    own(tmp_path, a_txt=b"Text.", b_pdf=b"no PDF")
    for source in (
        Source(str(tmp_path), unreadable="skip"),
        Source(questions="questions.jsonl", documents="documents", unreadable="skip"),
    ):
        assert len(load_dataset(source, tmp_path).documents) == 1


def test_data_of_which_nothing_can_be_read_are_refused_in_any_case(tmp_path: Path) -> None:
    """There must be a document."""
    assert read(own(tmp_path, b_pdf=b"no PDF"), "skip").fatal


def test_pages_without_text_are_a_warning(tmp_path: Path) -> None:
    """The file is read."""
    reading = read(own(tmp_path, a_pdf=pdf(["One.", "", "Three."])))
    assert len(reading.required().documents) == 1
    assert [fault.message for fault in reading.faults] == [
        "no text is on page 2: empty, a picture of text (a scan), or damaged"
    ]


def test_a_missing_package_is_said_once_for_all_files_of_a_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command that installs it, and none of the files is tried."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (fault,) = read(own(tmp_path, a_txt=b"Text.", b_pdf=b"", c_pdf=b"")).fatal
    assert fault.message.startswith(
        "reading PDF needs pypdf, which is not installed: pip install 'tradespace[documents]'; "
        "2 files are of this kind: 'b.pdf', 'c.pdf'. "
    )


def test_names_that_look_alike_are_refused(tmp_path: Path) -> None:
    """One letter as one character and as two: nobody could tell which of them a question means."""
    folder = own(tmp_path)
    for name in ("R\u00fcckgabe.md", "Ru\u0308ckgabe.md"):
        (folder / "documents" / name).write_text("Text.")
    if len(list((folder / "documents").iterdir())) < 2:
        pytest.skip("this file system takes the two names for one")
    (fault,) = read(folder).fatal
    assert "must not have names that look alike" in fault.message
    assert ascii("Ru\u0308ckgabe.md") in fault.message
