"""Notations of pipelines, shortened to what tells those shown apart: for labels, hover texts and tables.

What is the same in all of them is left out: components, and settings of components of one name. An arrow stands in
the place of `>>`, so that nobody takes a shortened notation for one that can be read back.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tradespace.syntax import parse_expression

LONGEST_SHORT = 90
ARROW = " → "


@dataclass(frozen=True, slots=True)
class _Written:
    """A component as it is written: its name, and its settings in order."""

    name: str
    settings: tuple[tuple[str, _Written | str], ...]


_Path = tuple[str, ...]
"""Where a setting is: names of components and settings in turn, from the outermost component."""


@lru_cache(maxsize=16)
def short_notations(notations: tuple[str, ...]) -> dict[str, str]:
    """Shorten notations to what differs between them, and cut what is still too long.

    Different notations stay different, unless they are cut. One alone is not shortened; what can't be read as a
    notation is left as it is.

    >>> short = short_notations(("bm25(top_k=1) >> reader(layers=3)", "bm25(top_k=5) >> reader(layers=3)"))
    >>> list(short.values())
    ['bm25(top_k=1)', 'bm25(top_k=5)']
    """
    distinct = dict.fromkeys(notations)
    pipelines = {notation: _components(notation) for notation in distinct}
    common = set[_Written | str]().union(*pipelines.values()) if len(distinct) > 1 else set()
    for components in pipelines.values():
        common.intersection_update(components)
    varying = set(_varying({each for components in pipelines.values() for each in components}))
    own = {notation: [each for each in components if each not in common] for notation, components in pipelines.items()}
    shown = {
        notation: _joined(own[notation] or components, varying if len(distinct) > 1 else None)
        for notation, components in pipelines.items()
    }
    clashes = Counter(shown.values())
    return {
        notation: _cut(text if clashes[text] == 1 else _joined(pipelines[notation], None))
        for notation, text in shown.items()
    }


def _components(notation: str) -> list[_Written | str]:
    """The components of a pipeline in order; the whole text where it can't be read. What many have is read once."""
    parts = [_component(text) for text in notation.split(" >> ")]
    known = [part for part in parts if part is not None]
    return [*known] if len(known) == len(parts) else _parsed(notation)


@lru_cache(maxsize=10_000)
def _component(text: str) -> _Written | None:
    """One component; None where the text is none, as a part of one that has an arrow in a setting."""
    parsed = _parsed(text)
    return parsed[0] if len(parsed) == 1 and isinstance(parsed[0], _Written) else None


def _parsed(notation: str) -> list[_Written | str]:
    try:
        return [_read(step) for step in _steps(parse_expression(notation))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [notation]


def _steps(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.RShift):
        return [*_steps(node.left), *_steps(node.right)]
    return [node]


def _read(node: ast.expr) -> _Written | str:
    if not isinstance(node, ast.Call) or node.args:
        return ast.unparse(node)
    return _Written(ast.unparse(node.func), tuple((str(each.arg), _read(each.value)) for each in node.keywords))


def _varying(components: Collection[_Written | str], path: _Path = ()) -> Iterator[_Path]:
    """The settings that differ between components of one name; a default, which is not written, is a value, too."""
    for name in {each.name for each in components if isinstance(each, _Written)}:
        alike = [dict(each.settings) for each in components if isinstance(each, _Written) and each.name == name]
        for setting in dict.fromkeys(setting for settings in alike for setting in settings):
            here, values = (*path, name, setting), {settings.get(setting) for settings in alike}
            if len(values) > 1:
                yield here
                yield from _varying({value for value in values if value is not None}, here)


def _joined(components: Sequence[_Written | str], shown: Collection[_Path] | None) -> str:
    return ARROW.join(_short(each, shown, ()) for each in components)


def _short(component: _Written | str, shown: Collection[_Path] | None, path: _Path) -> str:
    """A component with the settings to show, or with all; settings that are components need no name of their own."""
    if isinstance(component, str):
        return component
    texts: list[str] = []
    for name, value in component.settings:
        here = (*path, component.name, name)
        if shown is None or here in shown:
            text = _short(value, shown, here)
            texts.append(text if isinstance(value, _Written) else f"{name}={text}")
    return f"{component.name}({', '.join(texts)})" if texts else component.name


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHORT else text[: LONGEST_SHORT - 1] + "…"
