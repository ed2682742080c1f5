"""Components with settings as YAML writes them: alternatives that overlap nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from tradespace.components.registry import COMPONENTS
from tradespace.errors import SpaceError
from tradespace.search_space import declared
from tradespace.search_space.domains import same_value

Alternative = tuple[str, Mapping[str, Any]]
"""A component by its name, with one value of each setting that is given."""
MOST_ALTERNATIVES = 10_000


def combinations(name: str, settings: Mapping[str, Sequence[Any]]) -> list[Alternative]:
    """The component with every combination of values.

    >>> combinations("bm25", {"k1": [0.9, 1.2], "top_k": [5]})
    [('bm25', {'k1': 0.9, 'top_k': 5}), ('bm25', {'k1': 1.2, 'top_k': 5})]
    """
    if prod(map(len, settings.values())) > MOST_ALTERNATIVES:
        raise SpaceError(f"{name} would have more than {MOST_ALTERNATIVES:,} combinations of settings: give it fewer")
    return [(name, dict(zip(settings, values, strict=True))) for values in product(*settings.values())]


def written(alternatives: Iterable[Alternative]) -> Any:
    """What may fill a stage or a setting, as YAML has it: each alternative once, with lists where values vary.

    >>> written([("bm25", {"top_k": 5}), ("bm25", {"top_k": 10}), ("dense", {}), ("bm25", {"top_k": 5})])
    {'bm25': {'top_k': [5, 10]}, 'dense': {}}
    >>> written([("mmr", {"keep": 5}), ("mmr", {"relevance_weight": 0.5})])
    [{'mmr': {'keep': 5, 'relevance_weight': 0.7}}, {'mmr': {'keep': 3, 'relevance_weight': 0.5}}]
    """
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for name, settings in alternatives:
        by_name.setdefault(name, []).append(settings)
    entries = [(name, entry) for name, settings in by_name.items() for entry in _entries(name, settings)]
    if len(entries) == len(by_name):
        return dict(entries)
    return [{name: settings} for name, settings in entries]


def values_of(component: str, setting: str, values: Iterable[Any]) -> tuple[list[Any], str]:
    """Those values that a setting takes, each once, and what is wrong with the first of the others."""
    taken: list[Any] = []
    problem = ""
    for value in values:
        checked, problems = declared.validated_setting(COMPONENTS[component], setting, value)
        if problems:
            problem = problem or problems[0]
        elif not any(same_value(checked, earlier) for earlier in taken):
            taken.append(checked)
    return taken, problem


def _entries(name: str, given: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As few entries with lists of values as it takes; a setting that some have not has its default there."""
    fields = dict(COMPONENTS[name].fields())
    settings = dict.fromkeys(setting for one in given for setting in one)
    return _split(
        _distinct({setting: one.get(setting, fields[setting].default) for setting in settings} for one in given)
    )


def _split(distinct: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """One entry if it is all combinations of values, else entries for each value of a setting that has fewest."""
    values = {setting: _distinct(one[setting] for one in distinct) for setting in distinct[0]}
    if len(distinct) == prod(map(len, values.values())):
        return [{setting: several if len(several) > 1 else several[0] for setting, several in values.items()}]
    divided = min((setting for setting in values if len(values[setting]) > 1), key=lambda setting: len(values[setting]))
    groups = ([one for one in distinct if one[divided] == value] for value in values[divided])
    return [entry for group in groups for entry in _split(group)]


def _distinct(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found
