"""What a pipeline scores on each group of questions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.explorer.conclusions.test_conclusion import QUESTIONS, confirmed
from tests.explorer.conclusions.test_group_limits import COLUMN, FAIR, UNFAIR, concluded
from tradespace.explorer.conclusions.by_group import figures_by_group
from tradespace.explorer.question_groups import FEWEST_IN_GROUP


def test_groups_come_the_largest_first_with_means_and_intervals() -> None:
    """Of the recommended pipeline, on the questions that it was judged by."""
    (column,) = concluded(FAIR, UNFAIR).by_group
    assert (column.column, column.evaluation.pipeline, column.measures) == ("language", "fair", ("f1",))
    assert [(one.group, one.questions) for one in column.groups] == [("de", 80), ("en", 80), ("fi", 40)]
    for one in column.groups:
        own = [score for score, group in zip(FAIR.scores["f1"], COLUMN, strict=True) if group == one.group]
        estimate = one.estimates["f1"]
        assert estimate.value == pytest.approx(np.mean([score or 0.0 for score in own]))
        assert (estimate.low or 0.0) < (estimate.value or 0.0) < (estimate.high or 0.0)


def test_intervals_of_all_groups_of_a_column_hold_at_once() -> None:
    """Of 100 pipelines all groups are within in 90 or more: 95 %, but for the luck of drawing. Of groups alone, some
    of six would not be in a quarter."""
    random = np.random.default_rng(0)
    column = tuple(str(place % 6) for place in range(QUESTIONS))
    within = 0
    for _ in range(100):
        scores = tuple(random.beta(2, 2, QUESTIONS).tolist())
        (figures,) = figures_by_group(replace(FAIR, scores={"f1": scores}), {"g": column}, ["f1"])
        estimates = [one.estimates["f1"] for one in figures.groups]
        within += all((one.low or 0.0) <= 0.5 <= (one.high or 0.0) for one in estimates)
    assert within >= 90


def test_small_groups_are_told_to_be_small() -> None:
    """Their means would be luck; questions of no group are counted."""
    few = FEWEST_IN_GROUP - 1
    column = ("fi",) * few + ("de",) * 100 + ("",) * (QUESTIONS - 100 - few)
    (figures,) = figures_by_group(FAIR, {"language": column}, ["f1"])
    assert [(one.group, one.too_small, len(one.estimates)) for one in figures.groups] == [
        ("de", False, 1),
        ("fi", True, 0),
    ]
    assert figures.ungrouped == QUESTIONS - 100 - few


def test_a_column_of_one_group_tells_nothing_apart() -> None:
    """Nor does one that no question has, or a measure that scored none."""
    assert figures_by_group(FAIR, {"language": ("de",) * QUESTIONS, "type": ("",) * QUESTIONS}, ["f1"]) == ()
    (figures,) = figures_by_group(FAIR, {"language": COLUMN}, ["f1", "mrr"])
    assert figures.measures == ("f1",)


def test_fewer_questions_than_the_split_has_are_those_from_its_front() -> None:
    """As many as the pipeline was asked."""
    asked = replace(confirmed("a", 0.5, 50), scores={"f1": FAIR.scores["f1"][:40]})
    (figures,) = figures_by_group(asked, {"language": COLUMN}, ["f1"])
    assert sum(one.questions for one in figures.groups) == 40
