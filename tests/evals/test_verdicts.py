"""Verdicts about a share of questions, against the definition and on simulated pipelines whose share is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tradespace.evals.verdicts import Verdict, share_evidence, share_verdicts


def plain_evidence(exceeds: list[bool], share: float) -> tuple[float, float]:
    """The mean over shares on one side, by numeric integration, of how much better each explains what was seen."""
    prior = stats.beta(0.5, 0.5 * (1 - share) / share)
    most = [1.0, 1.0]
    for asked in range(1, len(exceeds) + 1):
        over = sum(exceeds[:asked])
        for side, (low, high) in enumerate([(0.0, share), (share, 1.0)]):
            points = np.linspace(*prior.cdf([low, high]), 801)
            shares = prior.ppf((points[1:] + points[:-1]) / 2)
            ratios = (shares / share) ** over * ((1 - shares) / (1 - share)) ** (asked - over)
            most[side] = max(most[side], float(ratios.mean()))
    return most[0], most[1]


@settings(max_examples=6, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=8), st.sampled_from([0.05, 0.1, 0.5]))
def test_evidence_is_how_much_better_shares_on_one_side_explain_what_was_seen(
    exceeds: list[bool], share: float
) -> None:
    """The closed form agrees with numeric integration, after the question where it was largest."""
    below, above = share_evidence([exceeds], [[True] * len(exceeds)], share)
    assert (below[0], above[0]) == pytest.approx(plain_evidence(exceeds, share), rel=0.05)


@pytest.mark.parametrize("share", [0.03, 0.05, 0.08])
def test_false_verdicts_are_rarer_than_the_error_however_long_one_looks(share: float) -> None:
    """600 pipelines on 600 questions, looked at after each: at most 5 % are judged falsely even where the share is
    just that of the bound."""
    exceeds = np.random.default_rng(0).random((600, 600)) < share
    below, above = share_evidence(exceeds, np.ones_like(exceeds), 0.05)
    false = (below if share >= 0.05 else above) >= 20
    assert false.mean() <= 0.05
    assert share != 0.05 or (above >= 20).mean() <= 0.05


def test_verdicts_of_several_pipelines_share_the_error() -> None:
    """Evidence that is enough for one is not enough for the best of ten that were looked at."""
    row = [0.05] * 88
    assert share_verdicts([row], 0.1, 0.95, 0.05) == [Verdict.KEPT]
    assert share_verdicts([row] * 10, 0.1, 0.95, 0.05) == [Verdict.UNDECIDED] * 10


def test_few_questions_decide_nothing_and_clear_cases_need_few() -> None:
    """Half of the questions beyond the bound are seen at once; that hardly any are takes many."""
    assert share_verdicts([[0.2, 0.05] * 5], 0.1, 0.95, 0.05) == [Verdict.MISSED]
    assert share_verdicts([[0.05] * 20], 0.1, 0.95, 0.05) == [Verdict.UNDECIDED]
    assert share_verdicts([[0.05] * 24], 0.1, 0.5, 0.05) == [Verdict.KEPT]
    assert share_verdicts([[]], 0.1, 0.95, 0.05) == [Verdict.UNDECIDED]


def test_a_question_at_the_bound_keeps_it_and_an_unknown_one_says_nothing() -> None:
    """`latency <= SLA` is kept at equality; infinitely slow is beyond."""
    assert share_verdicts([[0.1] * 150], 0.1, 0.95, 0.05) == [Verdict.KEPT]
    assert share_verdicts([[float("nan")] * 150], 0.1, 0.95, 0.05) == [Verdict.UNDECIDED]
    assert share_verdicts([[float("inf")] * 5], 0.1, 0.95, 0.05) == [Verdict.MISSED]
