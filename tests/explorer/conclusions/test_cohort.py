"""Tables of questions hold pipelines that were asked the same ones, and no others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort, cohorts
from tradespace.explorer.results import Evaluation, QuestionSet

TABLES: dict[str, Callable[[Cohort], Floats]] = {
    "stage_seconds": lambda cohort: cohort.stage_seconds(),
    "measured_seconds": lambda cohort: cohort.measured_seconds(),
    "scores": lambda cohort: cohort.values("f1"),
    "dollars": lambda cohort: cohort.values("usd_per_1k"),
}


def evaluation(width: int, question_set: QuestionSet = QuestionSet.EXPLORE) -> Evaluation:
    """A pipeline that was asked and timed on so many questions."""
    row = tuple(np.random.default_rng(width).random(width).tolist())
    return Evaluation(
        f"{question_set} {width}",
        "",
        question_set,
        {},
        {"f1": row},
        metered={"usd": row},
        seconds={"retrieve": row, "generate": row},
        end_to_end=row,
    )


@given(st.integers(1, 9), st.integers(1, 9))
def test_splits_do_not_mix(explored: int, confirmed: int) -> None:
    """However many questions either has: with as many, different questions would stand in one column."""
    with pytest.raises(ValueError, match="same questions; given: confirm and explore"):
        Cohort((evaluation(explored), evaluation(confirmed, QuestionSet.CONFIRM)))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("widths", [(1, 4), (4, 1), (24, 72)])
def test_numbers_of_questions_do_not_mix(table: str, widths: tuple[int, int]) -> None:
    """A pipeline that was asked fewer is refused, one question too, which numpy would repeat for all."""
    cohort = Cohort(tuple(evaluation(width) for width in widths))
    with pytest.raises(ValueError, match="same questions; given: rows of"):
        TABLES[table](cohort)


@pytest.mark.parametrize("table", TABLES)
def test_pipelines_that_lack_a_row_have_gaps(table: str) -> None:
    """What was not timed, scored or priced is missing, and keeps no other from its place."""
    blank = Evaluation("blank", "", QuestionSet.EXPLORE, {}, {})
    values = TABLES[table](Cohort((evaluation(3), blank)))
    assert values.shape == (2, 3)
    assert np.isfinite(values[0]).all() and np.isnan(values[1]).all()


@given(st.lists(st.sampled_from(QuestionSet), max_size=6))
def test_cohorts_separate_evaluations(splits: list[QuestionSet]) -> None:
    """Each evaluation is in one cohort, at the place that is named with it."""
    mixture = [evaluation(2, split) for split in splits]
    separated = list(cohorts(mixture))
    assert sorted(place for places, _ in separated for place in places) == list(range(len(mixture)))
    assert all(
        [mixture[place] for place in places] == list(cohort.evaluations)
        and {one.question_set for one in cohort.evaluations} == {cohort.question_set}
        for places, cohort in separated
    )


def test_questions_that_were_run_correct_those_that_were_not() -> None:
    """Runs from end to end took twice as long as their stages said: so will the others. What failed stays infinite."""
    foretold = {"retrieve": (0.1, 0.2, 0.3, 0.4, None)}
    run = Evaluation("run", "", QuestionSet.CONFIRM, {}, {}, seconds=foretold, end_to_end=(0.2, None, 0.6))
    not_run = Evaluation("not run", "", QuestionSet.CONFIRM, {}, {}, seconds=foretold)
    table = Cohort((run, not_run)).measured_seconds()
    assert table[0] == pytest.approx([0.2, np.inf, 0.6, 0.8, np.inf])
    assert table[1] == pytest.approx([0.1, 0.2, 0.3, 0.4, np.inf])


def test_stages_can_be_added_up_in_part() -> None:
    """A group of stages has its own seconds; a stage that a pipeline lacks takes none."""
    timed: list[dict[str, tuple[float, ...]]] = [{"retrieve": (0.1,), "rerank": (0.2,)}, {"retrieve": (0.4,)}, {}]
    cohort = Cohort(tuple(Evaluation("p", "", QuestionSet.EXPLORE, {}, {}, seconds=seconds) for seconds in timed))
    assert cohort.stage_seconds(("rerank",))[:2].tolist() == [[0.2], [0.0]]
    assert np.isnan(cohort.stage_seconds()[2]).all()
