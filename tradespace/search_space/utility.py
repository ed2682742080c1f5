"""A utility: one number that says what a pipeline is worth to its user, computed from its figures."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from tradespace.evals.statistics import Array
from tradespace.search_space.expressions import ExpressionSyntaxError, expression_tree

ValueOf = Callable[[Mapping[str, ArrayLike]], Array]

ARITHMETIC: Mapping[type[ast.operator], Callable[[Array, Array], Array]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
}
AT = "__at__"
UTILITY_GRAMMAR = "a utility is made of objectives, numbers, +, -, *, / and parentheses"


@dataclass(frozen=True, slots=True)
class Utility:
    """An arithmetic expression over figures: more of it is better. Latencies count in seconds, costs in dollars.

    Raises:
        ExpressionSyntaxError: the text is something else.

    >>> utility = Utility("answer_f1 - 0.05 * usd_per_1k")
    >>> utility.measures, float(utility.of({"answer_f1": 0.75, "usd_per_1k": 5.0}))
    (('answer_f1', 'usd_per_1k'), 0.5)
    """

    text: str

    def __post_init__(self) -> None:
        if not self.measures:
            raise ExpressionSyntaxError(f"names no objective; {UTILITY_GRAMMAR}")
        _compiled(self.text)

    @property
    def measures(self) -> tuple[str, ...]:
        """The figures that it is computed from, in the order in which they are named."""
        return tuple(dict.fromkeys(_names(_tree(self.text))))

    def of(self, figures: Mapping[str, ArrayLike]) -> Array:
        """The utility of pipelines, given each figure's values; NaN or infinite where that cannot be computed."""
        with np.errstate(all="ignore"):
            return _compiled(self.text)(figures)


def _tree(text: str) -> ast.expr:
    """The tree of an expression in which `ndcg@10` is a name, as no matrix is multiplied here."""
    return expression_tree(re.sub(r"(?<=\w)@(?=\d)", AT, text))


def _name(node: ast.Name) -> str:
    return node.id.replace(AT, "@")


def _names(tree: ast.expr) -> Iterator[str]:
    return (_name(node) for node in ast.walk(tree) if isinstance(node, ast.Name))


@cache
def _compiled(text: str) -> ValueOf:
    return _value(_tree(text))


def _value(node: ast.expr) -> ValueOf:
    if isinstance(node, ast.Name):
        name = _name(node)
        return lambda figures: np.asarray(figures[name], dtype=np.float64)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        constant = np.asarray(node.value, dtype=np.float64)
        return lambda figures: constant
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        operand = _value(node.operand)
        return lambda figures: np.negative(operand(figures))
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        operation, left, right = ARITHMETIC[type(node.op)], _value(node.left), _value(node.right)
        return lambda figures: operation(left(figures), right(figures))
    raise ExpressionSyntaxError(f"{ast.unparse(node)!r} is not allowed; {UTILITY_GRAMMAR}")
