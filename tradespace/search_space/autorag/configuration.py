"""AutoRAG's configuration as values: nodes with their modules, vector databases, chunkers and parsers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace.search_space.document import Route, YamlDocument, read_file
from tradespace.secrets import scrubbed

ENVIRONMENT_VARIABLE = re.compile(r"\$\{(.*?)\}")
LAYOUT = "AutoRAG's configuration: a mapping with `node_lines`, or with the `modules` of chunking or parsing"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a module, with all values that AutoRAG would try: a list is several."""

    values: tuple[Any, ...]
    where: str


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """One module, with its node's parameters where it has none of its own."""

    kind: str
    parameters: Mapping[str, Parameter]
    where: str


@dataclass(frozen=True, slots=True)
class NodeEntry:
    """One node: modules of which AutoRAG keeps one, by some metrics and by their mean seconds for a question."""

    kind: str
    modules: tuple[ModuleEntry, ...]
    metrics: tuple[tuple[str, str], ...]
    speed_threshold: float | None
    where: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that the files hold.

    Attributes:
        stores: the vector databases, by name.
        modules: those outside of nodes, which chunk or parse.
    """

    nodes: tuple[NodeEntry, ...]
    stores: Mapping[str, ModuleEntry]
    modules: tuple[ModuleEntry, ...]


def read_configuration(files: Sequence[Path]) -> Configuration:
    """Read the files of one configuration: that of the pipeline, and perhaps those of chunking and parsing.

    Raises:
        SpaceError: a file is no such thing; the error carries every fault.
    """
    readers = [_Reader(read_file(file)) for file in files]
    nodes = tuple(node for reader in readers for node in reader.nodes())
    stores = {name: store for reader in readers for name, store in reader.stores()}
    modules = tuple(module for reader in readers for module in reader.loose_modules())
    for reader in readers:
        reader.document.raise_faults()
    return Configuration(nodes, stores, modules)


class _Reader:
    """Reads one file, noting faults in its document."""

    def __init__(self, document: YamlDocument) -> None:
        self.document = document
        self.data: Mapping[str, Any] = document.data if isinstance(document.data, Mapping) else {}
        if not {"node_lines", "modules"} & {*self.data}:
            document.fault((), f"must be {LAYOUT}")

    def nodes(self) -> Iterator[NodeEntry]:
        for line, route in self._items(self.data, "node_lines", ()):
            for node, place in self._items(line, "nodes", route, needed=True):
                yield self._node(node, place)

    def stores(self) -> Iterator[tuple[str, ModuleEntry]]:
        for store, route in self._items(self.data, "vectordb", ()):
            name = self._name(store, "name", route)
            yield name, ModuleEntry(name, self._parameters(store, route), self.document.where(route))

    def loose_modules(self) -> Iterator[ModuleEntry]:
        return self._modules(self.data, (), {})

    def _node(self, node: Mapping[str, Any], route: Route) -> NodeEntry:
        given = {name: value for name, value in node.items() if name not in ("node_type", "strategy", "modules")}
        modules = self._modules(node, route, self._parameters(given, route), needed=True)
        strategy = node.get("strategy") or {}
        if not isinstance(strategy, Mapping):
            self.document.fault((*route, "strategy"), f"must be a mapping; given: {strategy!r}")
            strategy = {}
        threshold = strategy.get("speed_threshold")
        return NodeEntry(
            self._name(node, "node_type", route),
            tuple(modules),
            tuple(self._metrics(strategy, (*route, "strategy"))),
            float(threshold) if isinstance(threshold, int | float) and 0 < threshold < float("inf") else None,
            self.document.where(route),
        )

    def _metrics(self, strategy: Mapping[str, Any], route: Route) -> Iterator[tuple[str, str]]:
        for place, metric in enumerate(_several(strategy.get("metrics"))):
            name = metric.get("metric_name") if isinstance(metric, Mapping) else metric
            where = (*route, "metrics", place)
            if isinstance(name, str):
                yield name, self.document.where(where)
            else:
                self.document.fault(where, f"must be the name of a metric; given: {metric!r}")

    def _modules(
        self, holder: Mapping[str, Any], route: Route, shared: Mapping[str, Parameter], *, needed: bool = False
    ) -> Iterator[ModuleEntry]:
        for module, place in self._items(holder, "modules", route, needed=needed):
            own = self._parameters({name: value for name, value in module.items() if name != "module_type"}, place)
            yield ModuleEntry(self._name(module, "module_type", place), {**shared, **own}, self.document.where(place))

    def _parameters(self, given: Mapping[str, Any], route: Route) -> dict[str, Parameter]:
        parameters = {}
        for name, value in given.items():
            where = self.document.where((*route, name))
            if values := tuple(map(_filled_in, _several(value))):
                parameters[name] = Parameter(values, where)
        return parameters

    def _items(
        self, holder: Mapping[str, Any], key: str, route: Route, *, needed: bool = False
    ) -> Iterator[tuple[Mapping[str, Any], Route]]:
        """The mappings in a list, each with its place."""
        value = holder.get(key)
        if value is None and not needed:
            return
        if not isinstance(value, list) or not value:
            self.document.fault((*route, key), f"`{key}` must be a list of mappings; given: {value!r}")
            return
        for place, item in enumerate(value):
            if isinstance(item, Mapping):
                yield item, (*route, key, place)
            else:
                self.document.fault((*route, key, place), f"must be a mapping, one of `{key}`; given: {item!r}")

    def _name(self, holder: Mapping[str, Any], key: str, route: Route) -> str:
        name = holder.get(key)
        if isinstance(name, str) and name:
            return name
        self.document.fault(
            route, f"needs `{key}`, a name" if name is None else f"`{key}` must be text; given: {name!r}"
        )
        return ""


def _filled_in(value: Any) -> Any:
    """The value with what the environment holds for its variables, as AutoRAG reads it; never with a secret."""
    if not isinstance(value, str):
        return value
    filled = ENVIRONMENT_VARIABLE.sub(lambda match: os.environ.get(match[1]) or match[0], value)
    return filled if scrubbed(filled) == filled else value


def _several(value: Any) -> list[Any]:
    """A value as the list that it stands for."""
    return [one for one in (value if isinstance(value, list) else [value]) if one is not None]
