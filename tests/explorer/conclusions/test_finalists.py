"""Finalists are the frontier under the SLA, what lies just beyond it, and the best of each split."""

from __future__ import annotations

from dataclasses import replace

from tradespace.explorer.conclusions.finalists import finalists, shares_missed
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

OBJECTIVES = (Objective("latency_p95", maximize=False), Objective("answer_f1", maximize=True))
GOALS = Goals(OBJECTIVES, ServiceLevel("latency_p95", 0.1))


def evaluation(name: str, score: float, retrieve: float, generate: float) -> Evaluation:
    seconds = {"retrieve": (retrieve,) * 4, "generate": (generate,) * 4}
    return Evaluation(name, "", QuestionSet.EXPLORE, {}, {"answer_f1": (score,) * 4}, seconds=seconds)


FAST = evaluation("fast", 0.4, 0.01, 0.01)
GOOD = evaluation("good", 0.6, 0.02, 0.06)
DOMINATED = evaluation("dominated", 0.3, 0.02, 0.06)
LATE = evaluation("late", 0.7, 0.02, 0.10)
LATER = evaluation("later", 0.8, 0.02, 0.50)
REVERSED = evaluation("reversed", 0.5, 0.07, 0.02)
ALL = [LATER, DOMINATED, FAST, LATE, GOOD]


def test_the_most_accurate_within_the_sla_comes_first_then_the_nearest_beyond() -> None:
    """The recommended pipeline is confirmed before anything else."""
    assert [one.pipeline for one in finalists(ALL, GOALS, 10)] == ["good", "fast", "late", "later"]


def test_the_limit_cuts_off_the_end() -> None:
    """What lies farthest beyond the SLA goes first."""
    assert [one.pipeline for one in finalists(ALL, GOALS, 2)] == ["good", "fast"]


def test_the_best_of_each_split_is_confirmed_as_well() -> None:
    """Though it is not on the frontier: what the split gives is quoted from fresh questions."""
    chosen = finalists([*ALL, REVERSED], GOALS, 10)
    assert "reversed" in [one.pipeline for one in chosen]


def test_without_an_sla_nothing_is_late() -> None:
    """The frontier is ordered by the first maximised objective."""
    assert shares_missed(ALL, ()) == [0.0] * 5
    assert next(iter(finalists(ALL, Goals(OBJECTIVES), 1))).pipeline == "later"


def test_the_first_maximised_objective_is_what_counts() -> None:
    """Latency is traded, accuracy recommends."""
    assert GOALS.primary.measure == "answer_f1"
    assert Goals(OBJECTIVES[:1]).primary.measure == "latency_p95"


def test_of_pipelines_that_answered_alike_one_is_confirmed() -> None:
    """Both are on the frontier, as they are equal in everything; the place is for another."""
    twins = [replace(evaluation(name, 0.6, 0.02, 0.06), answers="same") for name in ("good", "its disguise")]
    assert [one.pipeline for one in finalists([*twins, FAST], Goals(OBJECTIVES), 10)] == ["good", "fast"]
