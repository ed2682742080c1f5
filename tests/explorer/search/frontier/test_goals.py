"""Searches after other things than one score against one latency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
import pytest

from tradespace.components.base import Pipeline
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.search import Frontier, Partial, Search
from tradespace.explorer.search.candidates import Appraisal, RecordedCandidates
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals, Objective, ServiceLevel
from tradespace.testing.recorded_space import reading_space, reading_specification

SPACE = reading_specification().space
F1, EXACT = Objective("answer_f1", maximize=True), Objective("answer_em", maximize=True)
LATENCY, DOLLARS = Objective("latency_p95", maximize=False), Objective("usd_per_1k", maximize=False)


def source(scores: tuple[str, ...], costs: tuple[str, ...]) -> RecordedCandidates:
    """A recorded space with so many scores and costs, none of which is another in disguise."""
    recorded = reading_space(reading_specification(), questions=60)
    truth = np.concatenate([recorded.truth * share for share in (1.0, 0.5)], axis=2)
    truth[:, ::3, 1] = 1 - truth[:, ::3, 0]
    prices = np.column_stack([recorded.known_costs, np.sqrt(recorded.known_costs) + np.arange(len(truth))[:, None] % 5])
    return replace(
        recorded,
        truth=truth[:, :, : len(scores)],
        known_costs=prices[:, : len(costs)],
        score_names=scores,
        cost_names=costs,
        alike=np.arange(len(truth)),
    )


def searched(goals: Goals, known: RecordedCandidates) -> Search:
    """A search of it to the end."""
    search = Frontier(block=20, tolerance=0.0, error=1e-6).start(SPACE, goals, 0, source=known)
    while steps := search.ask(8):
        for step in steps:
            search.tell(step.pipeline, Partial())
    return search


@pytest.mark.parametrize(
    "objectives",
    [
        (F1,),
        (F1, LATENCY),
        (F1, EXACT),
        (replace(F1, maximize=False), LATENCY),
        (F1, EXACT, LATENCY),
        (F1, LATENCY, DOLLARS),
    ],
    ids=lambda objectives: "+".join(each.measure for each in objectives),
)
def test_the_frontier_is_complete_in_the_end(objectives: tuple[Objective, ...]) -> None:
    """For one objective and for three, for scores alone and with costs, maximised or minimised."""
    goals = Goals(objectives)
    known = source(goals.scores, tuple(each.measure for each in objectives if not each.is_score))
    search = searched(goals, known)
    names = [*known.score_names, *known.cost_names]
    figures = np.column_stack([known.truth.mean(axis=1), known.known_costs])
    points = figures[:, [names.index(each.measure) for each in objectives]]
    frontier = points[non_dominated(points, goals.maximize)]
    reached = {tuple(points[known.pipelines.index(each)].round(9)) for each in search.complete}
    assert {tuple(point.round(9)) for point in frontier} <= reached


def test_bounds_leave_out_what_misses_them() -> None:
    """A ceiling on a cost beforehand, and a floor on a score once it is known to be missed."""
    goals = Goals((F1, DOLLARS), ServiceLevel("latency_p95", 0.05), (Bound("answer_f1", 0.6, floor=True),))
    known = source(("answer_f1",), ("latency_p95", "usd_per_1k"))
    search = searched(goals, known)
    account = search.account
    assert account is not None
    means = dict(zip(known.pipelines, known.truth.mean(axis=1)[:, 0], strict=True))
    slow = {each for each, costs in zip(known.pipelines, known.known_costs, strict=True) if costs[0] > 0.05}
    assert set(account.missing_sla) == slow
    assert means[search.complete[0]] >= 0.6
    assert not slow & set(search.complete)


def test_something_is_shown_where_nothing_keeps_the_bounds() -> None:
    """The pipeline that misses the service level by least is evaluated; then the search ends."""
    goals = Goals((F1, LATENCY), ServiceLevel("latency_p95", 0.001))
    known = source(("answer_f1",), ("latency_p95",))
    search = searched(goals, known)
    assert len(search.complete) == 1
    assert known.known_costs[known.pipelines.index(search.complete[0])] == known.known_costs.min()
    assert search.ask(1) == []


class SlowerThanThought(RecordedCandidates):
    """A source that foretells half of the latency, until the search asks again."""

    def appraise(self, pipelines: Sequence[Pipeline]) -> Appraisal:
        appraisal = super().appraise(pipelines)
        return replace(appraisal, costs=appraisal.costs / 2)


def test_what_is_found_to_be_too_slow_later_is_left_out_then() -> None:
    """Figures are foretold anew as calls are timed; who then misses the service level is not asked any more."""
    recorded = source(("answer_f1",), ("latency_p95",))
    parts = {each.name: getattr(recorded, each.name) for each in fields(recorded) if each.init}
    search = searched(Goals((F1, LATENCY), ServiceLevel("latency_p95", 0.05)), SlowerThanThought(**parts))
    account = search.account
    assert account is not None
    slow = {each for each, (cost,) in zip(recorded.pipelines, recorded.known_costs, strict=True) if cost > 0.05}
    assert set(account.missing_sla) == slow
    behind = sum(map(len, account.alike.values()))
    assert account.classes + behind == account.candidates == len(recorded.pipelines)
    assert not slow & set(account.complete)
