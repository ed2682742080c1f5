"""From a running system to a better pipeline."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.explorer.conclusions.test_conclusion import confirmed, evaluation, results
from tradespace.explorer.conclusions.better_than_observed import ObservedComparison, setting_changes
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.observed import ObservedFigure, ObservedSystem
from tradespace.explorer.results import Evaluation, Results, SearchAccount
from tradespace.reports.observed import observed_sentences


def running(top_k: int, passages: int, right: float, milliseconds: float, retriever: str = "bm25") -> Evaluation:
    """An explored pipeline with its stages."""
    stages = {"retrieve": f"{retriever}(top_k={top_k})", "generate": f"reader(passages={passages})"}
    return replace(evaluation(" >> ".join(stages.values()), right, milliseconds), stages=stages)


OWN = running(20, 3, 0.6, 100)
ONE = running(5, 3, 0.6, 62)
TWO = running(5, 1, 0.6, 40)
WORSE = running(1, 3, 0.3, 20)


def observed(explored: list[Evaluation], pipeline: str = OWN.pipeline, **figures: float) -> Results:
    """Results beside a system that runs a pipeline, and took 120 ms on its machine."""
    seen = {"latency_p95": 0.12, **figures}
    system = ObservedSystem(
        requests=50,
        pipeline=pipeline,
        figures={name: ObservedFigure(value=value, n=50) for name, value in seen.items()},
    )
    return replace(results(explored, [confirmed("other", 0.5, 50)]), observed=system)


def compared(explored: list[Evaluation], pipeline: str = OWN.pipeline, **figures: float) -> ObservedComparison:
    """The comparison in the conclusion."""
    comparison = conclude(observed(explored, pipeline, **figures)).observed
    assert comparison is not None
    return comparison


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": "x(k=1)"}, {"a": "x(k=1)"}, []),
        ({"a": "x(k=1, m=2)"}, {"a": "x(m=2)"}, ["a.k 1 → default"]),
        ({"a": "x(k=1)"}, {"a": "y(k=1)"}, ["a x(k=1) → y(k=1)"]),
        ({"a": "x()", "b": "y()"}, {"a": "x()"}, ["b y() → none"]),
        ({"a": "x(m=p(q=1), k=1)"}, {"a": "x(m=p(q=2), k=3)"}, ["a.m p(q=1) → p(q=2)", "a.k 1 → 3"]),
        ({"a": "no notation ("}, {"a": "x()"}, ["a no notation ( → x()"]),
    ],
)
def test_what_differs_between_two_pipelines_is_listed(
    before: dict[str, str], after: dict[str, str], changes: list[str]
) -> None:
    """Settings by the way to them; another component as one change."""
    assert [str(change) for change in setting_changes(before, after)] == changes


def test_the_nearest_faster_pipeline_of_equal_accuracy_is_found() -> None:
    """Fewest changes first, not the fastest; one that is worse is none. What is saved is a share of what its pipeline
    takes in the study, not of what it took on another machine."""
    found = compared([OWN, ONE, TWO, WORSE])
    assert found.own is not None and found.better is not None
    assert found.better.point.evaluation is ONE
    assert [str(change) for change in found.better.changes] == ["retrieve.top_k 20 → 5"]
    assert found.better.saved == pytest.approx(0.38) and found.better.as_accurate


def test_where_none_is_faster_a_more_accurate_one_will_do() -> None:
    """If it takes no longer."""
    better, slower = running(20, 5, 0.9, 100), running(20, 9, 0.95, 150)
    found = compared([OWN, better, slower]).better
    assert found is not None and found.point.evaluation is better and not found.as_accurate
    assert compared([OWN, slower, WORSE]).better is None


def test_what_a_system_scored_stands_for_what_it_runs_where_that_is_unknown() -> None:
    """The fastest pipeline that scores no less, and takes less than was seen."""
    found = compared([OWN, ONE, WORSE], pipeline="", f1=0.55).better
    assert found is not None and found.point.evaluation is ONE and found.changes == ()
    assert found.saved == pytest.approx(1 - 0.062 / 0.12)
    assert compared([OWN, ONE], pipeline="").better is None
    assert compared([OWN, ONE], pipeline="", f1=0.95).better is None


@pytest.mark.parametrize(
    ("explored", "pipeline", "figures", "words"),
    [
        ([OWN, ONE], OWN.pipeline, {}, "This one change, retrieve.top_k 20 → 5, gives −38 % p95 latency at equal f1"),
        (
            [OWN, TWO],
            OWN.pipeline,
            {},
            "These 2 changes, retrieve.top_k 20 → 5 and generate.passages 3 → 1, give −60 %",
        ),
        ([OWN, WORSE], OWN.pipeline, {}, "No explored pipeline is faster at equal f1, or better and as fast."),
        ([ONE], "bm25(top_k=7)", {}, "It runs bm25(top_k=7), which was not explored: put it into the space"),
        ([ONE], "", {}, "Its f1 was not recorded. Say what it runs (`tradespace import --pipeline`)"),
        ([ONE], "", {"f1": 0.5}, f"On the explore questions {ONE.pipeline} has no less f1, and takes 48 % less p95"),
        ([ONE], "", {"f1": 0.9}, "No explored pipeline has its f1 and is faster."),
    ],
)
def test_the_way_is_told_in_a_sentence(
    explored: list[Evaluation], pipeline: str, figures: dict[str, float], words: str
) -> None:
    """Behind where the system is; without one, nothing is said."""
    known = observed(explored, pipeline, **figures)
    here, there = observed_sentences(conclude(known))
    assert here.startswith("You are here: ") and "a 95th-percentile latency of 120 ms" in here
    assert here.endswith("over 50 recorded requests.") and there.startswith(words)
    assert observed_sentences(conclude(replace(known, observed=None))) == ()


def test_a_pipeline_that_another_stood_for_stands_where_that_does() -> None:
    """It was not tried, as it makes the same calls; what differs is told from what it is itself."""
    known = observed([OWN, ONE], "bm25(top_k=30) >> reader(passages=3)")
    account = SearchAccount(
        3, True, 2, 0, 0, 2, 0, 0, 200, alike={OWN.pipeline: ("bm25(top_k=30) >> reader(passages=3)",)}
    )
    system = known.observed
    assert system is not None
    parts = {"retrieve": "bm25(top_k=30)", "generate": "reader(passages=3)"}
    known = replace(
        known,
        provenance=replace(known.provenance, search=account),
        observed=system.model_copy(update={"components": parts}),
    )
    found = conclude(known).observed
    assert found is not None and found.own is not None and found.own.evaluation is OWN
    assert found.better is not None and [str(each) for each in found.better.changes] == ["retrieve.top_k 30 → 5"]
