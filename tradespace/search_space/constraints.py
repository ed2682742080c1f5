"""Constraints between settings, such as `rerank.keep <= retrieve.top_k`.

An expression compares, adds, subtracts, multiplies and divides settings and literals, and joins comparisons with `and`,
`or` and `not`. A stage or setting that holds a component stands for the component's name: `retrieve == 'dense'`.
Expressions are parsed into closures over a fixed set of operations; nothing is evaluated as Python.

A comparison that names a setting which the pipeline does not have says nothing, neither true nor false (Kleene's strong
three-valued logic: Introduction to Metamathematics, 1952, section 64). A constraint forbids only what makes it false.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tradespace.components.base import Component, Pipeline
from tradespace.search_space.expressions import ExpressionSyntaxError, expression_tree

PipelineValue = Callable[[Pipeline], Any]

OPERATIONS: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}
GRAMMAR = "settings such as retrieve.top_k, literals, comparisons, and, or, not, +, -, * and /"


@dataclass(frozen=True)
class Forbidden:
    """Why a pipeline is not in the space: the constraint, or the component's own rule, that it breaks."""

    rule: str
    why: str


@dataclass(frozen=True)
class Constraint:
    """A condition that every pipeline must meet."""

    text: str
    names: tuple[tuple[str, ...], ...] = field(repr=False, compare=False)
    evaluate: PipelineValue = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """Read a constraint.

        Raises:
            ExpressionSyntaxError: the text is something else.
        """
        tree = expression_tree(text)
        if not isinstance(tree, ast.Compare | ast.BoolOp | ast.UnaryOp):
            raise ExpressionSyntaxError("must compare something")
        return cls(text, tuple(dict.fromkeys(_names(tree))), _truth(tree))

    def forbids(self, pipeline: Pipeline) -> Forbidden | None:
        """Why the pipeline breaks this constraint, or None if it does not."""
        try:
            if self.evaluate(pipeline) is not False:
                return None
        except (TypeError, ArithmeticError) as error:
            return Forbidden(self.text, f"cannot be computed ({error}) with {self._values(pipeline)}")
        return Forbidden(self.text, f"does not hold with {self._values(pipeline)}")

    def _values(self, pipeline: Pipeline) -> str:
        return ", ".join(f"{'.'.join(name)} = {_shown(pipeline, name)}" for name in self.names)


def _shown(pipeline: Pipeline, name: tuple[str, ...]) -> str:
    value = lookup(pipeline, name)
    return "(none)" if value is Missing else repr(value)


class Missing:
    """Represents a setting that a pipeline does not have."""


def lookup(pipeline: Pipeline, name: Sequence[str]) -> Any:
    """The setting called `stage.setting…`, a component's name in place of a component, or Missing.

    Of several components in one setting, that of a name is the first that is called so: `rerank.steps.maxsim.keep`.
    """
    stage, *settings = name
    value: Any = pipeline.stages.get(stage, Missing)
    for setting in settings:
        if isinstance(value, Component) and setting in value.settings:
            value = value.settings[setting]
        elif isinstance(value, Mapping) and setting in value:
            value = value[setting]
        elif isinstance(value, tuple):
            value = next((item for item in value if isinstance(item, Component) and item.name == setting), Missing)
        else:
            return Missing
    return value.name if isinstance(value, Component) else value


def _names(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    if isinstance(tree, ast.Attribute | ast.Name):
        yield _dotted(tree)
    else:
        for child in ast.iter_child_nodes(tree):
            yield from _names(child)


def _dotted(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Attribute):
        return (*_dotted(node.value), node.attr)
    if isinstance(node, ast.Name):
        return (node.id,)
    raise ExpressionSyntaxError(f"{ast.unparse(node)!r} is not a setting; a constraint is made of {GRAMMAR}")


def _truth(node: ast.expr) -> PipelineValue:
    """Evaluates to True, False, or None where the value is unknown."""
    if isinstance(node, ast.BoolOp):
        return _joined(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _truth(node.operand)
        return lambda pipeline: None if (truth := inner(pipeline)) is None else not truth
    if isinstance(node, ast.Compare):
        return _comparison(node)
    raise ExpressionSyntaxError(f"{ast.unparse(node)!r} must compare something, such as retrieve.top_k <= 10")


def _joined(node: ast.BoolOp) -> PipelineValue:
    parts = [_truth(value) for value in node.values]
    decisive = isinstance(node.op, ast.Or)

    def evaluate(pipeline: Pipeline) -> bool | None:
        truths = [part(pipeline) for part in parts]
        if decisive in truths:
            return decisive
        return None if None in truths else not decisive

    return evaluate


def _comparison(node: ast.Compare) -> PipelineValue:
    terms = [_value(term) for term in (node.left, *node.comparators)]
    operations = [_operation(kind, node) for kind in node.ops]

    def evaluate(pipeline: Pipeline) -> bool | None:
        values = [term(pipeline) for term in terms]
        if Missing in values:
            return None
        return all(compare(*pair) for compare, pair in zip(operations, pairwise(values), strict=True))

    return evaluate


def _value(node: ast.expr) -> PipelineValue:
    if isinstance(node, ast.Attribute | ast.Name):
        name = _dotted(node)
        return lambda pipeline: lookup(pipeline, name)
    if isinstance(node, ast.BinOp):
        return _arithmetic(_operation(node.op, node), _value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _arithmetic(operator.sub, lambda _: 0, _value(node.operand))
    literal = _literal(node)
    return lambda _: literal


def _arithmetic(operation: Callable[[Any, Any], Any], left: PipelineValue, right: PipelineValue) -> PipelineValue:
    def evaluate(pipeline: Pipeline) -> Any:
        values = left(pipeline), right(pipeline)
        if Missing in values:
            return Missing
        if not all(isinstance(value, int | float) for value in values):
            raise TypeError("only numbers can be calculated with")
        return operation(*values)

    return evaluate


def _operation(kind: ast.AST, node: ast.expr) -> Callable[[Any, Any], Any]:
    if type(kind) not in OPERATIONS:
        raise ExpressionSyntaxError(f"{ast.unparse(node)!r} uses more than {GRAMMAR}")
    return OPERATIONS[type(kind)]


def _literal(node: ast.expr) -> Any:
    if not isinstance(node, ast.Constant | ast.Tuple | ast.List):
        raise ExpressionSyntaxError(f"{ast.unparse(node)!r} is not allowed; a constraint is made of {GRAMMAR}")
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise ExpressionSyntaxError(f"{ast.unparse(node)!r} must be made of literals") from None
