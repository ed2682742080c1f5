"""Settings that a YAML file gives as the paths of files: what the files hold takes their place.

A space is then whole in itself. A study keeps it with the texts, so that it can be moved, and nobody who opens one
reads a file that it names; and a text that was changed makes another space, whatever its file is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tradespace.components.base import Component
from tradespace.components.registry import components
from tradespace.errors import Fault, FileError
from tradespace.evals.measures.kinds import MEASURE_KINDS
from tradespace.files import expanded, read_text
from tradespace.search_space import declared
from tradespace.search_space.document import Route, YamlDocument, dump

MOST_TEXT_BYTES = 2**20
SECTIONS_OF_COMPONENTS = ("pipeline", "measures")


def with_text_files(document: YamlDocument, folder: Path) -> YamlDocument:
    """The document with the texts of its files, whose paths are relative to `folder`; faults in them are noted."""
    if not isinstance(document.data, Mapping):
        return document
    reading = _Reading(document, folder)
    named = [section for section in SECTIONS_OF_COMPONENTS if section in document.data]
    whole = {section: reading.whole(document.data[section], (section,)) for section in named}
    if not reading.found:
        return document
    data = {**document.data, **whole}
    return replace(document, data=data, text=dump(data), lines={**document.lines, **reading.lines})


class _Reading:
    """Goes through a section, and reads the files that components are given."""

    def __init__(self, document: YamlDocument, folder: Path) -> None:
        self.document, self.folder = document, folder
        self.lines: dict[Route, int] = {}
        self.found = False

    def whole(self, value: Any, route: Route, component: type[Component] | None = None) -> Any:
        """A value below `route`, which are the settings of `component` where it is given."""
        if isinstance(value, list):
            return [self.whole(item, (*route, place)) for place, item in enumerate(value)]
        if not isinstance(value, Mapping):
            return value
        given = declared.given_as_file(component) if component else {}
        return dict(self._entries(value, route, component, given))

    def _entries(
        self, value: Mapping[str, Any], route: Route, component: type[Component] | None, given: Mapping[str, str]
    ) -> Iterator[tuple[str, Any]]:
        for name, item in value.items():
            place = (*route, name)
            if component and name in given:
                setting = given[name]
                if setting in value:
                    self._refuse(place, f"`{setting}` is given as well; keep one of the two")
                self.found = True
                self._note(place, (*route, setting), item)
                yield setting, self._contents(component, setting, item, place)
            else:
                yield name, self.whole(item, place, components().get(name) or MEASURE_KINDS.get(name))

    def _note(self, place: Route, instead: Route, item: Any) -> None:
        """What stands in the place of a path is found in its line."""
        for end in ((), *((number,) for number in range(len(item) if isinstance(item, list) else 0))):
            if (*place, *end) in self.document.lines:
                self.lines[*instead, *end] = self.document.lines[*place, *end]

    def _contents(self, component: type[Component], setting: str, item: Any, place: Route) -> Any:
        if isinstance(item, list):
            return [self._content(component, setting, path, (*place, number)) for number, path in enumerate(item)]
        return self._content(component, setting, item, place)

    def _content(self, component: type[Component], setting: str, path: Any, place: Route) -> str:
        if not isinstance(path, str) or not path:
            self._refuse(place, f"must be the path of a file that holds the text; given: {path!r}")
            return ""
        try:
            text = read_text(self.folder / expanded(path), MOST_TEXT_BYTES)
        except FileError as error:
            self._refuse(place, f"{error} (paths are relative to {self.folder.absolute()})")
            return ""
        for problem in declared.validated_setting(component, setting, text)[1]:
            self._refuse(place, f"{path}: {problem}")
        return text

    def _refuse(self, place: Route, message: str) -> None:
        fault = Fault(message, self.document.where(place))
        self.document.faults.append(fault)
        self.document.refused.append(fault)
