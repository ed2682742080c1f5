"""Pipelines as values: composition with `>>`, equality, and a notation that is read back.

>>> str(BM25(top_k=20) >> MaxSim(keep=3) >> SentenceReader())
'bm25(top_k=20) >> maxsim(keep=3) >> sentence()'
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from tradespace.addresses import digest
from tradespace.components.base import Component, Role
from tradespace.components.registry import component_class
from tradespace.errors import Fault, NotationError

STAGES: tuple[Role, ...] = (Role.CHUNK, Role.RETRIEVE, Role.RERANK, Role.GENERATE)


@dataclass(frozen=True, slots=False)
class Pipeline:
    """Components that fill the stages chunk, retrieve, rerank, generate, in this order; each stage at most once.

    Without a chunk stage the documents are searched whole.

    Raises:
        NotationError: a stage is filled twice, is out of order, or a component fills no stage.
    """

    components: tuple[Component, ...]

    def __post_init__(self) -> None:
        roles = [component.role for component in self.components]
        if [role for role in STAGES if role in roles] != roles:
            given = ", ".join(f"{component.role}: {component}" for component in self.components)
            raise NotationError(f"stages must be among {', '.join(STAGES)}, in this order, once each; given: {given}")

    @cached_property
    def stages(self) -> dict[Role, Component]:
        """Components by the stage that they fill, in order."""
        return {component.role: component for component in self.components}

    @property
    def online(self) -> dict[Role, Component]:
        """The stages that work when a question arrives: all but chunking."""
        return {role: component for role, component in self.stages.items() if role is not Role.CHUNK}

    @cached_property
    def address(self) -> str:
        """Content address of everything that its evaluations depend on besides data and prices: every setting of every
        component, the versions of their behaviour, and the weights."""
        return digest(component.identity for component in self.components)

    def __rshift__(self, other: Component | Pipeline) -> Pipeline:
        return compose(self, other)

    def __iter__(self) -> Iterator[Component]:
        return iter(self.components)

    def __str__(self) -> str:
        return " >> ".join(map(repr, self.components))

    __repr__ = __str__


def compose(left: Component | Pipeline, right: Component | Pipeline) -> Pipeline:
    """Join components and pipelines, left to right."""

    def parts(value: Component | Pipeline) -> tuple[Component, ...]:
        return value.components if isinstance(value, Pipeline) else (value,)

    return Pipeline(parts(left) + parts(right))


def parse(text: str) -> Pipeline:
    """Read a pipeline back from its notation. Nothing is imported or evaluated: only calls and literals are read.

    Raises:
        NotationError: the text is not a notation, or names an unknown component or setting.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise NotationError(
            f"a pipeline reads like 'bm25(top_k=20) >> sentence()'; given: {text!r} ({error.msg})"
        ) from None
    return Pipeline(tuple(_component(node) for node in _steps(tree)))


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
    try:
        return ast.literal_eval(node)
    except ValueError:
        raise NotationError(f"a setting is a literal or a component; given: {ast.unparse(node)!r}") from None
