"""A pipeline written as YAML that reads back as the space of this one pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import to_jsonable_python

from tradespace.components.base import Component, Pipeline
from tradespace.search_space import declared
from tradespace.search_space.document import dump


def pipeline_yaml(pipeline: Pipeline) -> str:
    """The `pipeline` section of a search-space file, with every setting spelt out."""
    return dump({"pipeline": pipeline_section(pipeline)})


def pipeline_section(pipeline: Pipeline) -> dict[str, Any]:
    """The same section as plain data."""
    return {stage: {component.name: written_settings(component)} for stage, component in pipeline.stages.items()}


def written_settings(component: Component, *, defaults: bool = True) -> dict[str, Any]:
    """The settings of a component as plain data: all of them, or without those that have their defaults."""
    spelt = component.settings if defaults else component.chosen_settings
    annotations = {name: field.annotation for name, field in component.fields()}
    return {name: _written(value, annotations[name], defaults=defaults) for name, value in spelt.items()}


def _written(value: Any, annotation: Any, *, defaults: bool) -> Any:
    if isinstance(value, Component):
        base, settings = declared.component_base(annotation), written_settings(value, defaults=defaults)
        return settings if base and declared.settles(base) else {value.name: settings}
    if isinstance(value, tuple | list) and any(isinstance(item, Component) for item in value):
        return [{item.name: written_settings(item, defaults=defaults)} for item in value]
    if isinstance(value, Mapping):
        return {name: _fixed(to_jsonable_python(item)) for name, item in value.items()}
    return _fixed(to_jsonable_python(value), is_list=declared.is_sequence(annotation))


def _fixed(value: Any, is_list: bool = False) -> Any:
    """A value that would be read as choices or as a range stands as the only choice of a list."""
    plain_list = is_list and isinstance(value, list) and not all(isinstance(item, list) for item in value)
    return [value] if isinstance(value, list | dict) and not plain_list else value
