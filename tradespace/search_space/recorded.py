"""The space of a grid that was measured elsewhere, and what its pipelines can be judged by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tradespace.components.base import Component, Pipeline
from tradespace.components.readers.recorded import RecordedReader
from tradespace.components.roles import Role
from tradespace.data.tables import RecordedGrid
from tradespace.errors import InputError, nearest
from tradespace.evals.figures import FIGURES, LATENCIES, USD_PER_1K, Kind, figure_of
from tradespace.search_space.document import dump
from tradespace.search_space.domains import Chosen
from tradespace.search_space.goals import USUAL_LATENCY, Goals, Objective
from tradespace.search_space.tree import ComponentProduct, Leaf, OneOf, PipelineProduct, SettingsRefusedError


@dataclass(frozen=True)
class RecordedProduct(ComponentProduct):
    """Settings that were measured together: of all combinations those that the grid has."""

    measured: tuple[Mapping[str, Any], ...] = ()

    @cached_property
    def size(self) -> int:
        return len(self.measured)

    @cached_property
    def _components(self) -> dict[Component, None]:
        return dict.fromkeys(self.component(**settings) for settings in self.measured)

    def members(self) -> Iterator[Any]:
        return iter(self._components)

    def make(self, parts: dict[str, Any]) -> Component:
        component = super().make(parts)
        if component not in self._components:
            raise SettingsRefusedError(f"{component} was not measured")
        return component

    def parts(self, value: Any) -> Mapping[str, Any] | None:
        return super().parts(value) if value in self._components else None


def recorded_root(grid: RecordedGrid) -> PipelineProduct:
    """The tree of a grid: one stage, whose settings are the columns that tell pipelines apart."""
    names = list(grid.settings[0])
    columns = {name: [settings[name] for settings in grid.settings] for name in names}
    children = {name: Leaf(Chosen(tuple(_distinct(values)))) for name, values in columns.items()}
    product = RecordedProduct(children, RecordedReader, grid.settings)
    return PipelineProduct({Role.GENERATE: OneOf({RecordedReader.name: product})})


def recorded_pipelines(grid: RecordedGrid) -> list[Pipeline]:
    """The pipelines of a grid, in its order."""
    return [Pipeline((RecordedReader(**settings),)) for settings in grid.settings]


def recorded_yaml(pipeline: Pipeline) -> str:
    """What a search-space file of its table is added to explore this one pipeline alone: constraints."""
    return dump(
        {
            "constraints": [
                f"{stage}.{name} == {value!r}"
                for stage, component in pipeline.stages.items()
                for name, value in component.settings.items()
            ]
        }
    )


def recorded_figures(grid: RecordedGrid) -> list[str]:
    """The names of all figures that a grid has: its scores, latencies where it has seconds, and dollars.

    Raises:
        InputError: a column of scores is called as what is measured.
    """
    for name in grid.scores:
        if name in FIGURES:
            raise InputError(f"{grid.name}: {name!r} is no score, but measured; rename the column, or do not use it")
    latencies = [figure.name for figure in LATENCIES] if grid.seconds is not None else []
    return [*grid.scores, *latencies, *([USD_PER_1K.name] if grid.usd is not None else [])]


def recorded_objectives(
    grid: RecordedGrid, maximize: Sequence[str] = (), minimize: Sequence[str] = ()
) -> tuple[Objective, ...]:
    """The objectives of those names; where none is named, all that the grid has figures for.

    Raises:
        InputError: the grid has no figure of that name, or a name is given twice.
    """
    known = recorded_figures(grid)
    named = [*((name, True) for name in maximize), *((name, False) for name in minimize)]
    for name, _ in named:
        if name not in known:
            raise InputError(f"{grid.name} has no figures for the objective {name!r}; {nearest(name, known)}")
        if [other for other, _ in named].count(name) > 1:
            raise InputError(f"the objective {name!r} is given twice; keep one")
    usual = [name for name in known if figure_of(name).kind is not Kind.LATENCY or name == USUAL_LATENCY]
    return tuple(Objective(name, up) for name, up in named or [(name, figure_of(name).maximize) for name in usual])


def missing_figures(grid: RecordedGrid, goals: Goals) -> list[str]:
    """What is wrong with goals whose figures a grid does not have."""
    known = recorded_figures(grid)
    return [
        f"{grid.name} has no figures of {name}, which is an objective or has a bound; {nearest(name, known)}"
        for name in goals.needed
        if name not in known
    ]


def _distinct(values: Sequence[Any]) -> list[Any]:
    """Values in the order in which they first come; True is not 1."""
    return list({repr(value): value for value in values}.values())
