"""Arithmetic expressions, with exact values."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import ClassVar

from tradespace.components.answers.base import JsonSchema, after_marker
from tradespace.syntax import parse_expression

_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "[": "(", "]": ")"})
_OPERATIONS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class ExpressionForm:
    """The left side of the last equation, or the last expression, in the line after the last marker.

    The text where there is none. The normal form is Python's: `(10 - 4) * 5 - 6`.
    """

    schema: ClassVar[JsonSchema | None] = {"type": "string", "description": "an arithmetic expression"}

    def extract(self, text: str) -> str:
        marked = after_marker(text)
        line = (text.strip() if marked is None else marked).strip("`*$ ").partition("\n")[0]
        tree = _parsed(line.partition("=")[0])
        return ast.unparse(tree) if tree is not None and not isinstance(tree, ast.Constant) else ""

    def same(self, left: str, right: str) -> bool:
        return left == right


def exact_value(expression: str) -> Fraction | None:
    """The value of an expression of numbers and + - * / ( ), without rounding; None where it has none.

    >>> exact_value("8 / (3 - 8 / 3)")
    Fraction(24, 1)
    """
    tree = _parsed(expression)
    try:
        return None if tree is None else _value(tree)
    except ZeroDivisionError:
        return None


def numbers_in(expression: str) -> list[Fraction]:
    """The numbers that an expression is made of, ascending, each as often as it occurs.

    >>> [int(number) for number in numbers_in("(10 - 4) * 5 - 6")]
    [4, 5, 6, 10]
    """
    tree = _parsed(expression)
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)] if tree else []
    return sorted(Fraction(str(node.value)) for node in constants)


def _parsed(text: str) -> ast.expr | None:
    """The syntax tree of an arithmetic expression; None where the text is not one."""
    plain = re.sub(r"(?<=[\d)])\s*[xX]\s*(?=[\d(])", "*", text.translate(_SIGNS)).strip()
    try:
        tree = parse_expression(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if all(map(_allowed, ast.walk(tree))) else None


def _allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return isinstance(node, (ast.BinOp, ast.UnaryOp, ast.USub, ast.UAdd, *_OPERATIONS))


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand) if isinstance(node.op, ast.USub) else _value(node.operand)
    assert isinstance(node, ast.BinOp)  # nothing else passes `_allowed`
    return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))


EXPRESSION = ExpressionForm()
