"""Agreement of judge and people, against published figures and known truths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.agreement import agreement, labels_for_share, share_verdict
from tradespace.evals.statistics import Estimate, wilson_interval
from tradespace.evals.verdicts import BoundVerdict

verdicts = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


def test_kappa_is_that_of_the_textbook() -> None:
    """Fleiss, Levin and Paik 2003, as R's statpsych gives it: 31, 12, 4 and 58 answers, κ 0.676."""
    judged = [0] * 31 + [1] * 12 + [0] * 4 + [1] * 58
    said = [0] * 43 + [1] * 62
    kappa = agreement(judged, said).kappa
    assert kappa.value == pytest.approx(0.6756757)
    assert kappa.low == pytest.approx(0.5317210, abs=0.02)
    assert kappa.high == pytest.approx(0.8196303, abs=0.02)


def test_kappa_holds_as_often_as_it_claims() -> None:
    """Over a thousand drawings of forty answers, on which both say yes to seven of ten."""
    random, true = np.random.default_rng(0), []
    table = np.array([[0.22, 0.08], [0.08, 0.62]])
    judge, people = table.sum(axis=1), table.sum(axis=0)
    expected = float(judge @ people)
    kappa = (np.trace(table) - expected) / (1 - expected)
    for _ in range(1000):
        drawn = random.choice(4, size=40, p=table.ravel())
        found = agreement(drawn // 2, drawn % 2).kappa
        true.append(found.low is not None and found.high is not None and found.low <= kappa <= found.high)
    assert np.mean(true) > 0.93


@given(verdicts)
def test_shares_are_counts(pairs: list[tuple[bool, bool]]) -> None:
    """Sensitivity is of the answers that people say yes to, specificity of the others; with Wilson's intervals."""
    judged, said = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    found = agreement(judged, said)
    for share, of in ((found.sensitivity, 1.0), (found.specificity, 0.0)):
        chosen = judged[said == of]
        assert share.n == len(chosen)
        if len(chosen):
            value = float((chosen == of).mean())
            assert share.value == pytest.approx(value)
            assert (share.low, share.high) == pytest.approx(wilson_interval(value, len(chosen)))
        else:
            assert share.value is None
    assert found.agreed.value == pytest.approx(float((judged == said).mean()))


@given(verdicts, st.integers(2, 5))
def test_who_counts_for_several_is_as_good_as_one(pairs: list[tuple[bool, bool]], times: int) -> None:
    """Equal weights change nothing: neither figures nor intervals."""
    judged, said = zip(*pairs, strict=True)
    alone, weighed = agreement(judged, said), agreement(judged, said, [times] * len(pairs))
    for one, other in ((alone.sensitivity, weighed.sensitivity), (alone.kappa, weighed.kappa)):
        assert one.n == other.n
        assert (one.value is None) == (other.value is None)
        if one.value is not None:
            assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_where_both_always_say_the_same_there_is_no_kappa() -> None:
    """Chance leaves nothing to agree on; and with one answer less of that, perfect agreement is not certain."""
    assert agreement([1, 1, 1], [1, 1, 1]).kappa.value is None
    perfect = agreement([1] * 20 + [0] * 20, [1] * 20 + [0] * 20).kappa
    assert (perfect.value, perfect.high) == (1.0, 1.0)
    assert 0.7 < (perfect.low or 0.0) < 0.99


def test_what_says_nothing_is_left_out() -> None:
    """A reply that could not be read, and answers on which as many people say yes as no."""
    found = agreement([1, np.nan, 0, 1], [1, 1, 0.5, 0])
    assert (found.answers, found.agreed.missing) == (2, 2)
    assert agreement([], []).agreed == Estimate(None, None, None, 0, 0)


def test_half_of_the_judgements_are_a_yes() -> None:
    """Of several judgements, as of one."""
    assert agreement([0.5, 0.4], [1, 1]).sensitivity.value == 0.5


@pytest.mark.parametrize(
    ("value", "low", "least", "verdict"),
    [
        (0.9, 0.85, 0.8, BoundVerdict.KEPT),
        (0.9, 0.7, 0.8, BoundVerdict.UNDECIDED),
        (0.79, 0.7, 0.8, BoundVerdict.MISSED),
        (None, None, 0.8, BoundVerdict.UNDECIDED),
        (None, None, 0.0, BoundVerdict.KEPT),
    ],
)
def test_a_judge_reaches_what_is_demanded_or_not(
    value: float | None, low: float | None, least: float, verdict: BoundVerdict
) -> None:
    """It is refused where it is lower, and not certain where its interval is."""
    assert share_verdict(Estimate(value, low, value, 20, 0), least) is verdict


def test_labels_are_counted_until_a_share_is_certain() -> None:
    """So many more, if it stays what it is, and no fewer; none where it is certain, no number where it is too low."""
    share = Estimate(0.95, wilson_interval(0.95, 20)[0], 1.0, 20, 0)
    needed = labels_for_share(share, 0.8, frequency=0.25)
    assert needed is not None
    assert wilson_interval(0.95, 20 + needed * 0.25)[0] >= 0.8 > wilson_interval(0.95, 20 + (needed - 4) * 0.25)[0]
    assert labels_for_share(share, 0.5, 0.25) == 0
    assert labels_for_share(share, 0.96, 0.25) is None
    assert labels_for_share(Estimate(None, None, None, 0, 0), 0.8, 0.25) is None
