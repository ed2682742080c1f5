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
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

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
    assert choice and choice.evaluation.pipeline == "half"


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
        assert (faster.ahead.value or 0.0, -(faster.figures[P95] or 0.0)) == max(pair[:2] for pair in saving)
    if better:
        assert ((better.figures[P95] or 0.0), -(better.ahead.value or 0.0)) == min(pair[:2] for pair in shown)


def test_who_was_confirmed_too_is_compared_on_those_questions() -> None:
    """What was better on the explore questions alone is no better choice, and a tie is none."""
    explored = [evaluation("own", 8, 10, 10), evaluation("lucky", 20, 20, 20), evaluation("small", 4, 2, 2)]
    confirmed = [
        evaluation("own", 12, 10, 10, QuestionSet.CONFIRM),
        evaluation("lucky", 12, 30, 30, QuestionSet.CONFIRM),
    ]
    conclusion = conclude(Results("made", "", GOALS, tuple(explored), tuple(confirmed), provenance()))
    assert conclusion.recommended and conclusion.recommended.evaluation.pipeline == "own"
    assert better_choice(conclusion, P95) is None
    faster = saving_choice(conclusion, P95)
    assert faster and (faster.evaluation.pipeline, faster.evaluation.question_set) == ("small", QuestionSet.EXPLORE)
    truly = [confirmed[0], evaluation("lucky", 20, 30, 30, QuestionSet.CONFIRM)]
    slower = Goals(GOALS.objectives, ServiceLevel(P95, 0.05))
    conclusion = conclude(Results("made", "", slower, tuple(explored), tuple(truly), provenance()))
    better = better_choice(conclusion, P95)
    assert better and (better.evaluation.pipeline, better.evaluation.question_set) == ("lucky", QuestionSet.CONFIRM)
    assert (better.figures[P95], better.own[P95]) == (0.06, 0.02)
