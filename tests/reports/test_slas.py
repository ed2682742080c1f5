"""What another service level would buy, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.marginal import MarginalPipeline
from tradespace.explorer.conclusions.slas import ArchitectureChange, SlaStep
from tradespace.explorer.results import Results
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.slas import SlaInfo, sla_info, sla_sentences
from tradespace.search_space.goals import ServiceLevel

Make = Callable[..., Results]


def estimate(value: float) -> Estimate:
    """A figure with a symmetric interval."""
    return Estimate(value, value - 0.05, value + 0.05, 300, 0)


FIRST = SlaStep(0.008, "bm25() >> reader()", estimate(0.3), (0.2, 0.8), ("bm25", "reader"))
LAST = SlaStep(0.041, "bm25() >> maxsim() >> reader()", estimate(0.45), (0.6, 0.4), ("bm25", "maxsim", "reader"))
NUMBERS = {FIRST.pipeline: 1, LAST.pipeline: 2}
INFO = SlaInfo("answer_f1", ServiceLevel("latency_p95", 0.1), (FIRST, LAST), (), None, ())


def test_the_useful_bounds_are_told() -> None:
    """From the fastest pipeline to the one that no slower one beats."""
    assert sla_sentences(INFO, NUMBERS) == (
        "On the explore questions, a bound on the 95th-percentile latency is useful from 8.00 ms (answer F1 0.300) to "
        "41.0 ms (0.450): nothing is faster, and more time buys nothing.",
    )
    assert sla_sentences(replace(INFO, steps=(FIRST,)), NUMBERS) == (
        "One pipeline is both the fastest and the best, from a 95th-percentile latency of 8.00 ms on.",
    )


@pytest.mark.parametrize(
    ("came", "went", "told"),
    [
        (("maxsim",), (), "maxsim pays"),
        (("maxsim",), ("none",), "maxsim in the place of none pays"),
        ((), ("maxsim",), "doing without maxsim pays"),
    ],
)
def test_a_change_of_architecture_is_told(came: tuple[str, ...], went: tuple[str, ...], told: str) -> None:
    """From which bound on, what instead of what, and how much that gains."""
    info = replace(INFO, changes=(ArchitectureChange(LAST, came, went, estimate(0.15)),))
    assert sla_sentences(info, NUMBERS)[1] == f"From 41.0 ms on, {told}: +0.150 answer F1 (0.100–0.200)."


def test_what_a_millisecond_is_worth_is_told() -> None:
    """For each group that has anything to gain or to save, beside the recommended pipeline."""
    marginal = (
        MarginalPipeline(0, LAST.pipeline, 0.02, estimate(0.1)),
        MarginalPipeline(0, FIRST.pipeline, -0.005, estimate(-0.1)),
    )
    (_, told) = sla_sentences(replace(INFO, own=LAST.pipeline, marginal=marginal), NUMBERS)
    assert told == (
        "Beside #2, for retrieve + rerank 20.0 ms more buy at best 0.005 a millisecond (#2, +0.100 answer F1 "
        "(0.050–0.150)); 5.00 ms less cost at least 0.02 a millisecond (#1, -0.100 answer F1 (-0.150 to -0.050))."
    )


def test_a_study_without_a_bound_or_times_has_none(make_results: Make) -> None:
    """Nothing is said then."""
    results = make_results()
    untimed = replace(results, explored=tuple(replace(each, seconds={}) for each in results.explored))
    assert sla_info(conclude(make_results(sla=None))) is None
    assert sla_info(conclude(untimed)) is None


def test_it_starts_from_the_recommended_pipeline(make_results: Make) -> None:
    """Every pipeline that is named has a number."""
    results = make_results()
    conclusion = conclude(results)
    info = sla_info(conclusion)
    assert info and conclusion.recommended and info.own == conclusion.recommended.evaluation.pipeline
    assert len(sla_sentences(info, pipeline_numbers(results))) >= 2
