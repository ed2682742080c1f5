"""What Python code says of a space, as the plain data that YAML holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from tradespace.components.base import Component
from tradespace.errors import Fault
from tradespace.parts import VariedComponent
from tradespace.search_space import declared
from tradespace.search_space.document import Route
from tradespace.search_space.pipeline_yaml import written_settings

PLAIN = "must be a component, text, a number, true, false or None, or a list or mapping of these"


def dotted(route: Route) -> str:
    """A place in nested data as Python code would reach it.

    >>> dotted(("pipeline", "retrieve", 1, "bm25", "top_k"))
    'pipeline.retrieve[1].bm25.top_k'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in route).removeprefix(".")


class PlainData:
    """Turns values into plain data, components among them; what can't be turned is noted, and None stands in its place.

    Components are written as people write them: one without settings is its name, and several of different names are
    one mapping. What is plain already stays as it is.

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
            return {str(measure): self._measure(str(measure), each) for measure, each in value.items()}
        return self.plain(value, (name,))

    def plain(self, value: Any, route: Route) -> Any:
        """A value of which it is not known what it is for."""
        value = value.tolist() if hasattr(value, "tolist") else value  # NumPy's arrays and numbers
        if _is_component(value):
            return self._by_name([value], route)
        if isinstance(value, Mapping):
            return {str(name): self.plain(item, (*route, str(name))) for name, item in value.items()}
        if isinstance(value, list | tuple | range):
            return [self.plain(item, (*route, place)) for place, item in enumerate(value)]
        if isinstance(value, str | PurePath):
            return str(value)
        if value is None or isinstance(value, bool | int | float):
            return value
        self.refused.append(Fault(f"{PLAIN}; given: {value!r}", dotted(route)))
        return None

    def _alternatives(self, value: Any, route: Route) -> Any:
        """What may fill a stage or a setting."""
        entries = list(value) if isinstance(value, list | tuple) else [value]
        names = [_name(entry) for entry in entries]
        by_name = None not in names and len(set(names)) == len(names) and any(map(_is_component, entries))
        return self._by_name(entries, route) if by_name else self.plain(value, route)

    def _by_name(self, entries: Sequence[Any], route: Route) -> Any:
        """Components of different names, followed by their settings where any has some."""
        settings = {str(_name(entry)): self._settings(entry, (*route, str(_name(entry)))) for entry in entries}
        names = list(settings)
        return settings if any(settings.values()) else names[0] if len(names) == 1 else names

    def _settings(self, entry: Any, route: Route) -> dict[str, Any]:
        """The settings that a component is given; none where it stands by its name alone."""
        if isinstance(entry, Component):
            return written_settings(entry, defaults=False)
        if isinstance(entry, VariedComponent):
            settings = entry.settings.items()
            return {name: self._setting(entry.kind, name, value, (*route, name)) for name, value in settings}
        return {}

    def _setting(self, kind: type[Component], name: str, value: Any, route: Route) -> Any:
        """A setting in the form that its type asks for; of one that does not exist, as it is."""
        annotation = {each: field.annotation for each, field in kind.fields()}.get(name)
        base = declared.component_base(annotation)
        if base and declared.settles(base) and _is_component(value) and _name(value) == base.name:
            return self._settings(value, route)
        if base:
            return self._alternatives(value, route)
        if declared.item_base(annotation) and isinstance(value, list | tuple):
            return self._several(value, route)
        return self.plain(value, route)

    def _several(self, value: Sequence[Any], route: Route) -> list[Any]:
        """Components in a row, each with alternatives; or a list of such rows to choose from."""
        if value and all(isinstance(items, list | tuple) for items in value):
            return [self._row(items, (*route, place)) for place, items in enumerate(value)]
        return self._row(value, route)

    def _row(self, items: Sequence[Any], route: Route) -> list[Any]:
        return [self._alternatives(item, (*route, place)) for place, item in enumerate(items)]

    def _measure(self, name: str, value: Any) -> Any:
        """A measure; one that is called as its kind is has its settings alone."""
        route, stands_alone = ("measures", name), _is_component(value) and _name(value) == name
        return self._settings(value, route) if stands_alone else self.plain(value, route)


def _is_component(value: Any) -> bool:
    return isinstance(value, VariedComponent | Component)


def _name(entry: Any) -> str | None:
    """The name of a component, which settings may follow; None of anything else."""
    if isinstance(entry, VariedComponent):
        return entry.kind.name
    if isinstance(entry, Component):
        return entry.name
    return entry if isinstance(entry, str) and entry.isidentifier() else None
