"""Which settings matter, by pipelines that differ in one of them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.conclusions.points import Point, explored_points
from tradespace.explorer.conclusions.setting_contrasts import setting_contrasts
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Goals, Objective

F1 = Objective("f1", maximize=True)
GOALS = Goals((F1, Objective("latency_p95", maximize=False)))
QUESTIONS = 40


def pipeline(retrieve: str, generate: str, right: int, milliseconds: float, **more: str) -> Evaluation:
    """A pipeline that answers the first `right` questions, each in so many milliseconds."""
    stages = {"retrieve": retrieve, **more, "generate": generate}
    scores = tuple(float(place < right) for place in range(QUESTIONS))
    seconds = {"generate": (milliseconds / 1000,) * QUESTIONS}
    name = " >> ".join(stages.values())
    return Evaluation(name, "", QuestionSet.EXPLORE, stages, {"f1": scores}, seconds=seconds)


def points(evaluations: Sequence[Evaluation], goals: Goals = GOALS) -> tuple[Point, ...]:
    return explored_points(evaluations, goals.measures, goals, QUESTIONS)


def test_a_setting_is_compared_while_nothing_else_changes() -> None:
    """In the mean over the others: of pipelines that differ in two settings, neither is blamed."""
    explored = [
        pipeline("bm25(top_k=1)", "reader(passages=1)", 10, 20),
        pipeline("bm25(top_k=5)", "reader(passages=1)", 14, 24),
        pipeline("bm25(top_k=1)", "reader(passages=3)", 20, 40),
        pipeline("bm25(top_k=5)", "reader(passages=3)", 26, 48),
        pipeline("bm25(top_k=9)", "reader(passages=9)", 40, 900),
    ]
    passages, top_k = setting_contrasts(points(explored), GOALS)
    assert (passages.setting, passages.worse, passages.better) == ("generate.passages", "1", "3")
    assert (top_k.setting, top_k.worse, top_k.better) == ("retrieve.top_k", "1", "5")
    assert top_k.gain.value == pytest.approx(fmean([4, 6]) / QUESTIONS)
    assert passages.gain.value == pytest.approx(fmean([10, 12]) / QUESTIONS)
    assert (top_k.seconds, passages.seconds) == (pytest.approx(0.006), pytest.approx(0.022))
    assert (top_k.values, top_k.contexts) == (2, 2)


def test_a_component_is_chosen_with_its_own_settings_taken_together() -> None:
    """What both components have stays the same; what one of them has is averaged over."""
    explored = [
        pipeline("bm25(k1=0.9, top_k=5)", "reader()", 10, 20),
        pipeline("bm25(k1=1.5, top_k=5)", "reader()", 12, 20),
        pipeline("dense(top_k=5)", "reader()", 15, 30),
        pipeline("dense(top_k=9)", "reader()", 39, 30),
    ]
    found = {each.setting: each for each in setting_contrasts(points(explored), GOALS)}
    assert found.keys() == {"retrieve", "retrieve.k1", "retrieve.top_k"}
    assert (found["retrieve"].worse, found["retrieve"].better) == ("bm25", "dense")
    assert found["retrieve"].gain.value == pytest.approx((15 - 11) / QUESTIONS)
    assert found["retrieve.top_k"].gain.value == pytest.approx((39 - 15) / QUESTIONS)


def test_a_stage_that_some_pipelines_lack_is_a_choice() -> None:
    """Between what fills it, and nothing."""
    explored = [
        pipeline("bm25()", "reader()", 10, 20),
        pipeline("bm25()", "reader()", 15, 30, rerank="maxsim(keep=3)"),
    ]
    (rerank,) = setting_contrasts(points(explored), GOALS)
    assert (rerank.setting, rerank.worse, rerank.better) == ("rerank", "none", "maxsim")


def test_settings_of_models_and_strategies_are_settings() -> None:
    """However deep they stand in the notation."""
    explored = [
        pipeline("bm25()", f"llm(model=tiny(), strategy={strategy})", right, 20)
        for strategy, right in (("direct()", 10), ("cot_at_k(k=4)", 14), ("cot_at_k(k=8)", 18))
    ]
    found = {each.setting: each for each in setting_contrasts(points(explored), GOALS)}
    assert found["generate.strategy.k"].gain.value == pytest.approx(4 / QUESTIONS)
    assert found["generate.strategy"].better == "cot_at_k"
    assert found["generate.strategy"].gain.value == pytest.approx(6 / QUESTIONS)


def test_the_interval_says_whether_it_matters() -> None:
    """One question of forty does not; half of them do."""
    one = setting_contrasts(points([pipeline(f"bm25(top_k={k})", "r()", k, 20) for k in (10, 11)]), GOALS)
    half = setting_contrasts(points([pipeline(f"bm25(top_k={k})", "r()", k, 20) for k in (10, 30)]), GOALS)
    assert [each.shown for each in (*one, *half)] == [False, True]
    assert all(each.gain.low is not None and each.gain.low <= (each.gain.value or 0.0) for each in (*one, *half))


def test_where_less_is_better_the_better_value_has_less() -> None:
    """A gain is a gain whatever the direction of the objective."""
    goals = Goals((Objective("f1", maximize=False),))
    explored = [pipeline(f"bm25(top_k={k})", "r()", k, 20) for k in (10, 30)]
    (top_k,) = setting_contrasts(points(explored, goals), goals)
    assert (top_k.better, top_k.gain.value) == ("10", pytest.approx(0.5))


def test_nothing_is_told_where_nothing_can_be_compared() -> None:
    """Of no pipeline, of one, of two that differ in everything, and of a score that nothing has."""
    two = [
        pipeline("bm25(top_k=1)", "reader(passages=1)", 10, 20),
        pipeline("bm25(top_k=5)", "reader(passages=3)", 9, 9),
    ]
    blank = [replace(each, scores={"f1": (None,) * QUESTIONS}) for each in two]
    same = [replace(blank[0], stages={"retrieve": f"bm25(top_k={k})"}) for k in (1, 2)]
    assert [setting_contrasts(points(some), GOALS) for some in ([], two[:1], two, blank, same)] == [()] * 5


CHOICES = tuple(product((1, 2, 3), (1, 2), ("a", "b")))


@settings(max_examples=60)
@given(st.lists(st.sampled_from(CHOICES), unique=True, min_size=1), st.data())
def test_it_is_the_definition(chosen: list[tuple[int, int, str]], data: st.DataObject) -> None:
    """By looking at all pairs of pipelines that differ in one setting alone, in parts of a grid."""
    right = {choice: data.draw(st.integers(0, QUESTIONS)) for choice in chosen}
    explored = [
        pipeline(f"bm25(top_k={k})", f"reader(passages={n}, size='{size}')", right[k, n, size], 20)
        for k, n, size in chosen
    ]
    found = {each.setting: each for each in setting_contrasts(points(explored), GOALS)}
    for place, setting in enumerate(("retrieve.top_k", "generate.passages", "generate.size")):
        differences = defaultdict(list)
        for one, other in combinations(sorted(chosen), 2):
            if [part for part in range(3) if one[part] != other[part]] == [place]:
                differences[one[place], other[place]].append((right[other] - right[one]) / QUESTIONS)
        assert (setting in found) == bool(differences)
        if differences:
            largest = max(abs(fmean(some)) for some in differences.values())
            assert found[setting].gain.value == pytest.approx(largest)
