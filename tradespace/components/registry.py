"""Every component by name. A new one of ours joins through the list in its folder's `__init__`; a user's, by entry
point or `tradespace.register` (docs/extending.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import isabstract
from keyword import iskeyword
from typing import Any

from pydantic.errors import PydanticUserError

from tradespace.components.base import Component
from tradespace.components.roles import Role
from tradespace.errors import Fault, NotationError
from tradespace.registry import Registry


def _shipped() -> Iterator[type[Component]]:
    for role in Role:
        folder = import_module(f"tradespace.components.{role.folder}")
        yield from getattr(folder, role.folder.rpartition(".")[2].upper())


def _problem(entry: Any) -> str | None:
    """Why something cannot be chosen by name as a component, as the rest of a sentence."""
    if not (isinstance(entry, type) and issubclass(entry, Component)):
        return "must be a class derived from Component"
    if isabstract(entry):
        return f"must define {', '.join(sorted(entry.__abstractmethods__))}"
    if not isinstance(getattr(entry, "role", None), Role):
        return f"needs a class attribute `role`, one of {', '.join(Role)}; a base class such as Retriever has it"
    name = getattr(entry, "name", None)
    if not (isinstance(name, str) and name.isidentifier() and not iskeyword(name)):
        return f"needs a class attribute `name` of letters, digits and _, by which it is written; its name is {name!r}"
    return unwritable_settings(entry)


def unwritable_settings(entry: type[Component]) -> str | None:
    """Why settings can't be written in YAML, as the rest of a sentence about what has them."""
    try:
        entry.model_json_schema()
    except PydanticUserError as error:
        return f"has settings that no YAML can hold: {error.message}"
    return None


COMPONENTS: Registry[type[Component]] = Registry("component", "tradespace.components", _shipped, _problem)


def components() -> Mapping[str, type[Component]]:
    """All component classes by name."""
    return COMPONENTS


def components_of(role: Role) -> dict[str, type[Component]]:
    """The component classes that can fill a role, by name."""
    return {name: component for name, component in components().items() if component.role is role}


def component_class(name: str) -> type[Component]:
    """The component class of that name.

    Raises:
        NotationError: there is none.
    """
    try:
        return components()[name]
    except KeyError:
        raise NotationError([Fault(f"no component is called {name!r}; {COMPONENTS.instead(name)}")]) from None


def words_of_components() -> dict[str, str]:
    """What components say of themselves in plain words (`Component.in_words`), by name; those that say something."""
    return {name: component.in_words for name, component in components().items() if component.in_words}
