"""The notation of pipelines, read back: `bm25(top_k=20) >> maxsim(keep=3) >> sentence()`.

>>> parse("bm25(top_k=20) >> sentence()").components[0]
bm25(top_k=20)
"""

from __future__ import annotations

import ast
from typing import Any

from pydantic import ValidationError

from tradespace.components.base import Component, Pipeline
from tradespace.components.registry import component_class
from tradespace.errors import Fault, NotationError
from tradespace.syntax import parse_expression


def parse(text: str) -> Pipeline:
    """Read a pipeline back from its notation. Nothing is imported or evaluated: only calls and literals are read.

    Raises:
        NotationError: the text is not a notation, or names an unknown component or setting.

    >>> parse("bm25(top_k=20) >> sentence()").components[0]
    bm25(top_k=20)
    """
    steps = _steps(_tree(text, "a pipeline", "bm25(top_k=20) >> sentence()"))
    return Pipeline(tuple(map(_component, steps)))


def parse_component(text: str) -> Component:
    """Read one component back from its notation, whatever its role.

    Raises:
        NotationError: the text is not a notation, or names an unknown component or setting.

    >>> parse_component("openai(model='gpt-5-mini')")
    openai(model='gpt-5-mini')
    """
    return _component(_tree(text, "a component", "bm25(top_k=20)"))


def _tree(text: str, what: str, example: str) -> ast.expr:
    try:
        return parse_expression(text)
    except SyntaxError as error:
        raise NotationError(f"{what} reads like {example!r}; given: {text!r} ({error.msg})") from None


def _steps(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
        return [*_steps(node.left), *_steps(node.right)]
    return [node]


def _component(node: ast.expr) -> Component:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.args):
        raise NotationError(f"a component reads like 'bm25(top_k=20)'; given: {ast.unparse(node)!r}")
    settings = {str(keyword.arg): _value(keyword.value) for keyword in node.keywords}
    try:
        return component_class(node.func.id)(**settings)
    except ValidationError as error:
        faults = [Fault(f"{node.func.id}: {'.'.join(map(str, e['loc']))}: {e['msg']}") for e in error.errors()]
        raise NotationError(faults) from None


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Call):
        return _component(node)
    if isinstance(node, ast.Tuple):
        return tuple(map(_value, node.elts))
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise NotationError(f"a setting is a literal or a component; given: {ast.unparse(node)!r}") from None
