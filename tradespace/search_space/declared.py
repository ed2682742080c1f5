"""What a component's declared setting can hold, read from its type annotation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, get_args, get_origin

from pydantic import JsonValue, ValidationError
from pydantic_core import ErrorDetails

from tradespace.components.base import Component
from tradespace.components.registry import components
from tradespace.files import GivenAsFile


def component_base(annotation: Any) -> type[Component] | None:
    """The class of components that a setting holds; None if it holds plain values."""
    return next((kind for kind in _kinds(annotation) if isinstance(kind, type) and issubclass(kind, Component)), None)


def settles(base: type[Component]) -> bool:
    """Whether the class leaves no choice: its settings then stand alone in YAML, without its name."""
    return list(fitting(base).values()) == [base]


def item_base(annotation: Any) -> type[Component] | None:
    """The class of the components in a setting that holds several; None if it holds no such thing."""
    sequences = (kind for kind in _kinds(annotation) if _is(kind, Sequence))
    return next((base for kind in sequences for item in get_args(kind) if (base := component_base(item))), None)


def is_sequence(annotation: Any) -> bool:
    """Whether one value of the setting is a list."""
    return any(_is(kind, Sequence) for kind in _kinds(annotation))


def is_mapping(annotation: Any) -> bool:
    """Whether one value of the setting is a mapping."""
    return any(_is(kind, Mapping) for kind in _kinds(annotation))


def number(annotation: Any, bounds: Sequence[Any]) -> type[int] | type[float] | None:
    """The kind of numbers that the setting takes, None if none. Where it takes anything, the given ones say."""
    kinds = _kinds(annotation)
    if Any in kinds or JsonValue in kinds:
        return float if any(isinstance(bound, float) for bound in bounds) else int
    return next((kind for kind in (float, int) if kind in kinds), None)


def mapping_values(annotation: Any) -> Any:
    """The type of the values of a mapping."""
    arguments = next((get_args(kind) for kind in _kinds(annotation) if _is(kind, Mapping)), ())
    return arguments[1] if len(arguments) > 1 else Any


def given_as_file(component: type[Component]) -> dict[str, str]:
    """The settings that may be given as the path of a file, by what is written in their place."""
    return {
        mark.name: name
        for name, field in component.fields()
        for mark in field.metadata
        if isinstance(mark, GivenAsFile)
    }


def main_setting(component: type[Component]) -> str | None:
    """The setting that `name:text` stands for: the only one that must be given, if it is text."""
    required = [(name, field) for name, field in component.fields() if field.is_required()]
    return required[0][0] if len(required) == 1 and required[0][1].annotation is str else None


def fitting(base: type[Component]) -> dict[str, type[Component]]:
    """The registered components that are of this class, by name."""
    return {name: component for name, component in components().items() if issubclass(component, base)}


def validated_setting(component: type[Component], setting: str, value: Any) -> tuple[Any, list[str]]:
    """A setting's value as the component would hold it, and what is wrong with it alone.

    YAML holds the same kinds of values as JSON, so pydantic's strict JSON rules say which types fit: no text for a
    number, no truth value for a count. Faults that lie in other settings, or between settings, are not looked at here.
    """
    try:
        return getattr(
            component.model_validate_json(json.dumps({setting: value}, default=str), strict=True), setting
        ), []
    except ValidationError as error:
        return value, [explained(detail) for detail in error.errors() if detail["loc"][:1] == (setting,)]


def explained(detail: ErrorDetails) -> str:
    """One of pydantic's error messages in our form: what must hold, what was given. A text of several lines is not
    given back.

    >>> explained({"type": "", "loc": (), "msg": "Input should be greater than 0", "input": -1})
    'must be greater than 0; given: -1'
    """
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    return message if "\n" in str(detail["input"]) else f"{message}; given: {detail['input']!r}"


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, with annotations taken off."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _kinds(get_args(annotation)[0])
    if origin is not None and not isinstance(origin, type):
        return tuple(kind for member in get_args(annotation) for kind in _kinds(member))
    if origin is not None and origin.__name__ in {"UnionType", "Union"}:
        return tuple(kind for member in get_args(annotation) for kind in _kinds(member))
    return (annotation,)


def _is(kind: Any, wanted: type) -> bool:
    holder = get_origin(kind) or kind
    return isinstance(holder, type) and issubclass(holder, wanted) and not issubclass(holder, str | bytes)
