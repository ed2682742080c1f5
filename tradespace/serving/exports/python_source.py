"""Values as Python source, laid out as ruff and black lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from tradespace.components.base import Component, Pipeline

LINE_WIDTH = 88
"""Characters of a line: what formatters keep to unless they are told another number."""
_INDENT = 4


def assignment(name: str, value: Any) -> str:
    """`name = value`, over as many lines as it needs."""
    flat = _flat(value)
    if len(f"{name} = {flat}") <= LINE_WIDTH:
        return f"{name} = {flat}"
    if isinstance(value, str) or _is_composed(value):
        if _INDENT + len(flat) <= LINE_WIDTH:
            return _in_parentheses(name, [flat])
        if isinstance(value, str):  # which nothing can break
            return f"{name} = {flat}"
        first, *rest = [_laid_out(component, _INDENT, _INDENT + len(">> ")) for component in value]
        return _in_parentheses(name, [first, *(f">> {step}" for step in rest)])
    return f"{name} = {_laid_out(value, 0, len(name) + 3)}"


def _is_composed(value: Any) -> bool:
    return isinstance(value, Pipeline) and len(value.components) > 1


def _in_parentheses(name: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{name} = (", *(" " * _INDENT + line for line in lines), ")"])


def import_lines(value: Any) -> list[str]:
    """What imports the classes of all components that a value is written with, in the order of their homes."""
    homes: dict[str, set[str]] = {}
    for kind in {type(component) for component in _written_components(value)}:
        homes.setdefault(_home(kind), set()).add(kind.__name__)
    return [
        f"from {home} import {', '.join(sorted(names, key=_import_order))}" for home, names in sorted(homes.items())
    ]


def _written_components(value: Any) -> Iterator[Component]:
    if isinstance(value, Component):
        yield value
    for _, part in _parts(value)[1]:
        yield from _written_components(part)


def _import_order(name: str) -> tuple[bool, str]:
    """As isort has it: names in capitals first."""
    return not name.isupper(), name


def _home(kind: type[Component]) -> str:
    """Where a class is imported from: the room of its kind if that shows it, else its own file."""
    room = kind.__module__.rpartition(".")[0]
    return room if room and getattr(import_module(room), kind.__name__, None) is kind else kind.__module__


def _laid_out(value: Any, indent: int, used: int) -> str:
    """A value on one line if it fits behind what is used of it, else with each of its parts on a line of its own.

    Args:
        value: what is written.
        indent: of the line that it begins on.
        used: characters of that line before it.
    """
    flat = _flat(value)
    opening, parts, closing = _parts(value)
    if used + len(flat) <= LINE_WIDTH or not parts:
        return flat
    inner = indent + _INDENT
    lines = [f"{label}{_laid_out(part, inner, inner + len(label) + 1)}," for label, part in parts]
    return "\n".join([opening, *(" " * inner + line for line in lines), " " * indent + closing])


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if _is_composed(value):
        return " >> ".join(map(_flat, value))
    opening, parts, closing = _parts(value)
    if not opening:
        return repr(value)
    comma = "," if opening == "(" and len(parts) == 1 else ""
    return f"{opening}{', '.join(f'{label}{_flat(part)}' for label, part in parts)}{comma}{closing}"


def _quoted(text: str) -> str:
    """A text between double quotes, unless single ones take fewer backslashes."""
    escaped = repr(f'"{text}')[2:-1].replace("\\'", "'")
    if text.count('"') > text.count("'"):
        return "'" + escaped.replace("'", "\\'") + "'"
    return '"' + escaped.replace('"', '\\"') + '"'


def _parts(value: Any) -> tuple[str, list[tuple[str, Any]], str]:
    """How a value begins, what stands in it with a label before each, and how it ends; nothing of a plain value."""
    match value:
        case Pipeline():
            return "Pipeline((", [("", component) for component in value], ",))"
        case Component():
            settings = value.chosen_settings.items()
            return f"{type(value).__name__}(", [(f"{name}=", setting) for name, setting in settings], ")"
        case tuple():
            return "(", [("", item) for item in value], ")"
        case list():
            return "[", [("", item) for item in value], "]"
        case Mapping():
            return "{", [(f"{_flat(name)}: ", item) for name, item in value.items()], "}"
        case _:
            return "", [], ""
