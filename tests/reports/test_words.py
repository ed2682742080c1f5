"""Figures in digits and units that a reader knows."""

import math

import pytest

from tradespace.evals.statistics import Estimate
from tradespace.plurals import count
from tradespace.reports.words import (
    bound,
    column_name,
    duration,
    figure_with_interval,
    group_names,
    interval,
    listed,
    measure_name,
    parts,
    quantity,
)
from tradespace.search_space.goals import ServiceLevel


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0623, "62.3 ms"),
        (0.0041234, "4.12 ms"),
        (0.00000012, "0.0001 ms"),
        (1.2345, "1,234 ms"),
        (12.345, "12.3 s"),
        (0.0, "0 ms"),
        (0.0999999, "100 ms"),
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "∞"),
    ],
)
def test_duration(seconds: float | None, text: str) -> None:
    """Durations have three significant digits in milliseconds; missing is a dash, endless is ∞, neither is zero."""
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "measure", "text"),
    [
        (0.71249, "answer_f1", "0.712"),
        (0.0821, "usd_per_1k", "$0.0821"),
        (None, "answer_f1", "–"),
        (0.05, "latency_p95", "50.0 ms"),
    ],
)
def test_quantity(value: float | None, measure: str, text: str) -> None:
    """A figure has the digits and the unit of its measure."""
    assert quantity(value, measure) == text


def test_interval_has_one_unit() -> None:
    """Both ends of an interval share one unit; an end that questions can't bound is ∞."""
    assert interval(Estimate(0.06, 0.058, 0.066, 80, 0), "latency_p95") == "58.0–66.0 ms"
    assert interval(Estimate(0.06, 0.058, math.inf, 20, 0), "latency_p95") == "58.0 ms–∞"
    assert interval(Estimate(0.7, 0.65, 0.75, 80, 0), "answer_f1") == "0.650–0.750"


def test_figure_with_interval() -> None:
    """A measure without an estimate is a dash."""
    assert figure_with_interval({"answer_f1": Estimate(0.7, 0.65, 0.75, 80, 0)}, "answer_f1") == "0.700 (0.650–0.750)"
    assert figure_with_interval({}, "answer_f1") == "–"
    assert figure_with_interval({"usd_per_1k": Estimate(0.0, 0.0, 0.0, 80, 0)}, "usd_per_1k") == "$0"


@pytest.mark.parametrize(
    ("measure", "name", "column"),
    [
        ("latency_p95", "95th-percentile latency", "p95 latency"),
        ("latency_p50", "median latency", "p50 latency"),
        ("answer_f1", "answer F1", "answer F1"),
        ("gold_recall@5", "gold recall@5", "gold recall@5"),
        ("usd_per_1k", "cost per 1,000 questions", "$ / 1,000"),
    ],
)
def test_measures_have_names(measure: str, name: str, column: str) -> None:
    """Measures are named in words, and shorter above a column."""
    assert (measure_name(measure), column_name(measure)) == (name, column)


def test_small_words() -> None:
    """Counts, lists, bounds and splits read as in a sentence."""
    assert (count(1, "question"), count(1190, "question")) == ("1 question", "1,190 questions")
    assert [listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert (bound(0.1), bound(0.2 * 0.1), bound(0.0125), parts((0.2, 0.8))) == ("100 ms", "20 ms", "12.5 ms", "20/80")


def test_groups_have_names() -> None:
    """That of their stages."""
    sla = ServiceLevel("latency_p95", 0.1, (("retrieve", "rerank"), ("generate",)))
    assert group_names(sla) == ("retrieve + rerank", "generate")
