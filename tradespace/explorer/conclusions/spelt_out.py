"""Pipelines as their YAML spells them out: with the settings and components that a notation leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tradespace.errors import SpaceError
from tradespace.search_space.document import parse_yaml


def spelt_out(yaml: str, route: Sequence[str]) -> Any:
    """What stands at the end of a way through the pipeline of a YAML fragment, as in `Evaluation.yaml`; None where
    nothing does.

    >>> spelt_out("pipeline: {retrieve: {bm25: {top_k: 5}}}", ("retrieve", "bm25", "top_k"))
    5
    """
    try:
        value = parse_yaml(yaml, "pipeline").data
    except SpaceError:
        return None
    for name in ("pipeline", *route):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value


def component_in(value: Any) -> tuple[str, Mapping[str, Any]] | None:
    """A component among plain data: a name that leads to settings."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    name, settings = next(iter(value.items()))
    return (name, settings) if isinstance(settings, Mapping) else None


def component_paths_in(value: Any, around: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of a component and of those that it is made of, each after those that it is in.

    >>> list(component_paths_in({"llm": {"model": {"smollm2": {}}, "strategy": {"cot_at_k": {"k": 8}}}}))
    [('llm',), ('llm', 'smollm2'), ('llm', 'cot_at_k')]
    """
    if component := component_in(value):
        name, value = component
        around = (*around, name)
        yield around
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for each in inside:
        yield from component_paths_in(each, around)
