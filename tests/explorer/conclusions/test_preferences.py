"""Limits say who may be recommended, a utility who is, and whoever wants the frontier alone is recommended nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.explorer.conclusions.test_conclusion import GOALS, QUESTIONS, SLA, confirmed, evaluation, results
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.conclusions.figures import advantage, lead, worths
from tradespace.explorer.conclusions.finalists import finalists
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals, Objective
from tradespace.search_space.utility import Utility

USD = Objective("usd_per_1k", maximize=False)
DOLLARS_2 = Bound("usd_per_1k", 2.0, floor=False)


def concluded(confirmed: list[Evaluation], goals: Goals) -> Conclusion:
    """The conclusion from confirmed pipelines."""
    return conclude(replace(results([], confirmed), goals=goals))


def recommended(conclusion: Conclusion) -> str | None:
    """The recommended pipeline's name."""
    return conclusion.recommended.evaluation.pipeline if conclusion.recommended else None


def test_only_a_pipeline_that_keeps_every_limit_is_recommended() -> None:
    """The figure need be no objective, and is the confirmed one."""
    pipelines = [confirmed("dear", 0.9, 50, usd=0.004), confirmed("late", 0.9, 150), confirmed("fine", 0.6, 50)]
    limits = (Bound("f1", 0.5, floor=True), DOLLARS_2)
    conclusion = concluded(pipelines, Goals(GOALS, SLA, limits))
    assert recommended(conclusion) == "fine"
    assert {one.evaluation.pipeline: one.missed for one in conclusion.finalists} == {
        "dear": (DOLLARS_2,),
        "late": (SLA.bound,),
        "fine": (),
    }


def test_the_nearest_misses_its_bounds_by_the_least_share() -> None:
    """Seconds and dollars are compared as shares of their limits: twice the dollars are worse than 3 ms in 100."""
    pipelines = [confirmed("dear", 0.9, 50, usd=0.004), confirmed("late", 0.8, 103), confirmed("both", 0.9, 102, usd=1)]
    conclusion = concluded(pipelines, Goals(GOALS, SLA, (DOLLARS_2,)))
    assert conclusion.best is None and conclusion.recommended is None
    assert conclusion.nearest is not None and conclusion.nearest.evaluation.pipeline == "late"


def test_a_limit_on_what_nobody_knows_is_kept_by_none() -> None:
    """A missing figure is no small one, and none is nearest then."""
    unknown = replace(confirmed("a", 0.9, 50), metered={})
    conclusion = concluded([unknown], Goals(GOALS, SLA, (DOLLARS_2,)))
    assert (conclusion.best, conclusion.nearest) == (None, None)


def test_of_unconfirmed_pipelines_those_are_judged_that_keep_the_limits() -> None:
    """Where all that were confirmed miss one."""
    known = results(
        [evaluation("dear", 0.9, 50, usd=0.004), evaluation("cheap", 0.6, 50, usd=0.001)],
        [confirmed("dear", 0.9, 50, usd=0.004)],
    )
    conclusion = conclude(replace(known, goals=Goals(GOALS, SLA, (DOLLARS_2,))))
    assert (conclusion.basis, recommended(conclusion)) == (QuestionSet.EXPLORE, "cheap")


WEIGHED = Goals((*GOALS, USD), SLA, utility=Utility("f1 - 0.1 * usd_per_1k"))


def test_the_highest_utility_is_recommended() -> None:
    """Not the most accurate: its 0.2 of F1 are not worth the 4 dollars."""
    pipelines = [confirmed("dear", 0.8, 50, usd=0.004), confirmed("worth it", 0.6, 50, usd=0.001)]
    conclusion = concluded(pipelines, WEIGHED)
    assert recommended(conclusion) == "worth it"
    assert [one.evaluation.pipeline for one in conclusion.finalists] == ["worth it", "dear"]
    behind = conclusion.finalists[1].behind
    assert behind is not None and behind.value == pytest.approx(0.6 - 0.1 - (0.8 - 0.4))


def test_a_utility_must_keep_the_bounds_as_well() -> None:
    """The most useful of those that do."""
    pipelines = [confirmed("late", 0.9, 150), confirmed("quick", 0.6, 50)]
    assert recommended(concluded(pipelines, WEIGHED)) == "quick"


def test_of_what_cannot_be_told_apart_in_utility_the_cheapest_is_recommended() -> None:
    """Other scores are not asked: they have their weights. What differs beyond doubt is not tied."""
    pipelines = [
        confirmed("best", 0.80, 50, usd=0.004),
        confirmed("cheap", 0.55, 50, usd=0.002, shift=37),
        confirmed("cheapest", 0.20, 50, usd=0.0005, shift=90),
    ]
    conclusion = concluded(pipelines, WEIGHED)
    assert [(one.evaluation.pipeline, one.tied) for one in conclusion.finalists] == [
        ("best", False),
        ("cheap", True),
        ("cheapest", False),
    ]
    assert recommended(conclusion) == "cheap"
    assert conclusion.weighed == ("usd_per_1k", "latency_p95")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 9), st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_a_utility_that_is_the_first_objective_leads_as_that_does(shift: int, first: float, second: float) -> None:
    """The two intervals are bootstrapped apart, so their ends agree roughly; the difference itself exactly."""
    a, b = confirmed("a", first, 50), confirmed("b", second, 60, shift=20 * shift)
    plain, weighed = advantage(a, b, GOALS[0]), lead(a, b, Goals(GOALS, utility=Utility("f1")))
    assert weighed.value == pytest.approx(plain.value)
    assert (weighed.low, weighed.high) == (pytest.approx(plain.low, abs=0.03), pytest.approx(plain.high, abs=0.03))
    assert (weighed.n, weighed.missing) == (plain.n, plain.missing) == (QUESTIONS, 0)


def test_what_pipelines_are_ranked_by_is_larger_where_they_are_better() -> None:
    """The utility; without one the first objective, turned around where it is to be small."""
    pair = [confirmed("a", 0.5, 50, usd=0.001), confirmed("b", 0.75, 60, usd=0.002)]
    assert worths(pair, WEIGHED).tolist() == pytest.approx([0.4, 0.55])
    assert worths(pair, Goals(GOALS)).tolist() == [0.5, 0.75]
    assert worths(pair, Goals((USD,))).tolist() == pytest.approx([-1.0, -2.0])
    assert not np.isfinite(worths([replace(pair[0], metered={})], WEIGHED)).any()


def test_finalists_are_the_frontier_of_those_that_keep_the_limits_first() -> None:
    """Though all of it is dominated by what misses one: without a limit on dollars nothing would speak for it."""
    explored = [evaluation("dear", 0.9, 50, usd=0.004), evaluation("fair", 0.6, 55, usd=0.001)]
    explored.append(evaluation("poor", 0.5, 60, usd=0.001))
    goals = Goals(GOALS, None, (DOLLARS_2,))
    assert [one.pipeline for one in finalists(explored, goals, 6)] == ["fair", "dear"]
    assert [one.pipeline for one in finalists(explored, Goals(GOALS), 6)] == ["dear"]


def test_finalists_come_in_the_order_of_their_utility() -> None:
    """So that the limit leaves what may be recommended."""
    explored = [evaluation("dear", 0.9, 50, usd=0.006), evaluation("worth it", 0.6, 50, usd=0.001)]
    goals = replace(WEIGHED, sla=None)
    assert [one.pipeline for one in finalists(explored, goals, 1)] == ["worth it"]


def test_the_whole_frontier_is_confirmed_where_it_alone_is_wanted() -> None:
    """All of it that keeps the bounds, and no more; else as many as are asked for."""
    explored = [evaluation(f"{place}", 0.3 + place / 10, 50 + 10 * place) for place in range(6)]
    goals = Goals(GOALS)
    assert len(finalists(explored, goals, 2)) == 2
    chosen = finalists(explored, replace(goals, recommend=False), 2)
    assert sorted(one.pipeline for one in chosen) == ["0", "1", "2", "3", "4", "5"]
    tight = replace(goals, recommend=False, limits=(Bound("latency_p50", 0.075, floor=False),))
    assert sorted(one.pipeline for one in finalists(explored, tight, 2)) == ["0", "1", "2"]


def test_splits_are_filled_by_pipelines_that_keep_the_other_limits() -> None:
    """What a split gives is no better for a pipeline that may not be used."""
    pipelines = [confirmed("dear", 0.9, 50, usd=0.004), confirmed("fine", 0.6, 50)]
    explored = [evaluation("dear", 0.9, 50, usd=0.001), evaluation("fine", 0.6, 50)]
    known = replace(results(explored, pipelines), goals=Goals(GOALS, SLA, (DOLLARS_2,)))
    split = conclude(known).split
    assert split is not None
    assert {point.pipeline for point in split.points} <= {"fine", None} and split.points[0].pipeline == "fine"


def test_where_no_recommendation_is_wanted_there_is_none() -> None:
    """All else is known: who is best, and who is on the frontier."""
    conclusion = concluded([confirmed("a", 0.9, 50)], Goals(GOALS, SLA, recommend=False))
    assert conclusion.recommended is None and conclusion.weighed == ()
    assert conclusion.best is not None and conclusion.best.evaluation.pipeline == "a"
