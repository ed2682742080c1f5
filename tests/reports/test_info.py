"""What the figures show, before they are drawn."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.reports.conftest import SLA
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Results
from tradespace.reports import info as module
from tradespace.reports.info import (
    frontier_info,
    frontier_infos,
    pipeline_numbers,
    split_infos,
)
from tradespace.search_space.goals import Goals, Objective

Make = Callable[..., Results]


def test_every_pipeline_is_placed_once(make_results: Make) -> None:
    """Explored pipelines are either dominated or on the frontier; finalists are drawn again with confirmed figures."""
    results: Results = make_results()
    info = frontier_info(conclude(results), "latency_p95")
    names = [dot.pipeline for dot in (*info.dominated, *info.frontier)]
    assert sorted(names) == sorted(evaluation.pipeline for evaluation in results.explored)
    assert len(info.confirmed) == len(results.confirmed)
    assert info.recommended in info.confirmed
    assert all(dot.x_range and dot.y_range and dot.membership is not None for dot in info.frontier)
    assert (info.left_out, info.unplaced) == (0, 0)


def test_steps_rise_with_latency(make_results: Make) -> None:
    """The steps give more accuracy for more latency, from corner to corner."""
    steps = np.array(frontier_info(conclude(make_results()), "latency_p95").steps)
    assert len(steps) > 2
    assert (np.diff(steps, axis=0) > 0).all()


def test_each_objective_that_is_kept_small_has_a_plane_with_the_accuracy(make_results: Make) -> None:
    """The latency that is judged has one as well; the bound stands in that one alone."""
    results: Results = make_results()
    objectives = (*results.goals.objectives, Objective("usd_per_1k", False))
    latency, dollars = frontier_infos(conclude(replace(results, goals=Goals(objectives, results.goals.sla))))
    assert (latency.cost, latency.bound) == ("latency_p95", 0.1)
    assert (dollars.cost, dollars.bound) == ("usd_per_1k", None)
    assert [dot.x for dot in (*dollars.dominated, *dollars.frontier)] == pytest.approx([0.1] * 45)


def test_without_any_seconds_there_is_no_plane_of_latency(make_results: Make) -> None:
    """As for recorded calls that hold none: accuracy and dollars are drawn all the same."""
    results: Results = make_results(sla=None)
    explored = tuple(replace(evaluation, seconds={}, end_to_end=()) for evaluation in results.explored)
    objectives = (Objective("answer_f1", True), Objective("usd_per_1k", False))
    untimed = replace(results, explored=explored, confirmed=(), goals=Goals(objectives))
    assert [info.cost for info in frontier_infos(conclude(untimed))] == ["usd_per_1k"]


def test_what_is_not_drawn_is_counted(make_results: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pipelines beyond what a figure can show, or without a figure, are counted."""
    monkeypatch.setattr(module, "DOTS", 10)
    results: Results = make_results()
    explored = (replace(results.explored[0], seconds={}), *results.explored[1:])
    info = frontier_info(conclude(replace(results, explored=explored)), "latency_p95")
    assert len(info.dominated) == 10
    assert info.left_out == 44 - 10 - len(info.frontier)
    assert info.unplaced == 1


def test_split_places_pipelines_by_what_they_take(make_results: Make) -> None:
    """A pipeline stands at the part of the bound that its retrieval takes, apart by whether it keeps the whole."""
    conclusion = conclude(make_results())
    (info,) = split_infos(conclusion)
    assert (info.place, info.group) == (0, "retrieve + rerank")
    assert len(info.kept) + len(info.missed) == 45
    kept = {dot.pipeline for dot in info.kept}
    for point in conclusion.points:
        latency = point.figures["latency_p95"]
        assert latency is not None
        assert (point.evaluation.pipeline in kept) == (latency <= 0.1)
    assert split_infos(conclude(make_results(sla=None))) == ()


def test_each_of_several_groups_has_a_plane_of_its_own(make_results: Make) -> None:
    """With the best pipeline for each of its shares, whatever the others are given of the rest."""
    sla = replace(SLA, split=(("retrieve",), ("rerank",), ("generate",)))
    conclusion = conclude(make_results(sla=sla))
    assert conclusion.split
    infos = split_infos(conclusion)
    assert [info.group for info in infos] == ["retrieve", "rerank", "generate"]
    for info in infos:
        assert [point.shares[info.place] for point in info.best] == [number / 10 for number in range(1, 9)]
        for best in info.best:
            same = [each for each in conclusion.split.points if each.shares[info.place] == best.shares[info.place]]
            values = [each.accuracy.value for each in same if each.accuracy and each.accuracy.value is not None]
            assert (best.accuracy.value if best.accuracy else None) == (max(values) if values else None)


def test_pipelines_are_numbered_as_explored(make_results: Make) -> None:
    """A pipeline keeps one number, whatever is asked of the study."""
    results: Results = make_results()
    numbers = pipeline_numbers(results)
    assert [numbers[evaluation.pipeline] for evaluation in results.explored] == list(range(1, 46))
