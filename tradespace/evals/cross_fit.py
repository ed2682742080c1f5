"""Cross-fitting: a threshold is judged on questions that had no say in choosing it.

A threshold chosen and judged on the same questions looks better than it is. Here the questions are dealt into folds;
for each fold the threshold is chosen on all the others and judged on that fold alone, so that every question is judged
once, honestly, and none is lost to a held-out set (Stone 1974, "Cross-validatory choice and assessment"; Chernozhukov
et al. 2018, "Double/debiased machine learning").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

Threshold = TypeVar("Threshold")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class CrossFitted(Generic[Threshold, Value]):
    """What came of it.

    Attributes:
        values: one for each question, in their order, under the threshold chosen without it.
        chosen: the threshold of each fold; where they differ much, the choice is not to be relied on.
    """

    values: tuple[Value, ...]
    chosen: tuple[Threshold, ...]


def cross_fit(
    choose: Callable[[Sequence[int]], Threshold],
    evaluate: Callable[[Threshold, Sequence[int]], Sequence[Value]],
    questions: int,
    folds: int = 10,
    seed: int = 0,
) -> CrossFitted[Threshold, Value]:
    """Choose thresholds on some questions and judge them on the others, so that each question is judged once.

    Args:
        choose: from question numbers, the threshold that is best on them. A "threshold" is whatever was fitted.
        evaluate: from a threshold and question numbers, one value for each of these, in their order.
        questions: how many there are, numbered from 0.
        folds: into how many parts they are dealt at random; sizes differ by one at most.
        seed: how they are dealt.

    Raises:
        ValueError: there are fewer than two folds, or fewer questions than folds.
    """
    if not 2 <= folds <= questions:
        raise ValueError(f"folds must be from 2 to the number of questions, {questions}; given: {folds}")
    values: dict[int, Value] = {}
    chosen: list[Threshold] = []
    dealt = deal(questions, folds, seed)
    for fold in dealt:
        threshold = choose([question for other in dealt if other is not fold for question in other])
        chosen.append(threshold)
        values.update(zip(fold, evaluate(threshold, fold), strict=True))
    return CrossFitted(tuple(values[question] for question in range(questions)), tuple(chosen))


def deal(questions: int, folds: int, seed: int) -> list[list[int]]:
    """The numbers of all questions, dealt at random into so many parts."""
    order = Random(seed).sample(range(questions), questions)
    return [order[first::folds] for first in range(folds)]
