"""How the budget is split, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.conclusions.split import SplitAnswer, SplitPoint, splits_into
from tradespace.explorer.results import QuestionSet, Results
from tradespace.reports.info import split_infos
from tradespace.reports.splits import split_sentence
from tradespace.search_space.goals import ServiceLevel

Make = Callable[..., Results]


def estimate(value: float, half: float = 0.05) -> Estimate:
    """A figure with a symmetric interval."""
    return Estimate(value, value - half, value + half, 300, 0)


def point(share: float, *rest: Any) -> SplitPoint:
    """Of two groups, by the share of the first."""
    return SplitPoint((share, round(1 - share, 9)), *rest)


OWN = SplitPoint((15 / 90, 75 / 90), "a", estimate(0.7), (0.015, 0.075))
EMPTY = tuple(map(SplitPoint, splits_into(2)))


@pytest.fixture
def conclusion(make_results: Make) -> Conclusion:
    """A conclusion whose split is replaced."""
    return conclude(make_results())


def told(conclusion: Conclusion, reverse: SplitPoint, *others: SplitPoint, **changes: object) -> str:
    """The sentences about the pipeline that takes 15 and 75 ms."""
    split = SplitAnswer((*others, reverse), QuestionSet.CONFIRM, OWN, ((0.2, 0.8),), reverse)
    return split_sentence(replace(conclusion, split=replace(split, **changes)))


def test_the_own_split_comes_first(conclusion: Conclusion) -> None:
    """What each side of the recommended pipeline takes, of which bound, by which figure, on which questions."""
    assert told(conclusion, point(0.8)).startswith(
        "Of the 100 ms this pipeline takes 15.0 ms for retrieve + rerank and 75.0 ms for generate, 17/83 "
        "(95th-percentile latency of each, confirm questions). The split 20/80 allows it."
    )


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (splits_into(2)[:3], "Every split from 10/90 to 30/70 allows it."),
        ((), "None of the splits from 10/90 to 90/10 leaves every side as much."),
    ],
)
def test_all_splits_that_allow_it_are_named(
    conclusion: Conclusion, allowed: tuple[tuple[float, ...], ...], expected: str
) -> None:
    """None of them is crowned: more time than a side needs does not hurt."""
    assert expected in told(conclusion, EMPTY[-1], *EMPTY[:-1], allowed=allowed)


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        (estimate(0.2), "is worse: it has 0.200 (0.150–0.250) less on the same 300 questions."),
        (estimate(0.01), "can't be told apart from it: it has 0.010 (-0.040 to 0.060) less on the same 300 questions."),
        (
            estimate(-0.01),
            "can't be told apart from it: it has 0.010 (-0.040 to 0.060) more on the same 300 questions.",
        ),
        (estimate(-0.2), "is better: it has 0.200 (0.150–0.250) more on the same 300 questions."),
    ],
)
def test_the_other_way_round_names_its_pipeline(conclusion: Conclusion, behind: Estimate, expected: str) -> None:
    """With its accuracy, and whether that can be told apart."""
    there = point(0.8, "bm25() >> b()", estimate(0.5), (0.07, 0.01), behind)
    sentence = told(conclusion, there)
    assert f" The other way round, 80/20, the best is bm25() >> b() with answer F1 0.500, which {expected}" in sentence


def test_the_other_way_round_may_allow_it_too_or_nothing(conclusion: Conclusion) -> None:
    """As for a pipeline that needs a small part of the bound, or a reader that needs most of it."""
    assert told(conclusion, point(0.8)).endswith("The other way round, 80/20, no pipeline fits.")
    roomy = point(0.8, "a", estimate(0.7))
    assert told(conclusion, roomy, allowed=(OWN.shares, roomy.shares)).endswith(
        "The other way round, 80/20, allows it too."
    )
    even = replace(OWN, shares=(0.5, 0.5))
    assert "other way" not in told(conclusion, point(0.5, "a", estimate(0.7)), own=even)


def test_splits_that_are_as_good_are_named(conclusion: Conclusion) -> None:
    """So that no more is read into the own split than it holds."""
    tied = [point(share, "c", estimate(0.69), (), estimate(0.01)) for share in (0.4, 0.5)]
    worse = point(0.6, "d", estimate(0.2), (), estimate(0.5))
    assert told(conclusion, point(0.8), *tied, worse).endswith(
        "no pipeline fits. 40/60 and 50/50 allow others that can't be told apart from it."
    )


def test_the_split_is_that_of_the_recommended_pipeline(make_results: Make) -> None:
    """Sentence and recommendation speak of one pipeline and of the same questions."""
    conclusion = conclude(make_results())
    assert conclusion.recommended and conclusion.split and conclusion.split.own
    assert conclusion.split.own.pipeline == conclusion.recommended.evaluation.pipeline
    assert f"{conclusion.split.basis} questions)" in split_sentence(conclusion)


def test_where_nothing_keeps_the_bound_no_split_does(make_results: Make) -> None:
    """Between which stages is said, and nothing else."""
    impossible = conclude(make_results(sla=ServiceLevel("latency_p95", 0.001)))
    assert split_sentence(impossible) == "No pipeline fits 1 ms under any split between retrieve + rerank and generate."


def test_one_group_of_stages_has_nothing_to_split(make_results: Make) -> None:
    """Where all of the bound goes to one stage, neither a sentence nor a figure speaks of shares."""
    sla = ServiceLevel("latency_p95", 0.1, (("retrieve", "rerank", "generate"),))
    conclusion = conclude(make_results(sla=sla))
    assert conclusion.split
    assert split_sentence(conclusion) == ""
    assert split_infos(conclusion) == ()
    assert split_sentence(conclude(make_results(sla=None))) == ""
