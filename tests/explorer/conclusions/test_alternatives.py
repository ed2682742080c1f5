"""What it would take to be faster, or better: the nearest other choices on the frontier."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conclusions.test_split import evaluation
from tests.reports.conftest import provenance
from tradespace.explorer.conclusions.alternatives import LEAST_SPARED, better_choice, saving_choice, turned
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.conclusions.figures import leads
from tradespace.explorer.results import Evaluation, Results
from tradespace.search_space.goals import Goals, Objective

GOALS = Goals((Objective("f1", True), Objective("latency_p95", False)))
P95 = "latency_p95"


def concluded(*pipelines: Evaluation, goals: Goals = GOALS) -> Conclusion:
    """What follows of explored pipelines that nobody confirmed."""
    return conclude(Results("made", "", goals, pipelines, (), provenance()))


def test_the_faster_choice_loses_least() -> None:
    """Of two that save enough, the more accurate; one that saves a twentieth is none."""
    conclusion = concluded(
        evaluation("best", 20, 50, 50),
        evaluation("a twentieth faster", 19, 45, 50),
        evaluation("half", 12, 25, 25),
        evaluation("tiny", 5, 5, 5),
    )
    assert conclusion.best and conclusion.best.evaluation.pipeline == "best"
    recommended = conclusion.recommended
    assert recommended
    choice = saving_choice(conclusion, P95)
    assert choice and choice.point.evaluation.pipeline == "half"


def test_without_a_recommendation_there_is_no_other_choice() -> None:
    """Nor where nothing was timed, or nothing else was tried."""
    assert saving_choice(concluded(), P95) is None
    assert better_choice(concluded(evaluation("only", 10, 20, 20)), P95) is None


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 60)), min_size=1, max_size=8))
def test_they_are_the_definition(drawn: list[tuple[int, int]]) -> None:
    """By looking at all pipelines of the frontier."""
    conclusion = concluded(*(evaluation(str(place), right, taken, taken) for place, (right, taken) in enumerate(drawn)))
    chosen = conclusion.recommended
    faster, better = saving_choice(conclusion, P95), better_choice(conclusion, P95)
    if chosen is None:
        assert (faster, better) == (None, None)
        return
    own = next(point for point in conclusion.points if point.evaluation.pipeline == chosen.evaluation.pipeline)
    rivals = [point for point in conclusion.frontier if point is not own]
    ahead = [turned(lead) for lead in leads(own.evaluation, [each.evaluation for each in rivals], GOALS)]
    seconds = {id(point): point.figures[P95] or math.inf for point in (*rivals, own)}
    saving = [
        (lead.value or 0.0, -seconds[id(point)], point)
        for point, lead in zip(rivals, ahead, strict=True)
        if seconds[id(point)] <= (1 - LEAST_SPARED) * seconds[id(own)]
    ]
    shown = [
        (seconds[id(point)], -(lead.value or 0.0), point)
        for point, lead in zip(rivals, ahead, strict=True)
        if (lead.low or 0.0) > 0
    ]
    assert (faster is not None, better is not None) == (bool(saving), bool(shown))
    if faster:
        assert (faster.ahead.value or 0.0, -seconds[id(faster.point)]) == max(pair[:2] for pair in saving)
    if better:
        assert (seconds[id(better.point)], -(better.ahead.value or 0.0)) == min(pair[:2] for pair in shown)
