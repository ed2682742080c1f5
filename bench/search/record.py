"""Making a recording: every pipeline of a space on all questions, through the ledger."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain

import numpy as np

from bench.search.following import Cell, Follower, Round
from bench.search.grids import recorded_grid
from bench.search.pricing import Seconds, by_component, cheap, dollars, seconds
from bench.search.recording import CACHE, Recording, space_path
from tradespace.components.base import Pipeline
from tradespace.data import load_dataset
from tradespace.evals.measures import Measure, measure
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.running.bill import Bill
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.specification import Specification, load_specification
from tradespace.types import Question

Stages = list[list[Round]]
BLOCK = 20
"""Questions that are run at once."""


def record(name: str) -> Recording:
    """Run all of a space, and keep what came of it. Calls of spaces over the same data are made once for all.

    As many questions are explored as the file says; `confirm` questions tell the truth.
    """
    specification = load_specification(space_path(name))
    if specification.grid:
        looked_up = recorded_grid(specification)
        looked_up.save(CACHE / f"{name}.npz")
        return looked_up
    data = specification.data
    assert data.dataset is not None, "recordings are made of bundled data"
    dataset = load_dataset(data.dataset)
    split = dataset.split(data.explore, data.confirm, data.seed)
    pipelines = list(specification.space.members())
    CACHE.mkdir(parents=True, exist_ok=True)
    with closing(open_ledger(CACHE / "ledger.sqlite")) as ledger:
        opened = OpenedComponents(dataset.documents, CACHE / "artefacts")
        follower = Follower(RecordedCalls(opened, ledger))
        made = _recorded(specification, follower, pipelines, [*split.explore, *split.confirm], len(split.explore))
    made.save(CACHE / f"{name}.npz")
    return made


def _recorded(
    specification: Specification,
    follower: Follower,
    pipelines: list[Pipeline],
    questions: Sequence[Question],
    explore: int,
) -> Recording:
    primary = measure(specification.goals.primary.measure)
    scores, paths, kinds = [], list[Integers](), list[list[Stages]]()
    for start in range(0, len(questions), BLOCK):
        block = questions[start : start + BLOCK]
        made = follower.cells(pipelines, [question.text for question in block])
        for question, cells in zip(block, made, strict=True):
            scores.append(_scores(primary, question, cells))
            path, stages = _distinct(cells)
            paths.append(path)
            kinds.append(stages)
        print(f"\r{len(paths)}/{len(questions)} questions", end="", file=sys.stderr)
    paid = _paid(specification, follower, pipelines)
    by_way = [np.array([paid.figure(way) for way in ways]) for ways in kinds]
    figures = np.stack([figure[path] for figure, path in zip(by_way, paths, strict=True)], axis=1)
    matrix = np.stack(scores, axis=1)
    starts, calls = _calls(paths[:explore], kinds[:explore], len(pipelines))
    alike = _alike(paths[:explore], kinds[:explore], matrix[:, :explore])
    named = _named(paths[:explore], kinds[:explore], paid.cheap)
    prices, flags = (
        paid.prices[: calls.max() + 1],
        paid.cheap[: calls.max() + 1],
    )  # calls of later questions are not sold
    return Recording(
        specification, pipelines, matrix, figures, explore, starts, calls, named, prices, flags, alike, paid.unit
    )


@dataclass(frozen=True)
class Paid:
    """What calls cost, and what a cell comes to whose calls are known."""

    prices: Floats
    cheap: np.ndarray
    figure: Callable[[Stages], float]
    unit: str


def _paid(specification: Specification, follower: Follower, pipelines: Sequence[Pipeline]) -> Paid:
    calls, outcomes = follower.calls, follower.outcomes
    if specification.prices is not None:
        usd = dollars(calls, outcomes, Bill(specification.prices))
        return Paid(usd, np.zeros(len(usd), dtype=bool), lambda way: float(usd[_numbers(way)].sum()), "usd")
    corpus = follower.recorded_calls.corpus(pipelines[0])
    took = seconds(calls, outcomes, follower.recorded_calls.opened_components, corpus)
    for component, places in by_component(calls).items():
        print(f"{component}: {len(places):,} calls, {took.prices[places].sum():.1f} s", file=sys.stderr)
    return Paid(took.prices, cheap(calls, took.prices), lambda way: _latency(way, took), "s")


def _scores(primary: Measure, question: Question, cells: Sequence[Cell]) -> Floats:
    """What each pipeline scores; equal answers are scored once."""
    answers = {cell.answer.text: cell.answer for cell in cells}
    scored = primary.score([question] * len(answers), [None] * len(answers), list(answers.values()))
    by_text = dict(zip(answers, scored, strict=True))
    return np.array([by_text[cell.answer.text] for cell in cells], dtype=float)


def _distinct(cells: Sequence[Cell]) -> tuple[Integers, list[Stages]]:
    """Which of the distinct ways to make calls each pipeline takes, and these ways."""
    ways: dict[tuple[tuple[Round, ...], ...], int] = {}
    path = [ways.setdefault(tuple(map(tuple, cell.stages)), len(ways)) for cell in cells]
    return np.array(path, dtype=np.intp), [[list(stage) for stage in way] for way in ways]


def _latency(way: Stages, took: Seconds) -> float:
    """Stages and rounds add up."""
    return sum(took.of_round(calls) for rounds in way for calls in rounds)


def _numbers(stages: Stages) -> list[int]:
    """The distinct calls, in the order in which they are made."""
    return list(dict.fromkeys(chain.from_iterable(calls for rounds in stages for calls in rounds)))


def _calls(paths: Sequence[Integers], kinds: Sequence[Sequence[Stages]], pipelines: int) -> tuple[Integers, Integers]:
    """Calls of every cell, pipeline after pipeline."""
    numbers = [[np.array(_numbers(way), dtype=np.intp) for way in ways] for ways in kinds]
    cells = [numbers[q][paths[q][n]] for n in range(pipelines) for q in range(len(paths))]
    starts = np.concatenate([[0], np.cumsum([len(cell) for cell in cells])]).astype(np.intp)
    return starts, np.concatenate(cells)


def _named(paths: Sequence[Integers], kinds: Sequence[Sequence[Stages]], is_cheap: np.ndarray) -> Integers:
    """How many dear calls of every cell can be named beforehand: those of the first round that has any."""
    counts = [np.array([_first_dear(way, is_cheap) for way in ways], dtype=np.intp) for ways in kinds]
    return np.stack([count[path] for count, path in zip(counts, paths, strict=True)], axis=1).ravel()


def _first_dear(way: Stages, is_cheap: np.ndarray) -> int:
    rounds = ({call for call in calls if not is_cheap[call]} for stage in way for calls in stage)
    return next((len(dear) for dear in rounds if dear), 0)


def _alike(paths: Sequence[Integers], kinds: Sequence[Sequence[Stages]], scores: Floats) -> Integers:
    """Pipelines that make the same calls on every question, in whatever order, and score the same."""
    columns = [scores.T]
    for path, question in zip(paths, kinds, strict=True):
        sets: dict[frozenset[int], int] = {}
        number = np.array([sets.setdefault(frozenset(_numbers(stages)), len(sets)) for stages in question])
        columns.append(number[path][None, :])
    return np.asarray(np.unique(np.concatenate(columns), axis=1, return_inverse=True)[1]).ravel()
