"""Which parser reads a file, by the end of its name. A new format joins through the list here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tradespace import files
from tradespace.errors import FileError
from tradespace.extras import missing
from tradespace.parsing.base import FileParser, ParsedDocument
from tradespace.parsing.html import HTMLPage
from tradespace.parsing.notebook import NotebookFile
from tradespace.parsing.pdf import PDF
from tradespace.parsing.slides import SlideDeck
from tradespace.parsing.source_code import SourceCode
from tradespace.parsing.text import PlainText
from tradespace.parsing.word import WordFile

FILE_PARSERS: tuple[FileParser, ...] = (
    PlainText(),
    HTMLPage(),
    PDF(),
    WordFile(),
    SlideDeck(),
    NotebookFile(),
    SourceCode(),
)
"""How files are read unless another way is chosen."""
PARSER_OF_SUFFIX: Mapping[str, FileParser] = {suffix: parser for parser in FILE_PARSERS for suffix in parser.suffixes}


def parser_of(path: Path) -> FileParser | None:
    """What reads a file, by the end of its name; None where nothing does."""
    return PARSER_OF_SUFFIX.get(path.suffix.lower())


def parsed_file(path: Path, parser: FileParser) -> ParsedDocument:
    """What is in a file.

    Raises:
        FileError: it cannot be read, is not what the parser reads, or a package is not installed that reads it.
    """
    if problem := missing(parser.packages):
        raise FileError(f"reading it {problem}", str(path))
    return parser.parse(files.read_bytes(path, parser.most_bytes), str(path))
