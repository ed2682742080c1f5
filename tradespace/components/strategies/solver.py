"""A symbolic solver for arithmetic and linear equations: sympy, behind a parser that runs nothing it is given.

What a model wrote is read with Python's own parser; of that only numbers, names and + - * / ** are taken, of bounded
size, so that no expression can run code or take long.
"""

from __future__ import annotations

import ast
import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tradespace.components.answers.number import normal_form
from tradespace.syntax import parse_expression

if TYPE_CHECKING:
    from sympy import Expr

LONGEST = 300
"""Characters of an expression."""
MOST_POWER_BITS = 4096
"""Bits of a power."""
EQUATION = re.compile(r"(?<![\w.])(\d[\d\s.,+*/()-]*[+*/-][\d\s.,+*/()-]*?)\s*=\s*(-?\d[\d.,]*)")


class RejectedError(ValueError):
    """A solver cannot make anything of what was proposed, and says why."""


def solve(text: str) -> str:
    """What an expression comes to, or the value of the one unknown of linear equations with commas between them.

    >>> solve("3 * (4 + 10) / 4"), solve("x + y = 10, x - y = 4, z = x * 2 + 1")
    ('10.5', 'x = 7, y = 3, z = 15')

    Raises:
        RejectedError: the text is neither, or has no or no unique solution.
    """
    if "=" not in text:
        return value(text)
    from sympy import Eq, linsolve

    sides = [part.split("=") for part in re.split(r",(?!\d{3}\b)|;", text)]
    if any(len(pair) != 2 for pair in sides):
        raise RejectedError(f"an equation has two sides; given: {text}")
    equations = [Eq(parsed(left), parsed(right), evaluate=False) for left, right in sides]
    unknowns = sorted(set().union(*(equation.free_symbols for equation in equations)), key=str)
    if not unknowns:
        return _truth(text, equations)
    (solution,) = linsolve(equations, unknowns) or [None]
    if solution is None or any(root.free_symbols for root in solution):
        raise RejectedError(f"these equations have {'no' if solution is None else 'more than one'} solution: {text}")
    return ", ".join(f"{unknown} = {_written(root)}" for unknown, root in zip(unknowns, solution, strict=True))


def _truth(text: str, equations: list[Any]) -> str:
    if not all(equation.lhs == equation.rhs for equation in equations):
        raise RejectedError(f"this is false: {text}")
    return text.strip()


def value(text: str) -> str:
    """What an expression comes to, exactly.

    Raises:
        RejectedError: it is no expression, holds unknowns, or has no value.
    """
    number = parsed(text)
    if not number.is_Rational:
        raise RejectedError(f"an expression of numbers is needed; given: {text}")
    return _written(number)


def _written(number: Any) -> str:
    return normal_form(Fraction(int(number.p), int(number.q)))


def false_equations(text: str) -> list[str]:
    """The equations such as `12 + 30 = 41` that stand in a text and do not hold."""
    return [match.group().strip(" .,") for match in EQUATION.finditer(text) if not _holds(*match.groups())]


def _holds(left: str, right: str) -> bool:
    try:
        return value(left) == value(right.rstrip(".,"))
    except RejectedError:
        return True  # what cannot be read as an equation is none


def parsed(text: str) -> Expr:
    """An expression of numbers and unknowns, linear in these.

    Raises:
        RejectedError: it is something else.
    """
    if len(text) > LONGEST:
        raise RejectedError(f"an expression has at most {LONGEST} characters; given: {len(text)}")
    cleaned = re.sub(r"(?<=\d),(?=\d{3})|[$%]", "", text.strip()).replace("^", "**").replace("×", "*").replace("÷", "/")
    try:
        return _built(parse_expression(cleaned))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, RejectedError):
            raise
        raise RejectedError(f"this is no arithmetic expression: {text.strip()}") from None


def _built(node: ast.expr) -> Expr:
    from sympy import Rational, Symbol

    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number) if math.isfinite(number):
            return Rational(str(number))
        case ast.Name(id=name):
            return Symbol(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_built(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _built(operand)
        case ast.BinOp(left=left, op=operator, right=right):
            return _combined(_built(left), operator, _built(right))
    raise RejectedError(f"only numbers, names and + - * / ** are understood; given: {ast.unparse(node)}")


def _combined(left: Any, operator: ast.operator, right: Any) -> Expr:
    linear = not (left.free_symbols and right.free_symbols)
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult() if linear:
            return left * right
        case ast.Div() if right.is_Rational and right != 0:
            return left / right
        case ast.Pow() if left.is_Rational and right.is_Integer and _small(left, right):
            return left**right
    raise RejectedError(
        f"what is given must be linear, of moderate size, and not divide by zero; given: {left}, {right}"
    )


def _small(base: Any, exponent: Any) -> bool:
    bits = max(int(base.p).bit_length(), int(base.q).bit_length())
    return bool(bits * abs(exponent) <= MOST_POWER_BITS and (base != 0 or exponent >= 0))
