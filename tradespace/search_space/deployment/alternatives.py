"""Reading settings that have one value or a list of alternatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradespace.errors import nearest
from tradespace.search_space.deployment.settings import DeploymentSetting
from tradespace.search_space.document import Route, YamlDocument


def alternatives(
    settings: Sequence[DeploymentSetting], section: Mapping[str, Any], route: Route, what: str, document: YamlDocument
) -> dict[str, list[Any]]:
    """The alternatives of each setting, in the order of the settings; the usual one where none is given or readable."""
    check_names(section, [setting.name for setting in settings], route, what, document)
    return {
        each.name: _read(each, section.get(each.name, ()), (*route, each.name), document) or [each.usual]
        for each in settings
    }


def check_names(
    section: Mapping[str, Any], valid: Sequence[str], route: Route, what: str, document: YamlDocument
) -> None:
    """Note names that nothing at this place has."""
    for name in section:
        if name not in valid:
            document.fault((*route, name), f"{what} has no {name!r}; {nearest(name, valid)}")


def _read(setting: DeploymentSetting, value: Any, route: Route, document: YamlDocument) -> list[Any]:
    if value == []:
        document.fault(route, f"`{setting.name}` must have at least one value: {setting.what}")
    read: list[Any] = []
    for place, each in enumerate(value if isinstance(value, list | tuple) else [value]):
        try:
            found = setting.read(each)
        except ValueError as error:
            document.fault((*route, place), f"`{setting.name}` {error}")
            continue
        if found in read:
            document.fault((*route, place), f"{each!r} is listed twice; keep one")
        read.append(found)
    return read
