"""What it takes to be surer: more questions, and the rest of the space."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conclusions.test_alternatives import GOALS
from tests.explorer.conclusions.test_split import evaluation
from tests.reports.conftest import provenance
from tradespace.evals.simultaneous import paired_differences
from tradespace.evals.statistics import DIFFERENCES, Estimate, mean
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.judging import includes_zero
from tradespace.explorer.conclusions.surer import (
    MOST_TIMES,
    SurerAnswer,
    answer_surer,
    average_calls,
    half_of,
    price_of_more,
    questions_for,
    questions_to_tell,
    untried,
)
from tradespace.explorer.results import Evaluation, Outlay, QuestionSet, Replies, Results, SearchAccount

ACCOUNT = SearchAccount(50, True, 40, 0, 10, 20, 0, open=10, questions=150)


def answered(*confirmed: Evaluation, calls_asked: int = 0) -> SurerAnswer | None:
    """What it takes to be surer of pipelines that were explored and confirmed."""
    explored = tuple(replace(each, question_set=QuestionSet.EXPLORE) for each in confirmed)
    where = replace(provenance(), calls_asked=calls_asked, space_size=len(confirmed))
    results = Results("made", "", GOALS, explored, confirmed, where)
    return answer_surer(results, conclude(results))


@pytest.mark.parametrize(("better", "worse", "questions"), [(8, 4, 40), (20, 12, 200), (4, 7, 60)])
def test_so_many_questions_tell_two_pipelines_apart(better: int, worse: int, questions: int) -> None:
    """If the questions that are added are like those that were asked: about then, the interval excludes 0."""
    equal = [1.0] * (questions - better - worse)
    one, two = [1.0] * better + [0.0] * worse + equal, [0.0] * better + [1.0] * worse + equal
    (difference,) = paired_differences([one], two, DIFFERENCES)
    assert includes_zero(difference)
    needed = questions_to_tell(difference)
    assert needed is not None and needed > questions

    def interval(times: int) -> Estimate:
        return paired_differences([one * times], two * times, DIFFERENCES)[0]

    whole = math.ceil(needed / questions)
    assert not includes_zero(interval(whole + 1))
    if whole > 2:
        assert includes_zero(interval(whole // 2))


@given(st.floats(0.01, 0.2), st.integers(20, 500), st.floats(0.005, 0.2))
def test_the_number_of_questions_is_the_definition(half: float, asked: int, wanted: float) -> None:
    """The least number for which the error, which falls with its root, is as small as wished."""
    needed = questions_for(asked, half, wanted)
    assert half * math.sqrt(asked / needed) <= wanted * (1 + 1e-6)
    assert needed <= 1 or half * math.sqrt(asked / (needed - 1)) >= wanted * (1 - 1e-6)


def test_the_interval_of_so_many_questions_is_so_narrow() -> None:
    """Compared with the interval of as many questions that are like those that were asked."""
    scores = (np.random.default_rng(3).random(150) < 0.6).astype(float).tolist()
    known = mean(scores)
    needed = questions_for(150, half_of(known), 0.03)
    times = round(needed / 150)
    assert half_of(mean(scores * times)) == pytest.approx(0.03 * math.sqrt(needed / (150 * times)), rel=0.1)


def test_a_difference_that_is_none_is_never_told() -> None:
    """Nor one that takes over a hundred times as many questions, nor one whose interval is not known."""
    assert questions_to_tell(Estimate(0.0, -0.1, 0.1, 100, 0)) is None
    assert questions_to_tell(Estimate(0.001, -0.1, 0.102, 100, 0)) is None
    assert questions_to_tell(Estimate(0.1, -math.inf, math.inf, 100, 0)) is None
    needed = questions_to_tell(Estimate(-0.02, -0.1, 0.06, 100, 0))
    assert needed == 1601 < MOST_TIMES * 100


def test_more_questions_take_what_those_took_that_were_asked() -> None:
    """Completions, seconds and dollars of both pipelines, times the questions."""
    one = replace(evaluation("one", 10, 10, 90), replies=Replies(read=160), metered={"usd": (0.001,) * 20})
    two = replace(evaluation("two", 12, 10, 190), replies=Replies(read=20), metered={"usd": (0.002,) * 20})
    more = price_of_more([one, two], 100, None)
    assert (more.questions, more.calls) == (100, 900)
    assert (more.seconds, more.usd) == pytest.approx((100 * 0.3, 100 * 0.003))


def test_what_is_not_known_of_one_is_not_known_of_both() -> None:
    """A sum that leaves something out would be too small."""
    priced = replace(evaluation("one", 10, 10, 90), metered={"usd": (0.001,) * 20})
    more = price_of_more([priced, evaluation("two", 10, 10, 90)], 100, None)
    assert (more.calls, more.usd) == (None, None)
    assert more.seconds == pytest.approx(20.0)


def test_without_models_calls_are_those_of_an_average_pipeline() -> None:
    """Those that were asked for, by pipelines and questions."""
    pipelines = tuple(evaluation(name, 10, 10, 10) for name in ("one", "two"))
    where = replace(provenance(), calls_asked=200)
    average = average_calls(Results("made", "", GOALS, pipelines, (), where))
    assert average == pytest.approx(5.0)
    assert price_of_more([pipelines[0]], 30, average).calls == 150
    assert average_calls(Results("made", "", GOALS, (), (), where)) is None


def test_each_tie_has_its_price() -> None:
    """Of the recommended pipeline with every other that can't be told from it, and of no other."""
    answer = answered(
        evaluation("best", 15, 10, 70, QuestionSet.CONFIRM),
        evaluation("cheap", 14, 10, 20, QuestionSet.CONFIRM),
        evaluation("bad", 2, 10, 10, QuestionSet.CONFIRM),
    )
    assert answer and answer.pipeline == "cheap"
    (tie,) = answer.ties
    assert (tie.pipeline, tie.lead.value) == ("best", pytest.approx(-0.05))
    assert tie.more and tie.more.questions == (questions_to_tell(tie.lead) or 0) - 20


def test_narrower_intervals_have_their_price() -> None:
    """The widest first; those that are reached already are left out."""
    answer = answered(evaluation("only", 10, 10, 10, QuestionSet.CONFIRM))
    assert answer and answer.half_width
    narrower = [each for each in (0.1, 0.05, 0.03, 0.02, 0.01) if each < answer.half_width]
    assert [width for width, _ in answer.widths] == narrower
    for width, more in answer.widths:
        assert 20 + more.questions == questions_for(20, answer.half_width, width)


def test_without_a_recommendation_nothing_is_told() -> None:
    """There is nothing to be sure of."""
    assert answered() is None


def test_what_was_left_of_the_space_is_priced_by_what_was_tried() -> None:
    """By the last search, or by all runs together where the last one had nothing to do."""
    where = replace(provenance(), search=ACCOUNT, spent=Outlay(20, 4000, 60.0, 0.5))
    left = untried(where, 20)
    assert left and (left.pipelines, left.ending) == (10, "")
    assert left.outlay == Outlay(10, 2000, 30.0, 0.25)
    again = untried(replace(where, spent=Outlay(0, 0, 0.0, 0.0), calls_made=8000, seconds_spent=100.0), 20)
    assert again and again.outlay == Outlay(10, 4000, 50.0, None)


def test_where_nothing_was_left_nothing_is_told() -> None:
    """All was tried, or nobody knows how much there is."""
    assert untried(replace(provenance(), space_size=20), 20) is None
    assert untried(replace(provenance(), space_size=None), 20) is None
    assert untried(replace(provenance(), search=replace(ACCOUNT, open=0)), 20) is None
    counted = untried(replace(provenance(), space_size=25, calls_made=0), 20)
    assert counted and (counted.pipelines, counted.outlay) == (5, None)
