"""Verdicts about a share of questions, against the definition and on simulated pipelines whose share is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tradespace.evals.verdicts import BoundVerdict, score_verdicts, share_evidence, share_verdicts


def plain_evidence(over: int, asked: int, share: float) -> tuple[float, float]:
    """The mean over shares on one side, by numeric integration, of how much better each explains what was seen."""
    prior = stats.beta(0.5, 0.5 * (1 - share) / share)

    def side(low: float, high: float) -> float:
        edges = np.linspace(low, high, 400_001)
        shares = (edges[1:] + edges[:-1]) / 2
        weights = np.diff(prior.cdf(edges))
        explained = (shares / share) ** over * ((1 - shares) / (1 - share)) ** (asked - over)
        return float(weights @ explained / weights.sum())

    return side(0.0, share), side(share, 1.0)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 20), st.integers(0, 60), st.sampled_from([0.05, 0.1, 0.5]))
def test_evidence_is_how_much_better_shares_on_one_side_explain_what_was_seen(
    over: int, within: int, share: float
) -> None:
    """The closed form agrees with numeric integration."""
    below, above = share_evidence(over, over + within, share)
    assert (float(below), float(above)) == pytest.approx(plain_evidence(over, over + within, share), rel=0.05)


@pytest.mark.parametrize("share", [0.03, 0.05, 0.08])
def test_false_verdicts_are_rarer_than_the_error_however_long_one_looks(share: float) -> None:
    """2,000 pipelines on 600 questions, looked at after every fifth: at most 5 % are ever judged falsely, even where
    the share is just that of the bound."""
    over = np.cumsum(np.random.default_rng(0).random((2000, 600)) < share, axis=1)[:, 4::5]
    below, above = share_evidence(over, np.arange(5, 601, 5), 0.05)
    if share >= 0.05:
        assert (below.max(axis=1) >= 20).mean() <= 0.05
    if share <= 0.05:
        assert (above.max(axis=1) >= 20).mean() <= 0.05


def test_verdicts_of_several_pipelines_share_the_error() -> None:
    """Evidence that is enough for one is not enough for the best of ten that were looked at."""
    row = [0.05] * 88
    assert share_verdicts([row], 0.1, 0.95, 0.05) == [BoundVerdict.KEPT]
    assert share_verdicts([row] * 10, 0.1, 0.95, 0.05) == [BoundVerdict.UNDECIDED] * 10


def test_few_questions_decide_nothing_and_clear_cases_need_few() -> None:
    """Half of the questions beyond the bound are seen at once; that hardly any are takes many."""
    assert share_verdicts([[0.2, 0.05] * 5], 0.1, 0.95, 0.05) == [BoundVerdict.MISSED]
    assert share_verdicts([[0.05] * 20], 0.1, 0.95, 0.05) == [BoundVerdict.UNDECIDED]
    assert share_verdicts([[0.05] * 24], 0.1, 0.5, 0.05) == [BoundVerdict.KEPT]
    assert share_verdicts([[]], 0.1, 0.95, 0.05) == [BoundVerdict.UNDECIDED]


def test_a_question_at_the_bound_keeps_it_and_an_unknown_one_says_nothing() -> None:
    """`latency <= SLA` is kept at equality; infinitely slow is beyond."""
    assert share_verdicts([[0.1] * 150], 0.1, 0.95, 0.05) == [BoundVerdict.KEPT]
    assert share_verdicts([[float("nan")] * 150], 0.1, 0.95, 0.05) == [BoundVerdict.UNDECIDED]
    assert share_verdicts([[float("inf")] * 5], 0.1, 0.95, 0.05) == [BoundVerdict.MISSED]


@pytest.mark.parametrize(("mean", "shape"), [(0.5, "binary"), (0.5, "between"), (0.45, "binary"), (0.55, "between")])
def test_false_verdicts_on_scores_are_rarer_than_the_error_however_long_one_looks(mean: float, shape: str) -> None:
    """400 groups of 10 to 120 questions, looked at as one likes: at most 5 % are ever judged falsely, even where the
    mean is just the limit."""
    random = np.random.default_rng(0)
    between = random.beta(8 * mean, 8 - 8 * mean, (400, 120))
    drawn = random.random((400, 120)) < mean if shape == "binary" else between
    false = np.zeros(400, dtype=bool)
    for asked in (10, 30, 60, 120):
        verdicts = np.array([score_verdicts(row[None, :asked], 0.5, 0.05)[0] for row in drawn.astype(float)])
        wrong = {0.45: (BoundVerdict.KEPT,), 0.55: (BoundVerdict.MISSED,)}.get(mean, tuple(BoundVerdict)[:2])
        false |= np.isin(verdicts, wrong)
    assert false.mean() <= (0.1 if mean == 0.5 else 0.05)  # of a mean that is the limit both verdicts are called false


def test_clear_cases_of_scores_are_decided_and_a_ceiling_is_a_floor_upside_down() -> None:
    """Missing scores say nothing; none at all decides nothing."""
    good = [1.0, 1.0, 1.0, 0.0, 1.0] * 12
    assert score_verdicts([good], 0.5, 0.05) == [BoundVerdict.KEPT]
    assert score_verdicts([[1 - score for score in good]], 0.5, 0.05) == [BoundVerdict.MISSED]
    assert score_verdicts([[1 - score for score in good]], 0.5, 0.05, floor=False) == [BoundVerdict.KEPT]
    gaps = [value for score in good for value in (score, float("nan"))]
    assert score_verdicts([gaps], 0.5, 0.05) == [BoundVerdict.KEPT]
    assert score_verdicts([[float("nan")] * 9], 0.5, 0.05) == [BoundVerdict.UNDECIDED]
    assert score_verdicts([[1.0, 1.0, 1.0]], 0.5, 0.05) == [BoundVerdict.UNDECIDED]
    assert score_verdicts([[0.0] * 4 + [1.0] * 4], 0.0, 0.05) == [BoundVerdict.KEPT]
