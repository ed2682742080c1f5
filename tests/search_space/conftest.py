"""The small components in place of the real ones, and a short way to read a space of them."""

from __future__ import annotations

import pytest

from tests.search_space.small import EVERY, Read
from tradespace.components import notation, registry
from tradespace.components.base import Component
from tradespace.components.roles import Role
from tradespace.search_space import declared, reading, schema
from tradespace.search_space.specification import Specification, load_text


@pytest.fixture
def small_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the small components in place of the real ones."""
    by_name = {component.name: component for component in EVERY}

    def of_role(role: Role) -> dict[str, type[Component]]:
        return {name: component for name, component in by_name.items() if component.role is role}

    monkeypatch.setattr(registry, "components", lambda: by_name)
    monkeypatch.setattr(declared, "components", lambda: by_name)
    monkeypatch.setattr(reading, "components_of", of_role)
    monkeypatch.setattr(schema, "components_of", of_role)
    monkeypatch.setattr(schema, "components", lambda: by_name)
    monkeypatch.setattr(notation, "component_class", by_name.__getitem__)


@pytest.fixture
def read(small_registry: None) -> Read:
    """Read the `pipeline` section given as text; other sections can be given, or replaced, by name."""

    def read(stages: str, **sections: str) -> Specification:
        sections = {"name": "small", "data": "{dataset: wikipedia}", "objectives": "{f1: maximize}", **sections}
        indented = "\n".join(f"  {line}" for line in stages.strip().splitlines())
        rest = "\n".join(f"{name}: {section}" for name, section in sections.items() if section)
        return load_text(f"pipeline:\n{indented}\n{rest}\n", "space.yaml")

    return read
