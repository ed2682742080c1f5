"""How the best pipeline changes with the service level: from the shortest bound that anything keeps to the longest that
still buys accuracy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.split import Shares, SplitPool
from tradespace.explorer.results import Evaluation
from tradespace.search_space.goals import Objective, ServiceLevel

_COMPONENT = re.compile(r"(\w+)\(")


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
        came: names of components that it has and the best before did not.
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
    rows = list(_steps(pool))
    return SlaAnswer(tuple(_step(pool, row) for row in rows), tuple(_changes(pool, rows)))


def component_names(pipeline: str) -> tuple[str, ...]:
    """The names of all components in a pipeline's notation, in order, each once.

    >>> component_names("bm25(top_k=5) >> llm(model=tiny_reasoner(), strategy=cot_at_k(k=8))")
    ('bm25', 'llm', 'tiny_reasoner', 'cot_at_k')
    """
    return tuple(dict.fromkeys(_COMPONENT.findall(pipeline)))


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


def _step(pool: SplitPool, row: int) -> SlaStep:
    pipeline, accuracy = pool.cohort.evaluations[row].pipeline, pool.accuracy(row)
    assert accuracy is not None  # its gain is finite
    return SlaStep(float(pool.whole[row]), pipeline, accuracy, pool.shares_of(row), component_names(pipeline))


def _changes(pool: SplitPool, rows: Sequence[int]) -> Iterator[ArchitectureChange]:
    """Each compared with the last architecture that was told: a step that can't be told apart changes nothing."""
    names = [component_names(each.pipeline) for each in pool.cohort.evaluations]
    told = rows[0] if rows else None
    for row in rows[1:]:
        assert told is not None
        if set(names[row]) == set(names[told]):
            continue
        rival = _best_of(pool, names, names[told], float(pool.whole[row]))
        gain = pool.advantage(row, rival)
        if (gain.low or 0.0) > 0:
            came, went = (tuple(n for n in a if n not in b) for a, b in _both_ways(names[row], names[told]))
            yield ArchitectureChange(_step(pool, row), came, went, gain)
            told = row


def _both_ways(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return (one, other), (other, one)


def _best_of(pool: SplitPool, names: Sequence[tuple[str, ...]], components: tuple[str, ...], seconds: float) -> int:
    """The best pipeline of the same components within a bound."""
    same = [
        row
        for row, own in enumerate(names)
        if set(own) == set(components) and pool.whole[row] <= seconds and np.isfinite(pool.gain[row])
    ]
    return max(same, key=lambda row: (pool.gain[row], -pool.whole[row]))
