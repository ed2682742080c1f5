"""Source code as it is; classes and functions of Python are its sections."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tradespace.parsing.base import MOST_PARSED_BYTES, ParsedDocument, quiet
from tradespace.parsing.encodings import utf8_text
from tradespace.parsing.markdown import line_starts
from tradespace.types import Heading

_PYTHON = (".py", ".pyi")
_UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class SourceCode:
    """Comments and layout are kept. Of other languages than Python no sections are known."""

    kind: ClassVar[str] = "source code in UTF-8"
    suffixes: ClassVar[tuple[str, ...]] = (
        *_PYTHON,
        *(".c", ".cc", ".cpp", ".cs", ".go", ".h", ".hpp", ".java", ".jl", ".js", ".jsx", ".kt", ".lua", ".php", ".pl"),
        *(".r", ".rb", ".rs", ".scala", ".sh", ".sql", ".swift", ".ts", ".tsx"),
    )
    packages: ClassVar[tuple[str, ...]] = ()
    most_bytes: ClassVar[int] = MOST_PARSED_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        text = utf8_text(content, where)
        is_python = Path(where).suffix.lower() in _PYTHON
        return ParsedDocument(text, headings=python_headings(text) if is_python else ())


def python_headings(text: str) -> tuple[Heading, ...]:
    """Where the classes and functions of a module begin, and the methods of classes; none where it is no Python.

    >>> python_headings("import os\\n\\nclass Cat:\\n    def sit(self): ...\\n")
    (Heading(start=11, level=1, text='class Cat'), Heading(start=22, level=2, text='def sit'))
    """
    try:
        with quiet():
            module = ast.parse(text)
    except _UNPARSABLE:
        return ()
    return tuple(_definitions(module.body, line_starts(text), 1))


def _definitions(body: Sequence[ast.stmt], starts: Sequence[int], level: int) -> Iterator[Heading]:
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            kind = "class" if isinstance(node, ast.ClassDef) else "def"
            yield Heading(starts[line - 1], level, f"{kind} {node.name}")
            if isinstance(node, ast.ClassDef):
                yield from _definitions(node.body, starts, level + 1)
