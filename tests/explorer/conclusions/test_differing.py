"""Questions that tell the recommended pipeline from others."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conclusions.test_alternatives import GOALS
from tests.explorer.conclusions.test_split import evaluation
from tests.reports.conftest import provenance
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.differing import MOST_OTHERS, DifferingPair, differing_pairs, seconds_of
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.search_space.goals import Goals, Objective

CONFIRM = QuestionSet.CONFIRM
SCORES = st.lists(st.sampled_from([0.0, 0.5, 1.0, None]), min_size=20, max_size=20)


def pairs(*confirmed: Evaluation, goals: Goals = GOALS) -> tuple[DifferingPair, ...]:
    """The pairs of pipelines that were confirmed."""
    explored = tuple(replace(each, question_set=QuestionSet.EXPLORE) for each in confirmed)
    results = Results("made", "", goals, explored, confirmed, provenance())
    return differing_pairs(results, conclude(results))


def test_the_recommended_pipeline_is_compared_with_the_others() -> None:
    """On the confirm questions; with three others at most."""
    others = [evaluation(f"{right}", right, 10, 10 + right, CONFIRM) for right in (5, 8, 10, 12, 19)]
    found = pairs(evaluation("best", 20, 10, 70, CONFIRM), *others)
    assert len(found) == MOST_OTHERS
    assert len({pair.first.pipeline for pair in found}) == 1
    assert all(pair.first.question_set is pair.second.question_set is CONFIRM for pair in found)


@given(SCORES, SCORES)
def test_it_is_the_definition(one: list[float | None], other: list[float | None]) -> None:
    """By looking at all questions: those that differ most come first, and a missing score differs from nothing."""
    first = replace(evaluation("first", 20, 10, 10, CONFIRM), scores={"f1": tuple(one)})
    second = replace(evaluation("second", 20, 20, 20, CONFIRM), scores={"f1": tuple(other)})
    gaps = [a - b if a is not None and b is not None else math.nan for a, b in zip(one, other, strict=True)]
    found = pairs(first, second)
    if not found:
        return
    (pair,) = found
    sign = 1 if pair.first.pipeline == "first" else -1
    differ = [place for place, gap in enumerate(gaps) if abs(gap) > 0]
    assert sorted(pair.places) == differ
    sizes = [abs(gaps[place]) for place in pair.places]
    assert sizes == sorted(sizes, reverse=True)
    assert pair.first_ahead == sum(sign * gaps[place] > 0 for place in differ)
    assert pair.second_ahead == len(differ) - pair.first_ahead
    assert pair.compared == sum(not math.isnan(gap) for gap in gaps)


def test_pipelines_that_score_alike_are_no_pair() -> None:
    """Nor is a pipeline alone, nor one without scores."""
    same = evaluation("one", 10, 10, 10, CONFIRM)
    assert pairs(same, replace(same, pipeline="other")) == ()
    assert pairs(same) == ()
    assert pairs(same, goals=Goals((Objective("latency_p95", False),))) == ()


def test_seconds_are_those_of_each_question() -> None:
    """Infinite where it failed."""
    failed = replace(evaluation("one", 3, 1, 2), seconds={"generate": (0.5, None)})
    assert list(seconds_of(failed)) == [pytest.approx(0.5), math.inf]
