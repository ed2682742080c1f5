"""Figures: latencies of sums, means of what is known, costs, and their intervals."""

import math
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.figures import LATENCIES, Quantile
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.figures import advantage, estimates, figures, replicates
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Objective


def evaluation(
    seconds: dict[str, tuple[float | None, ...]], question_set: QuestionSet = QuestionSet.EXPLORE, **fields: Any
) -> Evaluation:
    """A pipeline with these seconds by stage."""
    return Evaluation("p", "", question_set, {}, fields.pop("scores", {}), seconds=seconds, **fields)


TIMES = st.lists(st.one_of(st.none(), st.floats(0, 10)), min_size=1, max_size=12)


@given(
    TIMES,
    st.sampled_from([(each.name, each.summary.share) for each in LATENCIES if isinstance(each.summary, Quantile)]),
)
def test_latency_quantile_is_kept_by_its_share(times: list[float | None], quantile: tuple[str, float]) -> None:
    """A latency quantile is the smallest time that this share of the questions keeps, where None never ends."""
    known = [math.inf if time is None else time for time in times]
    measure, share = quantile
    naive = next(time for time in sorted(known) if sum(other <= time for other in known) >= share * len(known) - 1e-9)
    assert figures([evaluation({"retrieve": tuple(times)})], [measure])[0, 0] == naive


def test_latency_is_of_sums_over_stages() -> None:
    """Stages add up question by question: slow retrieval and slow reading of different questions do not meet."""
    pipeline = evaluation({"retrieve": (0.9, 0.1, 0.1, 0.1), "generate": (0.1, 0.1, 0.1, 0.9)})
    assert figures([pipeline], ["latency_p99", "latency_mean"]).tolist() == [[1.0, 0.6]]


def test_end_to_end_runs_replace_predictions() -> None:
    """Where a pipeline was run for real, its latency is what was measured, failures included."""
    real = evaluation({"retrieve": (0.1, 0.1)}, end_to_end=(0.3, None))
    assert figures([real, evaluation({"retrieve": (0.1, 0.1)})], ["latency_p50"]).tolist() == [[0.3], [0.1]]
    assert figures([real], ["latency_p99"])[0, 0] == math.inf


def test_missing_scores_are_left_out() -> None:
    """A missing score is no zero: the mean is that of the known ones, and NaN where there is none."""
    pipelines = [evaluation({}, scores={"f1": (1.0, None, 0.5)}), evaluation({}, scores={"f1": (None,) * 3})]
    means = figures([*pipelines, evaluation({})], ["f1"])[:, 0]
    assert means[0] == 0.75
    assert np.isnan(means[1:]).all()


def test_cost_is_per_thousand_questions() -> None:
    """usd_per_1k is a thousand times the mean dollars of a question."""
    assert figures([evaluation({}, metered={"usd": (0.001, 0.003)})], ["usd_per_1k"])[0, 0] == pytest.approx(2.0)


@given(st.lists(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=5, max_size=5).map(tuple), min_size=1))
def test_estimates_agree_with_figures(rows: list[tuple[float | None, ...]]) -> None:
    """An estimate's value is the figure, its interval holds it, and n and missing add up to the questions."""
    pipelines = [evaluation({}, scores={"f1": row}) for row in rows]
    for value, found in zip(figures(pipelines, ["f1"])[:, 0], estimates(pipelines, ["f1"]), strict=True):
        assert ("f1" in found) == math.isfinite(value)
        if estimate := found.get("f1"):
            assert estimate.value == pytest.approx(value)
            assert (estimate.low or 0.0) - 1e-9 <= value <= (estimate.high or 0.0) + 1e-9
            assert estimate.n + estimate.missing == 5


def test_advantage_is_paired_and_directed() -> None:
    """More is better where the objective is maximised, less where it is minimised, on the same questions."""
    one, other = (evaluation({}, scores={"f1": row}) for row in ((1.0, 0.0, 0.8), (0.5, None, 0.3)))
    gain = advantage(one, other, Objective("f1", maximize=True))
    assert (gain.value, gain.n, gain.missing) == (0.5, 2, 1)
    assert (gain.low or 0.0) < 0.5 < (gain.high or 0.0)
    assert advantage(one, other, Objective("f1", maximize=False)).value == -0.5


def test_advantage_needs_common_questions() -> None:
    """Pipelines on different splits have no question in common."""
    with pytest.raises(ValueError, match="same questions"):
        advantage(evaluation({}), evaluation({}, QuestionSet.CONFIRM), Objective("f1", maximize=True))


def test_equal_prices_are_certain() -> None:
    """Dollars have no range that other questions could lie in, so equal ones have an interval of no width."""
    (price,) = estimates([evaluation({}, metered={"usd": (0.002,) * 9})], ["usd_per_1k"])
    assert (price["usd_per_1k"].low, price["usd_per_1k"].high) == pytest.approx((2.0, 2.0))


@pytest.mark.parametrize("confirmed", [3, 9])
def test_figures_of_both_splits_are_computed_apart(confirmed: int) -> None:
    """Figures and intervals of a mixture are those that each has alone, however many questions either split timed."""
    random = np.random.default_rng(0)
    mixture = [
        evaluation(
            {"retrieve": tuple(random.random(width).tolist())}, split, scores={"f1": tuple(random.random(width))}
        )
        for split, width in (
            (QuestionSet.EXPLORE, 3),
            (QuestionSet.CONFIRM, confirmed),
            (QuestionSet.EXPLORE, 3),
            (QuestionSet.CONFIRM, confirmed),
        )
    ]
    measures = ["f1", "latency_p95", "latency_mean"]
    assert figures(mixture, measures).tolist() == [figures([one], measures)[0].tolist() for one in mixture]
    for together, one in zip(estimates(mixture, measures), mixture, strict=True):
        (alone,) = estimates([one], measures)
        assert all(astuple(together[name]) == pytest.approx(astuple(alone[name])) for name in measures)


def test_replicates_share_their_resample() -> None:
    """Twins have equal figures in every resample, and figures vary from one resample to the next."""
    scores = tuple(np.random.default_rng(0).random(40).tolist())
    twins = [evaluation({"retrieve": scores[:30]}, scores={"f1": scores}) for _ in range(2)]
    drawn = np.array(list(replicates(Cohort(tuple(twins)), ["f1", "latency_p50"])))
    assert drawn.shape == (200, 2, 2)
    assert (drawn[:, 0] == drawn[:, 1]).all()
    assert (drawn.std(axis=0) > 0).all()
    assert drawn[:, 0, 0].mean() == pytest.approx(np.mean(scores), abs=0.02)
