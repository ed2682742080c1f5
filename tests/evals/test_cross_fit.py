"""A threshold is judged on questions that had no say in choosing it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.cross_fit import cross_fit, deal


@given(folds=st.integers(2, 12), more=st.integers(0, 60), seed=st.integers(0, 9))
def test_every_question_is_judged_once_by_a_choice_made_without_it(folds: int, more: int, seed: int) -> None:
    """And by a choice that was made on all that are not judged with it."""
    questions = folds + more
    fitted = cross_fit(frozenset, lambda chosen, judged: [(n, chosen) for n in judged], questions, folds, seed)
    assert [question for question, _ in fitted.values] == list(range(questions))
    assert all(question not in chosen_on for question, chosen_on in fitted.values)
    assert all(
        chosen_on | {n for n, other in fitted.values if other == chosen_on} == set(range(questions))
        for _, chosen_on in fitted.values
    )


def test_folds_are_of_like_size_and_depend_on_the_seed() -> None:
    """Sizes differ by one at most; the same seed deals alike."""
    dealt = deal(50, 7, seed=3)
    assert {len(fold) for fold in dealt} == {7, 8}
    assert dealt == deal(50, 7, seed=3) != deal(50, 7, seed=4)


def test_a_threshold_fitted_to_noise_is_found_out() -> None:
    """The best of many rules without any skill looks good where it was chosen, and is not when it is cross-fitted."""
    random = Random(0)
    rules = [[random.random() < 0.5 for _ in range(40)] for _ in range(200)]

    def best(known: Sequence[int]) -> int:
        return max(range(len(rules)), key=lambda rule: sum(rules[rule][n] for n in known))

    fitted = cross_fit(best, lambda rule, judged: [rules[rule][n] for n in judged], 40, folds=8)
    where_chosen = sum(rules[best(range(40))]) / 40
    assert where_chosen > 0.6
    assert sum(fitted.values) / 40 < where_chosen - 0.1


def test_a_real_threshold_survives() -> None:
    """Where answers are right above a confidence of 0.6, every fold finds that and nothing is lost."""
    confidences = [n / 100 for n in range(100)]

    def right(threshold: float, judged: Sequence[int]) -> list[bool]:
        return [(confidences[n] >= threshold) == (confidences[n] >= 0.6) for n in judged]

    fitted = cross_fit(lambda known: max((0.2, 0.6, 0.9), key=lambda t: sum(right(t, known))), right, 100, folds=5)
    assert fitted.chosen == (0.6,) * 5
    assert all(fitted.values)


@pytest.mark.parametrize("folds", [0, 1, 5])
def test_folds_that_cannot_be_are_refused(folds: int) -> None:
    """One fold would leave nothing to choose on, and an empty one nothing to judge."""
    with pytest.raises(ValueError, match="folds must be from 2 to the number of questions, 4"):
        cross_fit(list, lambda chosen, judged: list(judged), 4, folds)
