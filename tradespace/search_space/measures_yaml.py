"""The section `measures`: measures with settings of one's own, each under the name that objectives call it by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from tradespace.components.base import Component
from tradespace.errors import InputError
from tradespace.evals.figures import FIGURES
from tradespace.evals.measures import measure, measures
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.kinds import MEASURE_KINDS, usual_measures
from tradespace.evals.measures.own_function import OwnFunction
from tradespace.search_space.document import Route, YamlDocument
from tradespace.search_space.goals import HigherIsBetter
from tradespace.search_space.reading import SpaceReader

EXAMPLE_MEASURES = "{close: {semantic_similarity: {embedder: minilm}}}"


def read_measures(section: Any, route: Route, document: YamlDocument) -> dict[str, ConfiguredMeasure]:
    """Read the section: by name, those measures in which no fault was found.

    A name is followed by a kind with its settings. Where the name is that of a kind, its settings follow at once; where
    a `path` does, a function of the user's is meant.
    """
    if not isinstance(section, Mapping) or not section:
        document.fault(route, f"must name measures and what they are, such as {EXAMPLE_MEASURES}; given: {section!r}")
        return {}
    read = {name: _measure(name, value, (*route, name), document) for name, value in section.items()}
    return {name: measure for name, measure in read.items() if measure}


def _measure(name: str, value: Any, route: Route, document: YamlDocument) -> ConfiguredMeasure | None:
    if problem := _name_problem(name):
        document.fault(route, f"a measure {problem}; given: {name!r}")
        return None
    made = _configured(name, value, route, SpaceReader(document))
    return made if isinstance(made, ConfiguredMeasure) else None


def _configured(name: str, value: Any, route: Route, reader: SpaceReader) -> Component | None:
    what = f"the measure `{name}`"
    if name in MEASURE_KINDS:
        return reader.settled(MEASURE_KINDS[name], value, route, what)
    if isinstance(value, Mapping) and "path" in value:
        return reader.settled(OwnFunction, value, route, what)
    return reader.single_among(MEASURE_KINDS, value, route, what)


def _name_problem(name: str) -> str | None:
    """What keeps a text from being the name of a measure, as the rest of a sentence."""
    if not name.isidentifier():
        return "needs a name of letters, digits and _, so that limits and utilities can hold it"
    if name in FIGURES:
        return "must have another name than what is measured"
    return "must have another name than one that has no settings" if name in measures() else None


def known_measures(stated: Mapping[str, ConfiguredMeasure]) -> dict[str, ConfiguredMeasure]:
    """By name, the measures with settings that a space knows: those that it states, and kinds that need no setting.

    >>> known_measures({})["rouge_l"]
    rouge_l()
    """
    usual = {name: measure for name, measure in usual_measures().items() if name not in measures()}
    return {**usual, **stated}


def natural_direction(name: str) -> bool:
    """Whether more of a measure is better, by its name.

    Raises:
        InputError: there is no such measure.
    """
    return measure(name).maximize


def directions(
    known: Mapping[str, ConfiguredMeasure], others: HigherIsBetter, faulty: Collection[str] = ()
) -> HigherIsBetter:
    """The natural direction of known measures with settings, and of all others; of `faulty` ones, any: what is wrong
    with them is told where they are stated."""

    def of(name: str) -> bool:
        if name in known:
            return known[name].measure(name).maximize
        if name in faulty:
            return True
        try:
            return others(name)
        except InputError as error:
            meant = "".join(f"did you mean {match!r}? " for match in get_close_matches(name, known, n=1))
            raise InputError(f"{error}; with settings: {meant}{', '.join(known)}") from None

    return of
