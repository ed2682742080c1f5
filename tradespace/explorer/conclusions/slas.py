"""How the best pipeline changes with the service level: from the shortest bound that anything keeps to the longest that
still buys accuracy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.spelt_out import component_paths_in, spelt_out
from tradespace.explorer.conclusions.split import Shares, SplitPool
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Objective, ServiceLevel

_COMPONENT = re.compile(r"(\w+)\(")
ComponentPaths = Sequence[tuple[str, ...]]
"""Of a pipeline: the name of each component, after the names of those that it is in."""


@dataclass(frozen=True, slots=True)
class SlaStep:
    """From one bound on, a pipeline is the best that keeps it.

    Attributes:
        seconds: the bound: the pipeline's own latency figure.
        accuracy: its first objective.
        shares: what each group of stages takes of what the pipeline takes.
        components: the names of all components in it, in order.
    """

    seconds: float
    pipeline: str
    accuracy: Estimate
    shares: Shares
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArchitectureChange:
    """A bound from which on other components are better than those before, beyond noise.

    Attributes:
        step: the best from that bound on.
        came: names of components that it has and the best before did not, without what these are made of.
        went: of those that it has no more.
        gain: its advantage over the best pipeline of the components before within this bound, paired over questions.
    """

    step: SlaStep
    came: tuple[str, ...]
    went: tuple[str, ...]
    gain: Estimate


@dataclass(frozen=True, slots=True)
class SlaAnswer:
    """The best pipeline for every bound, and where its architecture changes."""

    steps: tuple[SlaStep, ...]
    changes: tuple[ArchitectureChange, ...]


def answer_slas(evaluations: Sequence[Evaluation], objective: Objective, sla: ServiceLevel) -> SlaAnswer:
    """Find the best pipeline for every bound on the service level's latency figure, of equals the fastest.

    Args:
        evaluations: on one choice of questions.
        objective: what is best.
        sla: its figure, and the groups whose shares are told; its own bound has no part in it.
    """
    pool = SplitPool(Cohort(tuple(evaluations)), objective, sla)
    rows, paths = list(_steps(pool)), component_paths(evaluations)
    return SlaAnswer(tuple(_step(pool, row, paths[row]) for row in rows), tuple(_changes(pool, rows, paths)))


def component_paths(evaluations: Sequence[Evaluation]) -> list[ComponentPaths]:
    """The components of each pipeline, in order; those that its notation leaves out, as they are the default, included.
    Each distinct stage is read once."""
    known: dict[str, ComponentPaths] = {}
    return [tuple(dict.fromkeys(_paths(evaluation, known))) for evaluation in evaluations]


def _paths(evaluation: Evaluation, known: dict[str, ComponentPaths]) -> Iterator[tuple[str, ...]]:
    for stage, notation in (evaluation.stages or {"": evaluation.pipeline}).items():
        if notation not in known:
            spelt = tuple(component_paths_in(spelt_out(evaluation.yaml, (stage,))))
            known[notation] = spelt or tuple((name,) for name in _COMPONENT.findall(notation))
        yield from known[notation]


def _names(paths: ComponentPaths) -> dict[str, None]:
    """The names of all components, in order, each once."""
    return dict.fromkeys(path[-1] for path in paths)


def _new(paths: ComponentPaths, before: ComponentPaths) -> tuple[str, ...]:
    """The names of components that were not there before; what a new one is made of goes without saying."""
    known = _names(before)
    return tuple(_names([path for path in paths if [name for name in path if name not in known] == [path[-1]]]))


def _steps(pool: SplitPool) -> Iterator[int]:
    """Positions of pipelines, fastest first, each better than all that are faster."""
    if not len(pool.cohort):
        return
    known = np.flatnonzero(np.isfinite(pool.whole) & np.isfinite(pool.gain))
    best = -np.inf
    for row in sorted(known.tolist(), key=lambda row: (pool.whole[row], -pool.gain[row])):
        if pool.gain[row] > best:
            best = pool.gain[row]
            yield row


def _step(pool: SplitPool, row: int, paths: ComponentPaths) -> SlaStep:
    pipeline, accuracy = pool.cohort.evaluations[row].pipeline, pool.accuracy(row)
    assert accuracy is not None  # its gain is finite
    return SlaStep(float(pool.whole[row]), pipeline, accuracy, pool.shares_of(row), tuple(_names(paths)))


def _changes(pool: SplitPool, rows: Sequence[int], paths: Sequence[ComponentPaths]) -> Iterator[ArchitectureChange]:
    """Each compared with the last architecture that was told: a step that can't be told apart changes nothing."""
    names = [frozenset(_names(own)) for own in paths]
    told = rows[0] if rows else None
    for row in rows[1:]:
        assert told is not None
        if names[row] == names[told]:
            continue
        rival = _best_of(pool, names, names[told], float(pool.whole[row]))
        gain = pool.advantage(row, rival)
        if (gain.low or 0.0) > 0:
            came, went = _new(paths[row], paths[told]), _new(paths[told], paths[row])
            yield ArchitectureChange(_step(pool, row, paths[row]), came, went, gain)
            told = row


def _best_of(pool: SplitPool, names: Sequence[frozenset[str]], components: frozenset[str], seconds: float) -> int:
    """The best pipeline of the same components within a bound."""
    same = [
        row
        for row, own in enumerate(names)
        if own == components and pool.whole[row] <= seconds and np.isfinite(pool.gain[row])
    ]
    return max(same, key=lambda row: (pool.gain[row], -pool.whole[row]))
