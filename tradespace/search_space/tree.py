"""The tree of a search space: domains as leaves, choices between alternatives, and things made of parts.

This is the only definition of a space. Sampling, an optimizer's suggestions and building a given pipeline are the same
walk with another chooser; enumeration, size and membership are read from the same nodes. A setting hangs below the
component that has it, so a conditional setting needs no rule: the walk does not come by unless the component is chosen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from pydantic import ValidationError

from tradespace.components.base import Component, Pipeline
from tradespace.search_space.domains import Chosen, Domain

Choose = Callable[[str, Domain], Any]
"""Given the path of a choice, such as `retrieve.bm25.k1`, and its domain: one value of the domain."""

Choices = dict[str, tuple[Domain, Any]]
"""The choices that lead to one value, by path: the domain, and what was chosen from it."""


class SettingsRefusedError(Exception):
    """A component's own rules refuse this combination of settings."""


class Node(ABC):
    """A part of a search space: the set of values that a stage, component or setting can have."""

    @property
    @abstractmethod
    def size(self) -> int | None:
        """How many combinations there are; None when infinitely many."""

    @abstractmethod
    def members(self) -> Iterator[Any]:
        """Every value, lazily, in the order of the YAML with the last choice varying fastest."""

    @abstractmethod
    def walk(self, path: str, choose: Choose) -> Any:
        """Build one value, asking `choose` wherever there is more than one possibility.

        Raises:
            RefusedError: a component's own rules refuse what was chosen.
        """

    @abstractmethod
    def trace(self, path: str, value: Any) -> Choices | None:
        """The choices with which `walk` builds `value`; None if it is not among the members."""


@dataclass(frozen=True)
class Leaf(Node):
    """A setting whose values are plain."""

    domain: Domain

    @property
    def size(self) -> int | None:
        return self.domain.size

    def members(self) -> Iterator[Any]:
        return iter(self.domain.members())

    def walk(self, path: str, choose: Choose) -> Any:
        return next(self.members()) if self.size == 1 else choose(path, self.domain)

    def trace(self, path: str, value: Any) -> Choices | None:
        if value not in self.domain:
            return None
        return {} if self.size == 1 else {path: (self.domain, value)}


@dataclass(frozen=True)
class OneOf(Node):
    """A choice between labelled alternatives."""

    alternatives: Mapping[str, Node]

    @cached_property
    def labels(self) -> Chosen:
        """The choice itself."""
        return Chosen(tuple(self.alternatives))

    @cached_property
    def size(self) -> int | None:
        sizes = [node.size for node in self.alternatives.values()]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def members(self) -> Iterator[Any]:
        for node in self.alternatives.values():
            yield from node.members()

    def walk(self, path: str, choose: Choose) -> Any:
        label = Leaf(self.labels).walk(path, choose)
        return self.alternatives[label].walk(f"{path}.{label}", choose)

    def trace(self, path: str, value: Any) -> Choices | None:
        for label, node in self.alternatives.items():
            choices = node.trace(f"{path}.{label}", value)
            if choices is not None:
                return (Leaf(self.labels).trace(path, label) or {}) | choices
        return None


@dataclass(frozen=True)
class Product(Node):
    """Something made of named parts, each with its own possibilities. Subclasses say what is made."""

    children: Mapping[str, Node]

    @abstractmethod
    def make(self, parts: dict[str, Any]) -> Any:
        """The value made of one value for each child."""

    @abstractmethod
    def parts(self, value: Any) -> Mapping[str, Any] | None:
        """The parts that `value` is made of; None if it cannot have been made here."""

    @cached_property
    def size(self) -> int | None:
        sizes = [node.size for node in self.children.values()]
        return None if None in sizes else prod(size for size in sizes if size is not None)

    def members(self) -> Iterator[Any]:
        for values in _combinations([node.members() for node in self.children.values()]):
            try:
                yield self.make(dict(zip(self.children, values, strict=True)))
            except SettingsRefusedError:
                continue

    def walk(self, path: str, choose: Choose) -> Any:
        parts: dict[str, Any] = {}
        refusal: SettingsRefusedError | None = None
        for name, node in self.children.items():
            try:
                parts[name] = node.walk(below(path, name), choose)
            except SettingsRefusedError as error:  # the walk is completed, so that its choices are all known
                refusal = refusal or error
        if refusal:
            raise refusal
        return self.make(parts)

    def trace(self, path: str, value: Any) -> Choices | None:
        parts = self.parts(value)
        if parts is None or parts.keys() != self.children.keys():
            return None
        choices: Choices = {}
        for name, node in self.children.items():
            traced = node.trace(below(path, name), parts[name])
            if traced is None:
                return None
            choices |= traced
        return choices


@dataclass(frozen=True)
class ComponentProduct(Product):
    """A component made of its settings. Settings that are not children keep their defaults."""

    component: type[Component]

    def make(self, parts: dict[str, Any]) -> Component:
        try:
            return self.component(**parts)
        except ValidationError as error:
            reasons = "; ".join(str(detail["msg"]).removeprefix("Value error, ") for detail in error.errors())
            raise SettingsRefusedError(f"{self.component.name}: {reasons}") from None

    def parts(self, value: Any) -> Mapping[str, Any] | None:
        if type(value) is not self.component or not value.chosen_settings.keys() <= self.children.keys():
            return None
        return {name: value.settings[name] for name in self.children}


@dataclass(frozen=True)
class TupleProduct(Product):
    """A tuple made of its items, which are named by their positions."""

    def make(self, parts: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(parts.values())

    def parts(self, value: Any) -> Mapping[str, Any] | None:
        return {str(place): item for place, item in enumerate(value)} if isinstance(value, Sequence) else None


@dataclass(frozen=True)
class MappingProduct(Product):
    """A mapping made of its values."""

    def make(self, parts: dict[str, Any]) -> dict[str, Any]:
        return parts

    def parts(self, value: Any) -> Mapping[str, Any] | None:
        return value if isinstance(value, Mapping) else None


@dataclass(frozen=True)
class PipelineProduct(Product):
    """A pipeline made of its stages."""

    def make(self, parts: dict[str, Any]) -> Pipeline:
        return Pipeline(tuple(parts.values()))

    def parts(self, value: Any) -> Mapping[str, Any] | None:
        return value.stages if isinstance(value, Pipeline) else None


def below(path: str, name: str) -> str:
    """The path of a part."""
    return f"{path}.{name}" if path else name


class _Remembered:
    """An iterator that can be gone through again: values are made once, when first reached, and then shared."""

    def __init__(self, source: Iterator[Any]) -> None:
        self.source = source
        self.made: list[Any] = []

    def __iter__(self) -> Iterator[Any]:
        yield from self.made
        for value in self.source:
            self.made.append(value)
            yield value


def _combinations(sources: Sequence[Iterator[Any]]) -> Iterator[tuple[Any, ...]]:
    """The Cartesian product, in the order of itertools.product but without first reading every source to its end."""
    if not sources:
        yield ()
        return
    *before, last = sources
    remembered = _Remembered(last)
    for values in _combinations(before):
        for value in remembered:
            yield (*values, value)
