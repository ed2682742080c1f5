"""Trees of short texts, whatever else Python does meanwhile."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tradespace.search_space.constraints import Constraint
from tradespace.syntax import parse_expression, parse_statements


def _parse_deeper(levels: int) -> None:
    if levels:
        _parse_deeper(levels - 1)
    else:
        ast.parse("1 + 1")


@contextmanager
def parsing_collector() -> Iterator[None]:
    """A collector that runs at every chance, and parses something each time, as formatting a warning does."""

    def parse(phase: str, info: dict[str, Any]) -> None:
        _parse_deeper(20)

    threshold = gc.get_threshold()
    gc.callbacks.append(parse)
    gc.set_threshold(1)
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(parse)


def test_a_collector_that_parses_does_not_disturb() -> None:
    """Objects that are collected meanwhile change neither trees nor constraints."""
    with parsing_collector():
        expression = parse_expression(" (a.b == 1 and c <= 2) or d ")
        statements = parse_statements("x = 1\ny = x")
        constraint = Constraint.parse("rerank.keep <= retrieve.top_k")
    assert ast.unparse(expression) == "a.b == 1 and c <= 2 or d"
    assert [ast.unparse(statement) for statement in statements] == ["x = 1", "y = x"]
    assert constraint.names == (("rerank", "keep"), ("retrieve", "top_k"))


def test_what_is_no_expression_is_a_syntax_error() -> None:
    """As of `ast.parse`."""
    with pytest.raises(SyntaxError):
        parse_expression("1 +")
