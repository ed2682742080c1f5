"""What Python code says of a space, as the plain data that YAML holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from tradespace.components.base import Component
from tradespace.errors import Fault
from tradespace.parts import VariedComponent
from tradespace.search_space import declared
from tradespace.search_space.document import Route
from tradespace.search_space.pipeline_yaml import written_settings

PLAIN = "must be a component, a text, a number, true, false or nothing, or a list or mapping of these"


def dotted(route: Route) -> str:
    """A place in nested data as Python code would reach it.

    >>> dotted(("pipeline", "retrieve", 1, "bm25", "top_k"))
    'pipeline.retrieve[1].bm25.top_k'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route).removeprefix(".")


class PlainData:
    """Turns values into plain data, components among them; what can't be turned is noted, and None in its place.

    Components are written as people write them: one without settings is its name, several of different names are a
    mapping. What is plain already stays as it is.

    Attributes:
        refused: what could not be turned.
    """

    def __init__(self) -> None:
        self.refused: list[Fault] = []

    def section(self, name: str, value: Any) -> Any:
        """A whole section of a search-space file."""
        if name == "pipeline" and isinstance(value, Mapping):
            return {str(stage): self._alternatives(each, (name, str(stage))) for stage, each in value.items()}
        if name == "measures" and isinstance(value, Mapping):
            return {str(each): self._measure(str(each), what, (name, str(each))) for each, what in value.items()}
        return self.plain(value, (name,))

    def plain(self, value: Any, route: Route) -> Any:
        """A value where nothing is known of what it is for."""
        if isinstance(value, VariedComponent | Component):
            return self._named([value], route)
        if isinstance(value, Mapping):
            return {str(name): self.plain(item, (*route, str(name))) for name, item in value.items()}
        if isinstance(value, list | tuple | range):
            return [self.plain(item, (*route, place)) for place, item in enumerate(value)]
        if isinstance(value, str | PurePath):
            return str(value)
        if hasattr(value, "tolist"):  # NumPy's arrays and numbers
            return self.plain(value.tolist(), route)
        if value is None or isinstance(value, bool | int | float):
            return value
        self.refused.append(Fault(f"{PLAIN}; given: {value!r}", dotted(route)))
        return None

    def _alternatives(self, value: Any, route: Route) -> Any:
        """What may fill a stage or a setting."""
        entries = list(value) if isinstance(value, list | tuple) else [value]
        names = [_name(entry) for entry in entries]
        has_components = any(isinstance(entry, VariedComponent | Component) for entry in entries)
        distinct = None not in names and len(set(names)) == len(names)
        return self._named(entries, route) if has_components and distinct else self.plain(value, route)

    def _named(self, entries: list[Any], route: Route) -> Any:
        """Components of different names: by name, with their settings."""
        named = {_name(entry): self._settings(entry, (*route, str(_name(entry)))) for entry in entries}
        bare = list(named)
        if any(named.values()):
            return named
        return bare[0] if len(bare) == 1 else bare

    def _settings(self, entry: Any, route: Route) -> dict[str, Any]:
        if isinstance(entry, Component):
            return written_settings(entry, defaults=False)
        if isinstance(entry, VariedComponent):
            return {name: self._setting(entry, name, (*route, name)) for name in entry.settings}
        return {}

    def _setting(self, of: VariedComponent, name: str, route: Route) -> Any:
        """A setting in the form that its type asks for; of one that does not exist, as it is."""
        value, field = of.settings[name], dict(of.kind.fields()).get(name)
        annotation = field.annotation if field else None
        base = declared.component_base(annotation)
        if base and declared.settles(base) and _name(value) == base.name:
            return self._settings(value, route)
        if base:
            return self._alternatives(value, route)
        if declared.item_base(annotation) and isinstance(value, list | tuple):
            return self._several(value, route)
        return self.plain(value, route)

    def _several(self, value: list[Any] | tuple[Any, ...], route: Route) -> list[Any]:
        """Components in a row, each with alternatives; or a list of such rows to choose from."""
        if value and all(isinstance(items, list | tuple) for items in value):
            return [self._row(items, (*route, place)) for place, items in enumerate(value)]
        return self._row(value, route)

    def _row(self, items: list[Any] | tuple[Any, ...], route: Route) -> list[Any]:
        return [self._alternatives(item, (*route, place)) for place, item in enumerate(items)]

    def _measure(self, name: str, value: Any, route: Route) -> Any:
        """A measure that is called as its kind is has its settings alone."""
        return self._settings(value, route) if _name(value) == name else self.plain(value, route)


def _name(entry: Any) -> str | None:
    """The name of a component, which settings may follow; None of anything else."""
    if isinstance(entry, VariedComponent):
        return entry.kind.name
    if isinstance(entry, Component):
        return entry.name
    return entry if isinstance(entry, str) and entry.isidentifier() else None
