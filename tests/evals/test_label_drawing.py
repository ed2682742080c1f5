"""Which questions are drawn: fairly, and more often where they decide."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.label_drawing import LabelStratum, drawn_questions

KINDS = {0: LabelStratum(1.0), 1: LabelStratum(2.0, worth=1.5)}
strata = st.lists(st.integers(0, 1), min_size=1, max_size=40)


def labels_of(drawn: list[int], of_place: list[int]) -> float:
    return sum(KINDS[of_place[place]].cost for place in drawn)


@given(strata, st.lists(st.integers(1, 20), min_size=1, max_size=4), st.integers(0, 1000))
def test_each_stratum_is_drawn_from_its_front(of_place: list[int], counts: list[int], seed: int) -> None:
    """However often one draws, what is drawn of a stratum is the beginning of its random order: so any of its questions
    had the same chance. None is drawn twice, and there is always one more until all are drawn."""
    order = random.Random(seed).sample(range(len(of_place)), len(of_place))
    drawn: list[int] = []
    for count in counts:
        more = drawn_questions(order, dict(enumerate(of_place)), KINDS, count, drawn)
        assert more or len(drawn) == len(order)
        assert more == [place for place in order if place in more]
        drawn += more
    assert len(drawn) == len(set(drawn))
    for stratum in (0, 1):
        ordered = [place for place in order if of_place[place] == stratum]
        taken = [place for place in ordered if place in drawn]
        assert taken == ordered[: len(taken)]


@pytest.mark.parametrize("labels", [20, 40, 100, 200])
def test_about_so_many_labels_are_asked_for(labels: int) -> None:
    """Whatever questions cost; and no more than there are."""
    of_place = [int(place < 60) for place in range(200)]
    drawn = drawn_questions(list(range(200)), dict(enumerate(of_place)), KINDS, labels)
    assert labels_of(drawn, of_place) == pytest.approx(min(labels, 260), abs=3)
    assert len(drawn_questions(list(range(200)), dict(enumerate(of_place)), KINDS, 1000)) == 200


def test_labels_are_allotted_as_is_best_for_a_mean() -> None:
    """By size, worth and the root of the cost: where no other number of questions gives a smaller variance."""
    of_place = [int(place < 60) for place in range(300)]
    drawn = drawn_questions(
        list(range(300)), dict(enumerate(of_place)), {0: LabelStratum(1.0), 1: LabelStratum(4.0)}, 60
    )
    decisive = sum(of_place[place] for place in drawn)

    def variance(dear: int) -> float:
        cheap = 60 - 4 * dear
        return 240**2 * (1 / cheap - 1 / 240) + 60**2 * (1 / dear - 1 / 60)

    assert abs(decisive - min(range(2, 14), key=variance)) <= 1


def test_every_stratum_has_two() -> None:
    """A small one too, so that it has a spread."""
    order = list(range(100))
    for size in (1, 2, 3):
        drawn = drawn_questions(order, {place: int(place >= 100 - size) for place in order}, KINDS, 10)
        assert sum(place >= 100 - size for place in drawn) >= min(2, size)


def test_questions_of_a_stratum_have_the_same_chance() -> None:
    """Over two thousand orders, each of sixty is drawn as often as any other, in the noise of drawing."""
    counts = np.zeros(60)
    for seed in range(2000):
        order = random.Random(seed).sample(range(60), 60)
        counts[drawn_questions(order, {place: int(place < 15) for place in range(60)}, KINDS, 12)] += 1
    for stratum in (counts[:15], counts[15:]):
        assert stratum.max() - stratum.min() < 6 * np.sqrt(stratum.mean())
