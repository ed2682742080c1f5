"""Files to text with structure: one file for each format. Libraries that know a format are used here, and nowhere else.

What a file gives is its text, and where in it headings and pages begin (`base.ParsedDocument`). Nothing is searched,
cut or scored here; `data` and `components` both read files through this room.
"""

from __future__ import annotations

from tradespace.parsing.base import FileParser, ParsedDocument
from tradespace.parsing.formats import FILE_PARSERS, PARSER_OF_SUFFIX, parsed_file, parser_of

__all__ = ["FILE_PARSERS", "PARSER_OF_SUFFIX", "FileParser", "ParsedDocument", "parsed_file", "parser_of"]
