"""Short expressions in a search-space file: read as Python's syntax, never run as Python.

Whoever uses them turns the tree into closures over a fixed set of operations.
"""

from __future__ import annotations

import ast
from warnings import catch_warnings

from tradespace.syntax import parse_expression

EXPRESSION_LEVELS = 50
EXPRESSION_TOO_DEEP = f"is nested deeper than {EXPRESSION_LEVELS} levels; write several, or a simpler one"
MOST_CONSTANT_BITS = 1000
"""Longer integers overflow a float, and Python refuses to print the longest."""


class ExpressionSyntaxError(ValueError):
    """The text is not an expression of the kind that is wanted."""


def expression_tree(text: str) -> ast.expr:
    """The tree of an expression that is nested moderately and holds no endless number.

    Raises:
        ExpressionSyntaxError: the text is something else.
    """
    try:
        with catch_warnings(action="ignore", category=SyntaxWarning):  # Python's, of what is refused or harmless here
            tree = parse_expression(text)
    except (SyntaxError, ValueError) as error:
        raise ExpressionSyntaxError(f"cannot be read ({getattr(error, 'msg', error)})") from None
    except (RecursionError, MemoryError):
        raise ExpressionSyntaxError(EXPRESSION_TOO_DEEP) from None
    level: list[ast.AST] = [tree]
    for _ in range(EXPRESSION_LEVELS):
        if any(map(_is_long, level)):
            raise ExpressionSyntaxError("must not hold a number of more than 300 digits")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise ExpressionSyntaxError(EXPRESSION_TOO_DEEP)
    return tree


def _is_long(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value.bit_length() > MOST_CONSTANT_BITS
    )
