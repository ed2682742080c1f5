"""What parsers made of files, kept beside the indexes: else every command would read them all again, for minutes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from tradespace.addresses import digest
from tradespace.components.base import Parser
from tradespace.components.checked import checked_documents
from tradespace.components.store import ArtefactStore
from tradespace.errors import FileError
from tradespace.files import read_bytes
from tradespace.types import Document, Heading

FILE = "documents.jsonl"


def parsed_documents(parser: Parser, documents: Sequence[Document], store: ArtefactStore) -> tuple[Document, ...]:
    """The documents as a parser reads them; those that are left without text are not among them.

    They are read again where a document, its file, a setting of the parser or the version of a library is another.

    Raises:
        ComponentError: the parser raised, lacks a package, or returned something else.
    """
    parser.require_packages()

    def build(folder: Path) -> None:
        found = checked_documents(parser, documents, parser.parsed(documents))
        (folder / FILE).write_text("".join(f"{_row(document)}\n" for document in found), encoding="utf-8")

    folder = store.get(digest(_read_from(parser, documents)), build, f"what {parser!r} read")
    given = {document.id: document for document in documents}
    lines = (folder / FILE).read_text(encoding="utf-8").split("\n")
    return tuple(_document(line, given) for line in lines if line)


def _read_from(parser: Parser, documents: Sequence[Document]) -> Iterator[str]:
    """Everything that decides what the parser makes of the documents."""
    yield from ("parsed", parser.key)
    yield from (str(getattr(import_module(module), "__version__", "")) for module in parser.optional_packages)
    for document in documents:
        yield json.dumps([*astuple(replace(document, file="")), _content_address(document.file)])


def _content_address(file: str) -> str:
    """That of a file; empty where there is none that can be read, of which the parser has to tell."""
    try:
        return sha256(read_bytes(Path(file))).hexdigest() if file else ""
    except FileError:
        return ""


def _row(document: Document) -> str:
    headings = [astuple(heading) for heading in document.headings]
    return json.dumps([document.id, document.text, document.title, headings, document.pages])


def _document(row: str, given: dict[str, Document]) -> Document:
    id, text, title, headings, pages = json.loads(row)
    return replace(
        given[id], text=text, title=title, headings=tuple(Heading(*each) for each in headings), pages=tuple(pages)
    )
