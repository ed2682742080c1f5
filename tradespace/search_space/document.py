"""YAML with positions: plain data, and for every path into it the line where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from tradespace.errors import Fault, SpaceError

Route = tuple[str | int, ...]
"""Keys and list positions that lead from the top of a document to a value."""

MOST_VALUES = 100_000
"""Aliases can make a small file describe an enormous one; beyond this many values a document is refused."""


@dataclass(frozen=True)
class Document:
    """A YAML document as plain data, with the line of every value and all faults found in it so far."""

    name: str
    text: str
    data: Any
    lines: Mapping[Route, int]
    faults: list[Fault] = field(default_factory=list)

    def where(self, route: Route) -> str:
        """`file:line` of a value, or of the nearest value above it that the document has."""
        while route and route not in self.lines:
            route = route[:-1]
        return f"{self.name}:{self.lines.get(route, 1)}"

    def fault(self, route: Route, message: str) -> None:
        """Note that something is wrong with the value at `route`."""
        fault = Fault(message, self.where(route))
        if fault not in self.faults:
            self.faults.append(fault)

    def raise_faults(self) -> None:
        """Report everything that was noted, in the order of the lines.

        Raises:
            SpaceError: something was noted.
        """
        if self.faults:
            raise SpaceError(sorted(self.faults, key=lambda fault: int(fault.where.rpartition(":")[2])))


def read_file(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        SpaceError: the file cannot be read, or is not YAML.
    """
    try:
        return read_text(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise SpaceError([Fault(f"the file cannot be read: {error.strerror}", str(path))]) from None
    except UnicodeDecodeError as error:
        raise SpaceError([Fault(f"must be UTF-8 text; byte {error.start} is not", str(path))]) from None


def read_text(text: str, name: str) -> Document:
    """Read YAML text; `name` stands for it in messages.

    Raises:
        SpaceError: the text is not YAML.
    """
    document = Document(name, text, None, {})
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return document
        conversion = _Conversion(loader, document)
        return replace(document, data=conversion.value(node, ()), lines=conversion.lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        where = f"{name}:{mark.line + 1}" if mark else name
        raise SpaceError([Fault(f"must be YAML; {problem}", where)]) from None
    except RecursionError:
        raise SpaceError([Fault("must be YAML; it is nested too deep", name)]) from None


class _Loader(yaml.SafeLoader):
    """The safe loader, which makes no objects, reading 1e-3 as the number that YAML 1.2 and everybody takes it for."""


class _Dumper(yaml.SafeDumper):
    """The safe dumper, quoting text that `_Loader` would not read back as it was."""


for _class in (_Loader, _Dumper):
    _class.add_implicit_resolver(
        "tag:yaml.org,2002:float",
        re.compile(r"^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+$"),
        list("-+0123456789."),
    )
# PyYAML's other styles fold these line breaks into spaces.
_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style='"' if set(text) & set("\x85\u2028\u2029") else None
    ),
)


def dump(data: Any) -> str:
    """Plain data as YAML that `read_text` reads back as it was."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


class _Conversion:
    """Turns composed nodes into plain data and notes the line of each."""

    def __init__(self, loader: yaml.SafeLoader, document: Document) -> None:
        self.loader = loader
        self.document = document
        self.lines: dict[Route, int] = {}
        self.above: list[yaml.Node] = []

    def value(self, node: yaml.Node, route: Route) -> Any:
        self.lines.setdefault(route, node.start_mark.line + 1)
        if node in self.above:
            raise SpaceError([self._fault(node, "an alias must not contain itself")])
        if len(self.lines) > MOST_VALUES:
            raise SpaceError([self._fault(node, f"a document holds at most {MOST_VALUES:,} values, aliases followed")])
        self.above.append(node)
        try:
            return self._convert(node, route)
        finally:
            self.above.pop()

    def _convert(self, node: yaml.Node, route: Route) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, route)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*route, place)) for place, item in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            problem = getattr(error, "problem", None) or str(error)
            self.document.faults.append(self._fault(node, f"must be plain data; {problem}"))
            return None

    def _mapping(self, node: yaml.MappingNode, route: Route) -> dict[str, Any]:
        self._note_duplicates(node.value)
        self.loader.flatten_mapping(node)
        data = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            self.lines[*route, key] = key_node.start_mark.line + 1
            data[key] = self.value(value_node, (*route, key))
        return data

    def _note_duplicates(self, pairs: Iterable[tuple[yaml.Node, yaml.Node]]) -> None:
        first: dict[str, int] = {}
        for key_node, _ in pairs:
            key = self._key(key_node)
            if key in first and key != "<<":
                message = f"{key!r} is given twice, first in line {first[key]}; keep one"
                self.document.faults.append(self._fault(key_node, message))
            first.setdefault(key, key_node.start_mark.line + 1)

    def _key(self, node: yaml.Node) -> str:
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        raise SpaceError([self._fault(node, "a key must be a name, not a list or a mapping")])

    def _fault(self, node: yaml.Node, message: str) -> Fault:
        return Fault(message, f"{self.document.name}:{node.start_mark.line + 1}")
