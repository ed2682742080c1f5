"""YAML with positions: plain data, and for every path into it the line where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from tradespace import files
from tradespace.encoding import encodable
from tradespace.errors import Fault, FileError, SpaceError

Route = tuple[str | int, ...]
"""Keys and list positions that lead from the top of a document to a value."""

MOST_VALUES = 100_000
"""Aliases can make a small file describe an enormous one; beyond this many values a document is refused."""
MOST_YAML_BYTES = 10 * 2**20
MOST_LEVELS = 50
MOST_BITS = 1000
"""Longer integers overflow a float, and Python refuses to print the longest."""
TOO_DEEP = f"it is nested deeper than {MOST_LEVELS} levels"
AMBIGUOUS = re.compile(r"[-+]?(0[0-9_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")
"""Numbers that YAML 1.1 reads to base 8 or 60, and YAML 1.2 and most people otherwise."""


@dataclass(frozen=True)
class YamlDocument:
    """A YAML document as plain data, with the line of every value and all faults found in it so far.

    `refused` are those of values that are no plain data: None stands in their place.
    """

    name: str
    text: str
    data: Any
    lines: Mapping[Route, int]
    faults: list[Fault] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)

    def where(self, route: Route) -> str:
        """`file:line` of a value, or of the nearest value above it that the document has."""
        while route and route not in self.lines:
            route = route[:-1]
        return f"{self.name}:{self.lines.get(route, 1)}"

    def fault(self, route: Route, message: str) -> None:
        """Note that something is wrong with the value at `route`, unless a value was refused on its line: what is said
        of the None in its place would mislead.
        """
        fault = Fault(message, self.where(route))
        if fault not in self.faults and fault.where not in {refused.where for refused in self.refused}:
            self.faults.append(fault)

    def raise_faults(self) -> None:
        """Report everything that was noted, in the order of the lines.

        Raises:
            SpaceError: something was noted.
        """
        if self.faults:
            raise SpaceError(sorted(self.faults, key=_line))


def _line(fault: Fault) -> int:
    """The line of a fault; 0 where its place is told otherwise."""
    line = fault.where.rpartition(":")[2]
    return int(line) if line.isdecimal() else 0


def read_file(path: Path) -> YamlDocument:
    """Read a YAML file.

    Raises:
        SpaceError: the file cannot be read, or is not YAML.
    """
    try:
        text = files.read_text(path, MOST_YAML_BYTES)
    except FileError as error:
        raise SpaceError(error.faults) from None
    return parse_yaml(text, str(path))


def parse_yaml(text: str, name: str) -> YamlDocument:
    """Read YAML text; `name` stands for it in messages.

    Raises:
        SpaceError: the text is not YAML.
    """
    document = YamlDocument(name, text, None, {})
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
        position = getattr(error, "position", None)  # of a character that YAML forbids
        line = mark.line if mark else text.count("\n", 0, position) if position else None
        where = name if line is None else f"{name}:{line + 1}"
        raise SpaceError([Fault(f"must be YAML; {problem}", where)]) from None
    except RecursionError:
        raise SpaceError([Fault(f"must be YAML; {TOO_DEEP}", name)]) from None


class _Loader(yaml.SafeLoader):
    """The safe loader, which makes no objects, reading 1e-3 as the number that YAML 1.2 and everybody takes it for."""


class _Dumper(yaml.SafeDumper):
    """The safe dumper, quoting text that `_Loader` would not read back as it was, and without aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _class in (_Loader, _Dumper):
    _class.add_implicit_resolver(
        "tag:yaml.org,2002:float",
        re.compile(r"^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+$"),
        list("-+0123456789."),
    )


def _style(text: str) -> str | None:
    """How a text is dumped: of several lines as they are, where PyYAML would not fold some line breaks into spaces."""
    if set(text) & set("\x85\u2028\u2029"):
        return '"'
    return "|" if "\n" in text else None


_Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style(text))
)


def dump(data: Any, *, flat: bool = False) -> str:
    """Plain data as YAML that `parse_yaml` reads back as it was; where `flat`, innermost collections take one line."""
    flow = None if flat else False
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=flow)


class _Conversion:
    """Turns composed nodes into plain data and notes the line of each."""

    def __init__(self, loader: yaml.SafeLoader, document: YamlDocument) -> None:
        self.loader = loader
        self.document = document
        self.lines: dict[Route, int] = {}
        self.above: list[yaml.Node] = []

    def value(self, node: yaml.Node, route: Route) -> Any:
        self.lines.setdefault(route, node.start_mark.line + 1)
        if node in self.above:
            raise SpaceError([self._fault(node, "an alias must not contain itself")])
        if len(self.above) >= MOST_LEVELS:
            raise SpaceError([self._fault(node, f"must be YAML; {TOO_DEEP}")])
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
        return self._scalar(node)

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            with files.parsing("plain data", ""):
                value = self.loader.construct_object(node)
        except FileError as error:
            return self._refused(node, error.faults[0].message)
        if isinstance(value, int | float) and AMBIGUOUS.fullmatch(node.value):
            plain = f"{node.value!r} is {value} in some versions of YAML"
            return self._refused(node, f"{plain}; put it in quotes if it is text, or write the number in full")
        if isinstance(value, int) and value.bit_length() > MOST_BITS:
            return self._refused(node, "must be a number of at most 300 digits")
        if isinstance(value, str) and encodable(value) != value:
            return self._refused(node, "must be text of whole characters; it contains half of one (a lone surrogate)")
        return value

    def _refused(self, node: yaml.Node, message: str) -> None:
        fault = self._fault(node, message)
        self.document.refused.append(fault)
        self.document.faults.append(fault)

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
            return encodable(str(node.value))
        raise SpaceError([self._fault(node, "a key must be a name, not a list or a mapping")])

    def _fault(self, node: yaml.Node, message: str) -> Fault:
        return Fault(message, f"{self.document.name}:{node.start_mark.line + 1}")
