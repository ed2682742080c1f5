"""What holds for every component: it is a value that is compared, hashed, written down and read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from tradespace.components.base import Component
from tradespace.components.notation import parse
from tradespace.components.roles import STAGES, Role

_HOLDERS = {
    Role.EMBEDDER: "dense(embedder={})",
    Role.INDEX: "dense(index={})",
    Role.FUSION: "hybrid(fusion={})",
    Role.LLM: "llm(model={})",
    Role.PROMPT: "llm(prompt={})",
    Role.STRATEGY: "llm(strategy={})",
    Role.EXAMPLES: "llm(prompt=standard(examples={}))",
    Role.TOOL: "agent(tools=({},))",
    Role.VERIFIER: "llm(strategy=best_of_k(verifier={}))",
}


def read_back(component: Component, written: str) -> Component:
    """Parse a component; one that fills no stage is parsed as the setting of one that does."""
    if component.role in STAGES:
        (parsed,) = parse(written)
        return parsed
    (holder,) = parse(_HOLDERS[component.role].format(written))
    return next(part for part in holder.parts() if part.role is component.role)


def bounds(component: Component) -> Iterator[tuple[str, Any, Any]]:
    """Every number setting with its least and greatest value; those that list their values have no bounds."""
    for name, schema in type(component).model_json_schema().get("properties", {}).items():
        if schema.get("type") in {"integer", "number"} and "enum" not in schema:
            bounded = {"minimum", "maximum"} <= schema.keys()
            assert bounded, f"{component.name}: {name} needs a least and a greatest value, as in Field(ge=0, le=1)"
            yield name, schema["minimum"], schema["maximum"]


class ComponentContract:
    """Inherit one of the suites for a role; parametrize `component`."""

    def test_short_and_full_notation_are_read_back(self, component: Component) -> None:
        """A component's notation, short or with every default, is read back as an equal component."""
        assert read_back(component, str(component)) == component
        assert read_back(component, component.full_notation()) == component

    def test_equal_settings_make_equal_components(self, component: Component) -> None:
        """Components with equal settings are equal, hash alike and have the same key."""
        twin = type(component)(**component.settings)
        assert (twin, hash(twin), twin.key) == (component, hash(component), component.key)

    def test_every_setting_shapes_the_key(self, component: Component) -> None:
        """Changing any number setting makes another component; it repeats calls unless the setting is `unkeyed`."""
        for name, least, greatest in bounds(component):
            values = {least, greatest} - {component.settings[name]}
            try:
                other = component.with_settings(**{name: values.pop()})
            except ValidationError:  # the bounds of two settings may depend on each other
                other = component.with_settings(**{name: component.settings[name] + 1})
            assert other != component
            assert (other.key == component.key) is (name in component.unkeyed)

    def test_numbers_outside_their_bounds_are_refused(self, component: Component) -> None:
        """A number below or above its bounds is refused by a message that names the setting."""
        for name, least, greatest in bounds(component):
            for value in (least - 1, greatest + 1):
                with pytest.raises(ValidationError, match=name):
                    component.with_settings(**{name: value})

    def test_unknown_settings_are_refused(self, component: Component) -> None:
        """A setting that the component doesn't have is refused by its name."""
        with pytest.raises(ValidationError, match="colour"):
            component.with_settings(colour="red")

    def test_settings_cannot_be_changed(self, component: Component) -> None:
        """A component is a value: assigning to a setting raises."""
        for name in component.settings:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(component, name, None)

    def test_every_setting_is_described(self, component: Component) -> None:
        """Each setting says what it means; the documentation and the YAML schema are made from that."""
        assert all(field.description for _, field in component.fields())
