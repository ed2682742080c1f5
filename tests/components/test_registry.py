"""Every component is known by name, without importing what it needs to run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tradespace.components.registry import component_class, components, components_of
from tradespace.components.roles import Role
from tradespace.errors import NotationError

SCRIPT = """
import sys
from tradespace.components.registry import component_class, components
required = {
    "path": "package.module.Class", "model": "provider:name", "text": "{{ question }}",
    "steps": (component_class("none")(),), "reranker": component_class("none")(),
}
for component in components().values():
    given = {name: required[name] for name, field in component.fields() if field.is_required() and name in required}
    print(component.name, component(**given).key)
heavy = {"torch", "faiss", "sentence_transformers", "bm25s", "transformers", "langchain_core"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""


def test_names_are_unique_and_lead_to_their_class() -> None:
    """Each listed component is found by its own name, among those of its role."""
    assert components()
    for name, component in components().items():
        assert name == component.name
        assert component_class(name) is component
        assert component in components_of(component.role).values()
    assert {component.role for component in components().values()} == set(Role)


def test_an_unknown_name_suggests_the_nearest() -> None:
    """The error names what was given and what was probably meant."""
    with pytest.raises(NotationError, match=r"no component is called 'bm52'; did you mean 'bm25'"):
        component_class("bm52")


def test_keys_are_stable_and_making_components_imports_nothing_heavy() -> None:
    """Two processes with different hash seeds give every component the same key, and load no model library for it."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=False
        )
        for seed in ("1", "2")
    ]
    assert [run.stderr for run in runs] == ["", ""]
    assert runs[0].stdout == runs[1].stdout
    assert len(runs[0].stdout.splitlines()) == len(components())
