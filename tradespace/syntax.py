"""Python's syntax trees of short texts: notations, constraints, arithmetic. Nothing here is run.

Garbage is not collected meanwhile. Before Python 3.11.8 the parser counts its depth for the whole interpreter (CPython
issue 106905): if an object is collected while it works, and a warning about that object is formatted, which parses
too, a sound text ends in a SystemError.
"""

from __future__ import annotations

import ast

from tradespace.garbage_collection import garbage_collection_paused


def parse_expression(text: str) -> ast.expr:
    """The tree of one expression; blanks around it don't count.

    Raises:
        SyntaxError: it is none.
        ValueError: it holds null characters, or a number of too many digits.
        RecursionError, MemoryError: it is nested too deep.
    """
    with garbage_collection_paused():
        return ast.parse(text.strip(), mode="eval").body


def parse_statements(text: str) -> list[ast.stmt]:
    """The trees of a program's statements.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as `parse_expression` does.
    """
    with garbage_collection_paused():
        return ast.parse(text).body
