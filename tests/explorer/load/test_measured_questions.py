"""Questions that were measured in replicas stand for those that were not."""

from __future__ import annotations

import math

import numpy as np

from tradespace.explorer.load.measured_questions import ENOUGH_MEASURED, as_measured_questions


def test_measured_questions_stand_for_those_next_to_them() -> None:
    """At all stations at once: who takes as long alone as they do takes what they took. What fails, fails."""
    measured = np.arange(1.0, ENOUGH_MEASURED + 1)
    alone = np.stack([np.append(measured, [7.2, 1_000.0, math.inf]), np.zeros(ENOUGH_MEASURED + 3)], axis=1)
    taken = {0: 10 * measured, 1: np.append(-measured, [math.nan] * 3)}
    seconds = as_measured_questions(alone, taken)
    assert seconds[:ENOUGH_MEASURED].tolist() == [[10 * each, -each] for each in measured.tolist()]
    assert seconds[ENOUGH_MEASURED:].tolist() == [[70.0, -7.0], [300.0, -30.0], [math.inf, 0.0]]


def test_a_few_measured_questions_stand_for_themselves() -> None:
    """So few say nothing of the others' tail."""
    alone = np.ones((ENOUGH_MEASURED, 1))
    taken = np.full(ENOUGH_MEASURED, 2.0)
    taken[-1] = math.nan
    assert as_measured_questions(alone, {0: taken})[:, 0].tolist() == [2.0] * (ENOUGH_MEASURED - 1) + [1.0]
