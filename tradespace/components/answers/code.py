"""Python programs."""

from __future__ import annotations

import ast
import re
import textwrap
from typing import ClassVar

from tradespace.components.answers.base import JsonSchema
from tradespace.syntax import parse_statements

_FENCED = re.compile(r"```[ \t]*(?:python|py)?[ \t]*\n(.*?)(?:\n[ \t]*```|\Z)", re.DOTALL | re.IGNORECASE)


class CodeForm:
    """The last fenced block, or else the whole text; indentation is kept: a completion may go on a function's body."""

    schema: ClassVar[JsonSchema | None] = None

    def extract(self, text: str) -> str:
        blocks = _FENCED.findall(text)
        return str(blocks[-1] if blocks else text).rstrip().strip("\n")

    def same(self, left: str, right: str) -> bool:
        return _tree(left) == _tree(right)


def program(question: str, answer: str) -> str:
    """The whole program of an answer: one that begins indented goes on where the question's own program stops.

    >>> print(program("def double(n):\\n", "    return 2 * n"))
    def double(n):
        return 2 * n
    """
    return f"{question.rstrip()}\n{answer}" if answer[:1].isspace() else answer


def _tree(code: str) -> str:
    """The program without its layout and comments; its text where it is none."""
    try:
        return "\n".join(map(ast.dump, parse_statements(textwrap.dedent(code))))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return code


CODE = CodeForm()
