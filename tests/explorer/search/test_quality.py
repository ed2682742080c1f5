"""Whether searching pays: tpe and nsga2 against random draws, on a space whose frontier is known."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

import numpy as np
import pytest
from optuna._hypervolume import compute_hypervolume

from tradespace.components.base import Pipeline
from tradespace.explorer.search import search_algorithm
from tradespace.search_space.goals import Goals, ServiceLevel
from tradespace.search_space.sections import NamedSearch
from tradespace.testing.synthetic_space import SLA, STAGES_YAML, measured, specification

REFERENCE = np.array([-0.6, SLA])
"""No answer counts that is less accurate than 0.6 or slower than the SLA."""


def hypervolume(pipelines: Iterable[Pipeline]) -> float:
    """The area that pipelines dominate, up to the reference point."""
    figures = (measured(pipeline).figures for pipeline in pipelines)
    losses = np.array([[-figure["accuracy"], figure["latency_p95"]] for figure in figures])
    return float(compute_hypervolume(losses[(losses < REFERENCE).all(axis=1)], REFERENCE))


def share_found(name: str, seed: int, pipelines: int = 96) -> float:
    """The share of the true frontier's hypervolume after so many pipelines."""
    wanted = specification(STAGES_YAML)
    search = search_algorithm(NamedSearch(name)).start(wanted.space, wanted.goals, seed)
    asked: list[Pipeline] = []
    while len(asked) < pipelines:
        proposed = [step.pipeline for step in search.ask(8)]
        for pipeline in proposed:
            search.tell(pipeline, measured(pipeline))
        asked += proposed
    return hypervolume(asked) / hypervolume(wanted.space.members())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tpe", "nsga2"])
def test_searching_beats_random_draws(name: str) -> None:
    """On average, a search of less than 1% of the space finds more of the frontier than as many random draws."""
    found = {each: statistics.mean(share_found(each, seed) for seed in range(3)) for each in (name, "random")}
    assert found[name] > found["random"] + 0.02


def test_a_search_learns_to_keep_the_sla() -> None:
    """The SLA is a constraint to the sampler: later proposals keep it more often than the first ones."""
    wanted, tight = specification(STAGES_YAML), ServiceLevel("latency_p95", 0.03)
    search = search_algorithm(NamedSearch("nsga2", {"population": 10})).start(
        wanted.space, Goals(wanted.goals.objectives, tight), 0
    )
    kept: list[bool] = []
    for _ in range(12):
        for pipeline in (step.pipeline for step in search.ask(10)):
            search.tell(pipeline, measured(pipeline))
            kept.append(measured(pipeline).figures["latency_p95"] <= tight.seconds)
    assert sum(kept[-40:]) > sum(kept[:40])
