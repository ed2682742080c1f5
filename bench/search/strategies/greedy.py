"""Coordinate searches: one part of the pipeline after the other, the best of each is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bench.search.market import Market
from tradespace.components.base import Component, Pipeline
from tradespace.explorer.arrays import Integers


def by_stage(market: Market, seed: int) -> None:
    """Stage after stage, as AutoRAG does (Kim et al. 2024); begins again elsewhere until all is known."""
    numbered = _coordinates(market)
    _sweep(market, seed, numbered, Turns([[column] for column in range(numbered.shape[1])]))


def model_first(market: Market, seed: int) -> None:
    """The same from the last stage to the first."""
    numbered = _coordinates(market)
    _sweep(market, seed, numbered, Turns([[column] for column in reversed(range(numbered.shape[1]))]))


def by_turns(market: Market, seed: int) -> None:
    """Retriever and generator by turns, a few options of one while the other stays (CDS4RAG)."""
    numbered = _coordinates(market)
    half = max(1, numbered.shape[1] - 1)
    _sweep(market, seed, numbered, Turns([range(half), range(half, numbered.shape[1])] * 3, most=8))


@dataclass(frozen=True)
class Turns:
    """Groups of coordinates that are varied one after the other, and how many options are tried of each at most."""

    groups: Sequence[Sequence[int]]
    most: int | None = None


def _sweep(market: Market, seed: int, numbered: Integers, turns: Turns) -> None:
    """From random beginnings: for each group of coordinates in turn, go to the best that differs in these alone."""
    generator = np.random.default_rng(seed)
    known: dict[int, tuple[float, float]] = {}
    for start in generator.permutation(market.pipelines):
        row = int(start)
        if row in known:
            continue
        for group in turns.groups:
            options = generator.permutation(_options(numbered, row, group))[: turns.most].tolist()
            for option in [row, *options]:
                if option not in known:
                    known[option] = market.evaluate(option)
            row = _best(market, known, [row, *options])


def _options(numbered: Integers, row: int, group: Sequence[int]) -> Integers:
    """The pipelines that differ from one in a group of coordinates at most."""
    others = [column for column in range(numbered.shape[1]) if column not in group]
    return np.flatnonzero((numbered[:, others] == numbered[row, others]).all(axis=1))


def _best(market: Market, known: dict[int, tuple[float, float]], rows: Sequence[int]) -> int:
    """The best score that keeps the bound, or else the cheapest."""
    bound = market.recording.bound
    kept = [row for row in rows if known[row][1] <= bound]
    return max(kept, key=lambda row: known[row][0]) if kept else min(rows, key=lambda row: known[row][1])


def _coordinates(market: Market) -> Integers:
    """Numbered once for all runs on the same pipelines."""
    return coordinates(tuple(market.recording.pipelines))


@lru_cache(maxsize=2)
def coordinates(pipelines: tuple[Pipeline, ...]) -> Integers:
    """What each pipeline has at each stage, as numbers; where there is one stage only, by its settings."""
    stages = len(pipelines[0].stages) > 1
    rows = [_stages(pipeline) if stages else dict(_settings("", pipeline.components[0])) for pipeline in pipelines]
    names = dict.fromkeys(name for row in rows for name in row)
    numbered = [np.unique([row.get(name, "") for row in rows], return_inverse=True)[1] for name in names]
    return np.stack(numbered, axis=1).astype(np.intp)


def _stages(pipeline: Pipeline) -> dict[str, str]:
    return {name: repr(component) for name, component in pipeline.stages.items()}


def _settings(path: str, component: Component) -> Iterator[tuple[str, str]]:
    yield path, component.name
    for name, value in component.settings.items():
        if isinstance(value, Component):
            yield from _settings(f"{path}.{name}", value)
        else:
            yield f"{path}.{name}", repr(value)
