"""The founding question: of 100 ms, 20 for the retriever and 80 for the model, or the other way round?"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.split import (
    SplitPoint,
    answer_split,
    best_per_split,
    group_figures,
    splits_into,
)
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Objective, ServiceLevel

F1 = Objective("f1", maximize=True)
SLA = ServiceLevel("latency_p95", 0.100)


def evaluation(
    name: str,
    right: int,
    retrieve: float,
    generate: float,
    question_set: QuestionSet = QuestionSet.EXPLORE,
    *,
    rerank: float = 0.0,
) -> Evaluation:
    """A pipeline that answers the first `right` of 20 questions, in these milliseconds by stage."""
    spent = {"retrieve": retrieve, "rerank": rerank, "generate": generate}
    scores = tuple(1.0 if place < right else 0.0 for place in range(20))
    return Evaluation(
        name, "", question_set, {}, {"f1": scores}, seconds={stage: (ms / 1000,) * 20 for stage, ms in spent.items()}
    )


BIG_MODEL = evaluation("big model", 16, 10, 75, rerank=5)
BIG_RETRIEVER = evaluation("big retriever", 10, 70, 15)
SMALL = evaluation("small", 4, 5, 5)


def test_best_pipeline_for_each_share() -> None:
    """Each share goes to the most accurate pipeline whose two sides keep their parts."""
    picks = best_per_split([BIG_MODEL, BIG_RETRIEVER, SMALL], F1, SLA)
    assert picks == (2, 0, 2, 2, 2, 2, 1, 1, 2)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 100), st.integers(0, 100)), max_size=12))
def test_picks_are_the_definition(drawn: list[tuple[int, int, int]]) -> None:
    """For any pipelines and any share, no pipeline that fits is more accurate than the one picked."""
    pipelines = [evaluation(str(i), *values) for i, values in enumerate(drawn)]
    for (first, second), pick in zip(splits_into(2), best_per_split(pipelines, F1, SLA), strict=True):
        fits = [
            right
            for right, retrieve, generate in drawn
            if retrieve <= first * 100 + 1e-6 and generate <= second * 100 + 1e-6
        ]
        assert (pick is None) == (not fits)
        assert pick is None or drawn[pick][0] == max(fits)


ASKED = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 100), st.integers(1, 100)), min_size=1, max_size=12)


@given(ASKED, st.booleans())
def test_a_larger_allowance_is_never_worse(drawn: list[tuple[int, int, int]], confirm: bool) -> None:
    """Whatever fits a share fits where both sides may take as long or longer, and the best there is at least as good:
    within one bound, and from one bound to the next."""
    pipelines = [evaluation(str(i), *values) for i, values in enumerate(drawn)]
    reversed_accuracy = [
        evaluation(str(i), 20 - right, *ms, QuestionSet.CONFIRM) for i, (right, *ms) in enumerate(drawn)
    ]
    confirmed = reversed_accuracy if confirm else []
    narrow, wide = (
        answer_split(pipelines, confirmed, F1, ServiceLevel("latency_p95", bound)) for bound in (0.100, 0.130)
    )
    for less, more in zip(narrow.points, wide.points, strict=True):
        assert _value(less) <= _value(more)
    for one in narrow.points:
        for other in narrow.points:
            if one.seconds and other.pipeline and fits(one.seconds, other.shares):
                assert _value(one) <= _value(other)


def _value(point: SplitPoint) -> float:
    return -1.0 if point.accuracy is None or point.accuracy.value is None else point.accuracy.value


def fits(seconds: tuple[float, ...], shares: tuple[float, ...]) -> bool:
    return all(taken <= share * 0.1 for taken, share in zip(seconds, shares, strict=True))


def test_answer_gives_the_own_split_and_the_other_way_round() -> None:
    """The big model takes 15 ms and 75 ms, which 20/80 allows alone; 80/20 gives the big retriever, 6 of 20 worse."""
    answer = answer_split([BIG_MODEL, BIG_RETRIEVER, SMALL], [], F1, SLA, "big model")
    assert answer.own is not None and answer.reverse is not None and answer.reverse.behind is not None
    assert (answer.own.pipeline, answer.allowed) == ("big model", ((0.2, 0.8),))
    assert answer.own.shares == pytest.approx((15 / 90, 75 / 90))
    assert answer.own.seconds == pytest.approx((0.015, 0.075))
    assert (answer.reverse.shares, answer.reverse.pipeline) == ((0.8, 0.2), "big retriever")
    assert answer.reverse.behind.value == pytest.approx(0.3)
    assert not answer.reverse.tied


def test_all_shares_that_allow_the_own_pipeline_are_named() -> None:
    """Half a millisecond of BM25 fits every share that leaves the reader its time, and none of them is the best."""
    answer = answer_split([evaluation("bm25 and reader", 10, 0.5, 24)], [], F1, SLA, "bm25 and reader")
    assert [first for first, _ in answer.allowed] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    assert answer.own is not None and answer.own.shares[0] == pytest.approx(0.5 / 24.5)


def test_the_own_split_may_be_finer_than_the_shares() -> None:
    """96 ms for the reader leave too little for any tenth, and yet the pipeline keeps the bound."""
    answer = answer_split([evaluation("fine", 10, 3, 96)], [], F1, SLA, "fine")
    assert answer.allowed == ()
    assert answer.own is not None and answer.own.seconds == pytest.approx((0.003, 0.096))
    assert answer.reverse is not None and (answer.reverse.shares, answer.reverse.pipeline) == ((0.9, 0.1), None)


def test_all_figures_come_from_one_choice_of_questions() -> None:
    """From the confirm questions where all that is named was confirmed, and else all from the explore questions: which
    pipelines fit, which is best, how long they take and how good they are."""
    explored = [BIG_MODEL, BIG_RETRIEVER, SMALL]
    confirmed = [
        evaluation("big model", 12, 10, 72, QuestionSet.CONFIRM),
        evaluation("big retriever", 14, 72, 15, QuestionSet.CONFIRM),
        evaluation("small", 3, 6, 6, QuestionSet.CONFIRM),
    ]
    whole = answer_split(explored, confirmed, F1, SLA, "big model")
    part = answer_split(explored, confirmed[:2], F1, SLA, "big model")
    assert (whole.basis, part.basis) == (QuestionSet.CONFIRM, QuestionSet.EXPLORE)
    assert whole.own is not None and whole.own.accuracy is not None and whole.own.accuracy.value == pytest.approx(0.6)
    assert whole.own.seconds == pytest.approx((0.010, 0.072))
    by_share = {point.shares[0]: point for point in whole.points}
    assert by_share[0.8].accuracy is not None and by_share[0.8].accuracy.value == pytest.approx(0.7)
    assert part.own is not None and part.own.accuracy is not None and part.own.accuracy.value == pytest.approx(0.8)


def test_what_was_confirmed_to_miss_the_bound_has_no_share() -> None:
    """Neither where its explore figures are quoted, nor where its stages keep their parts and the whole did not."""
    late = replace(evaluation("big model", 16, 10, 75, QuestionSet.CONFIRM), end_to_end=(0.2,) * 20)
    partly = answer_split([BIG_MODEL, SMALL], [late], F1, SLA)
    wholly = answer_split([BIG_MODEL, SMALL], [late, evaluation("small", 4, 5, 5, QuestionSet.CONFIRM)], F1, SLA)
    assert (partly.basis, wholly.basis) == (QuestionSet.EXPLORE, QuestionSet.CONFIRM)
    assert {point.pipeline for answer in (partly, wholly) for point in answer.points} == {"small"}


def test_nothing_fits() -> None:
    """Where no pipeline fits any share, every point is there and empty."""
    answer = answer_split([evaluation("slow", 20, 200, 200)], [], F1, SLA)
    assert answer.own is None
    assert [point.pipeline for point in answer.points] == [None] * 9


def test_groups_take_quantiles_of_sums() -> None:
    """A group's figure is the quantile of its per-question sums; a failed question makes its stage endless."""
    uneven = Evaluation(
        "p",
        "",
        QuestionSet.EXPLORE,
        {},
        {},
        seconds={"retrieve": (0.03, 0.01), "rerank": (0.01, 0.03), "generate": (0.1, None)},
    )
    first, rest = group_figures(Cohort((uneven,)), SLA)[0]
    assert first == pytest.approx(0.04)
    assert rest == math.inf


def test_stages_outside_the_groups_count_as_the_rest() -> None:
    """No stage's time is lost: what no group names belongs to the last."""
    extra = Evaluation(
        "p", "", QuestionSet.EXPLORE, {}, {}, seconds={"retrieve": (0.01,), "expand": (0.02,), "generate": (0.03,)}
    )
    assert np.allclose(group_figures(Cohort((extra,)), SLA), [[0.01, 0.05]])


THREE = ServiceLevel("latency_p95", 0.100, (("retrieve",), ("rerank",), ("generate",)))


def test_three_groups_divide_the_bound_in_all_ways() -> None:
    """Each group keeps its own tenths: ten for the retriever, thirty for the reranker, sixty for the model."""
    exact = evaluation("exact", 16, 10, 60, rerank=30)
    answer = answer_split([exact, evaluation("small", 4, 5, 5, rerank=5)], [], F1, THREE, "exact")
    assert answer.own is not None and answer.own.shares == pytest.approx((0.1, 0.3, 0.6))
    assert answer.allowed == ((0.1, 0.3, 0.6),)
    assert answer.reverse is None
    assert {point.shares for point in answer.points if point.pipeline == "exact"} == {(0.1, 0.3, 0.6)}
    assert sum(point.pipeline == "small" for point in answer.points) == 35


@given(
    st.lists(st.tuples(st.integers(0, 20), *[st.integers(0, 60)] * 3), max_size=8),
)
def test_picks_for_three_groups_are_the_definition(drawn: list[tuple[int, int, int, int]]) -> None:
    """For any pipelines and any split, no pipeline that fits is more accurate than the one picked."""
    pipelines = [
        evaluation(str(number), right, retrieve, generate, rerank=rerank)
        for number, (right, retrieve, rerank, generate) in enumerate(drawn)
    ]
    for shares, pick in zip(splits_into(3), best_per_split(pipelines, F1, THREE), strict=True):
        fitting = [
            right
            for right, *taken in drawn
            if all(ms <= share * 100 + 1e-6 for ms, share in zip(taken, shares, strict=True))
        ]
        assert (pick is None) == (not fitting)
        assert pick is None or drawn[pick][0] == max(fitting)


@given(st.integers(1, 4), st.integers(4, 12))
def test_splits_are_all_and_whole(groups: int, parts: int) -> None:
    """Each adds up to the whole bound, leaves no group without any, and is there once."""
    splits = splits_into(groups, parts)
    assert len(set(splits)) == len(splits) == math.comb(parts - 1, groups - 1)
    assert all(sum(shares) == pytest.approx(1) and min(shares) > 0 for shares in splits)
