"""From graded readings to tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.reader.prior import first_is_gold, prior_table
from training.reader.tables import (
    Evaluated,
    GradedReading,
    expected_calibration_error,
    interval,
    precision_table,
    quality_tables,
)


def _reading(*, gold: bool, f1: float, score: float, relevance: float) -> GradedReading:
    return GradedReading(gold, f1, float(f1 == 1), score, 0.5, relevance)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_calibration_error_equals_its_definition(pairs: list[tuple[float, bool]]) -> None:
    """The gap between mean confidence and share right in each tenth of the scale, weighted by its size."""
    wanted = 0.0
    for tenth in range(10):
        inside = [pair for pair in pairs if min(int(pair[0] * 10), 9) == tenth]
        if inside:
            confidence, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            wanted += abs(confidence - right) * len(inside) / len(pairs)
    assert expected_calibration_error(*zip(*pairs, strict=True)) == pytest.approx(wanted, abs=1e-9)


def test_best_score_answers() -> None:
    """Of BM25's first five passages the one with the highest score answers, and the sixth has no say."""
    retrieved = [_reading(gold=False, f1=0.1 * i, score=float(i), relevance=0.0) for i in range(6)]
    assert Evaluated(retrieved, retrieved[0]).answered.f1 == pytest.approx(0.4)


def test_reranking_sorts_by_relevance() -> None:
    """The passages that are kept are those of the highest relevance."""
    retrieved = [_reading(gold=i == 2, f1=0.0, score=0.0, relevance=-abs(i - 2.0)) for i in range(5)]
    assert [reading.gold for reading in Evaluated(retrieved, retrieved[0]).reranked(2)] == [True, False]


def test_the_order_of_the_retriever_counts_when_reranking() -> None:
    """With a prior the second of two equally relevant passages stays second, and a little more does not help it."""
    retrieved = [_reading(gold=i == 1, f1=0.0, score=0.0, relevance=0.1 * i) for i in range(2)]
    row = Evaluated(retrieved, retrieved[0])
    assert [row.reranked(1, prior)[0].gold for prior in (0.0, 1.0)] == [True, False]


def test_the_prior_decides_which_passage_is_first() -> None:
    """The second passage is ahead by 0.5, and loses the logarithm of 2, 0.69, times the prior."""
    assert [first_is_gold([1.0, 1.5], [False, True], prior) for prior in (0.0, 0.5, 1.0)] == [True, True, False]
    table = prior_table({3: [([1.0, 1.5], [False, True])]})
    assert "| 0.5 | 100.0 [100.0, 100.0] |" in table
    assert "| 1 | 0.0 [0.0, 0.0] |" in table


def test_interval_holds_the_mean() -> None:
    """Mean and interval are in percent; equal values have an interval of no width."""
    assert interval([0.5] * 10) == "50.0 [50.0, 50.0]"


def test_tables_name_every_test_set_and_depth() -> None:
    """Each table has a row for each set of questions and each depth."""
    row = Evaluated(
        [_reading(gold=True, f1=1.0, score=1.0, relevance=1.0)], _reading(gold=True, f1=1.0, score=1.0, relevance=1.0)
    )
    text = quality_tables({("XQuAD", 3): [row], ("XQuAD", 6): [row]})
    assert text.count("| XQuAD |") == 2 + 5 + 4
    assert "| XQuAD | 1 | BM25 | 100.0 [100.0, 100.0] |" in text


def test_precisions_are_compared_question_by_question() -> None:
    """The difference is int8 minus fp32 over the same questions, with no width where it is the same for all."""
    whole = [Evaluated([], _reading(gold=True, f1=f1, score=0.0, relevance=0.0)) for f1 in (0.5, 1.0)]
    rounded = [Evaluated([], _reading(gold=True, f1=f1, score=0.0, relevance=0.0)) for f1 in (0.25, 0.75)]
    assert "| -25.0 [-25.0, -25.0] |" in precision_table("XQuAD", {6: (whole, rounded)})
