"""What parsers share: each reads the files of its kinds, and leaves all other documents as they are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tradespace.components.base import Parser
from tradespace.errors import ComponentError, Fault, FileError
from tradespace.parsing import FileParser, parsed_file
from tradespace.plurals import count
from tradespace.types import Document

_MOST_NAMED = 5


class ParserOfFiles(Parser):
    """Reads files by a parser of `tradespace.parsing`."""

    @property
    @abstractmethod
    def file_parser(self) -> FileParser:
        """What reads a file, with these settings."""

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return self.file_parser.packages

    def parsed(self, documents: Sequence[Document]) -> tuple[Document, ...]:
        self.require_packages()
        faults: list[Fault] = []
        read = tuple(self._read(document, faults) for document in documents)
        if faults:
            named = [str(fault) for fault in faults[:_MOST_NAMED]]
            more = [f"and {len(faults) - _MOST_NAMED:,} more"] if len(faults) > _MOST_NAMED else []
            cannot = f"{self!r} cannot read {len(faults):,} of {count(len(documents), 'document')}"
            raise ComponentError("\n".join([f"{cannot}; put their files right, or do without it:", *named, *more]))
        return read

    def _read(self, document: Document, faults: list[Fault]) -> Document:
        """The document as it is read here; unchanged if its file is of another kind, or is at fault."""
        file, parser = Path(document.file), self.file_parser
        if not document.file or file.suffix.lower() not in parser.suffixes:
            return document
        try:
            parsed = parsed_file(file, parser)
        except FileError as error:
            faults += error.faults
            return document
        title = parsed.title or document.title
        return replace(document, text=parsed.text, title=title, headings=parsed.headings, pages=parsed.pages)
