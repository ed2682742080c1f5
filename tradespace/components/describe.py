"""Writes the page of all components: `python -m tradespace.components.describe > docs/components.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, get_args

from tradespace.components.base import Component
from tradespace.components.registry import components_of
from tradespace.components.roles import Role

_INTRODUCTION = """\
# Components

What a pipeline can be made of, with every setting. This page is written from the classes themselves by
`python -m tradespace.components.describe > docs/components.md`.

In YAML a stage or a setting names the components that may fill it, and each of their settings is a value, a list of
values, or a range; see the search space. A setting left out has its default.
"""

_KINDS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "object": "mapping",
    "array": "list",
    "boolean": "true or false",
    "null": "nothing",
}


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([_INTRODUCTION, *(line for role in Role for line in _section(role))])


def _section(role: Role) -> Iterator[str]:
    yield f"## {role.meaning}\n"
    for component in components_of(role).values():
        yield f"### `{component.name}`\n"
        yield f"{_source(component)}\n\n{inspect.getdoc(component)}\n"
        yield from settings_table(component)


def _source(component: type[Component]) -> str:
    module = inspect.getdoc(inspect.getmodule(component)) or ""
    return module.split("\n\n", maxsplit=1)[0]


def settings_table(component: type[Component]) -> Iterator[str]:
    """The settings of a component as lines of Markdown: what each may be, is if it is left out, and means."""
    fields = component.fields()
    if not fields:
        yield "No settings.\n"
        return
    schema = component.model_json_schema()["properties"]
    yield "| setting | values | default | meaning |\n|---|---|---|---|"
    for name, field in fields:
        values = _values(field.annotation, schema[name])
        default = "(must be given)" if field.is_required() else f"`{field.get_default(call_default_factory=True)!r}`"
        yield f"| `{name}` | {values} | {default} | {field.description} |"
    yield ""


def _values(annotation: Any, schema: dict[str, Any]) -> str:
    """What a setting may be, in words."""
    if inspect.isclass(annotation) and issubclass(annotation, Component):
        return f"`{annotation.name}`" if hasattr(annotation, "name") else f"any {annotation.role}"
    if "anyOf" in schema:
        kinds = zip_longest(get_args(annotation), schema["anyOf"])
        return " or ".join(_values(kind, choice) for kind, choice in kinds)
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    kind = _KINDS[schema["type"]]
    bounds = f" from {schema['minimum']} to {schema['maximum']}" if "minimum" in schema else ""
    return kind + bounds


if __name__ == "__main__":
    print(page(), end="")
