"""Where the time of pipelines goes, before it is drawn."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.reports.conftest import Make
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import QuestionSet, Results
from tradespace.reports import milliseconds as module
from tradespace.reports.figures import milliseconds_figure
from tradespace.reports.milliseconds import milliseconds_info
from tradespace.reports.recommendation import recommendation
from tradespace.reports.section import findings_of
from tradespace.reports.sections.milliseconds import milliseconds_section
from tradespace.reports.words import duration
from tradespace.search_space.goals import ServiceLevel


def test_stage_means_add_up(make_results: Make) -> None:
    """The stacked stages of a pipeline add up to its mean latency, on the questions that the pipeline is shown for."""
    results = make_results()
    info = milliseconds_info(conclude(results))
    seconds = {(each.pipeline, each.question_set): each.seconds for each in (*results.explored, *results.confirmed)}
    assert {each.question_set for each in info.times} == set(QuestionSet)
    for place, times in enumerate(info.times):
        table = np.array(list(seconds[times.pipeline, times.question_set].values()), dtype=float)
        total = np.mean(np.sum(table, axis=0))
        assert sum(means[place] for means in info.stages.values()) == pytest.approx(total)
        assert times.predicted.mean == pytest.approx(total)
    totals = [total for total in info.totals if total is not None]
    assert totals == sorted(totals) and len(totals) == len(info.pipelines)


def test_each_stage_has_its_own_median_and_percentile(make_results: Make) -> None:
    """Of its seconds for each question; the whole has those of the sums, and what was measured beside them."""
    results = make_results()
    info = milliseconds_info(conclude(results))
    times = next(each for each in info.times if each.measured)
    own = next(each for each in results.confirmed if each.pipeline == times.pipeline)

    def quantiles(seconds: object) -> list[float]:
        return [float(np.percentile(np.array(seconds), share, method="inverted_cdf")) for share in (50, 95)]

    for stage, taken in times.stages.items():
        assert [taken.p50, taken.p95] == quantiles(own.seconds[stage])
    sums = np.sum(np.array(list(own.seconds.values()), dtype=float), axis=0)
    assert [times.predicted.p50, times.predicted.p95] == pytest.approx(quantiles(sums))
    assert times.measured and list(times.measured) == pytest.approx(quantiles(own.end_to_end))


def test_bars_leave_failed_questions_out(make_results: Make) -> None:
    """A failed question has no bar of infinite length; its pipeline's percentile does not hide it."""
    results = make_results(confirm=False)
    first = results.explored[0]
    retrieve = (None,) * 10 + first.seconds["retrieve"][10:]
    explored = (replace(first, seconds={**first.seconds, "retrieve": retrieve}), *results.explored[1:])
    info = milliseconds_info(conclude(replace(results, explored=explored)))
    assert all(math.isfinite(value) for means in info.stages.values() for value in means)
    assert all(total is None or math.isfinite(total) for total in info.totals)


def test_recommended_pipeline_always_has_a_bar(make_results: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few bars are drawn, the recommended pipeline has one."""
    monkeypatch.setattr(module, "BARS", 2)
    conclusion = conclude(make_results())
    info = milliseconds_info(conclusion)
    assert conclusion.recommended is not None
    assert conclusion.recommended.evaluation.pipeline in info.pipelines
    assert len(info.pipelines) == 2 and info.left_out > 0


def slow_when_explored(results: Results) -> Results:
    """The same, but that every stage took half as long again while exploring."""
    explored = (
        replace(
            each,
            seconds={name: tuple(1.5 * (second or 0.0) for second in row) for name, row in each.seconds.items()},
        )
        for each in results.explored
    )
    return replace(results, explored=tuple(explored))


def test_headline_and_bars_have_the_same_latency(make_results: Make) -> None:
    """A recommended pipeline that keeps the SLA on the questions that it is judged by is not drawn beyond it, whatever
    it took on those that chose it."""
    results = slow_when_explored(make_results(sla=ServiceLevel("latency_p95", 0.045)))
    findings = findings_of(results)
    said, chosen = recommendation(findings.conclusion), findings.conclusion.recommended
    assert said.pipeline and chosen and chosen.evaluation.question_set is QuestionSet.CONFIRM
    info = milliseconds_info(findings.conclusion)
    place = info.pipelines.index(said.pipeline)
    total = info.totals[place]
    assert total is not None and total <= 0.045 and f"latency of {duration(total)} " in said.headline
    explored = next(p for p in findings.conclusion.points if p.evaluation.pipeline == said.pipeline)
    assert (explored.figures["latency_p95"] or 0.0) > 0.045
    figure = milliseconds_figure(info, findings.numbers)
    assert figure.data[-1].x[place] == pytest.approx(total * 1000)
    assert sum(trace.x[place] for trace in figure.data[:-1]) < 45


def test_the_section_says_where_the_time_of_the_recommended_pipeline_goes(make_results: Make) -> None:
    """Its stages, the longest first; and every pipeline has all stages and their sum in the table behind the figure."""
    findings = findings_of(make_results())
    section = milliseconds_section(findings)
    assert section is not None
    (answer,) = section.sentences
    assert answer.startswith("Of the recommended pipeline's mean time, ") and " for generate" in answer
    rows = section.figures[0].data.rows
    info = milliseconds_info(findings.conclusion)
    assert len(rows) == sum(len(each.stages) + 1 for each in info.times)
    measured = {row.pipeline for row in rows if row.cells[-1].order is not None}
    assert measured == {each.pipeline for each in info.times if each.measured}
    untimed = tuple(replace(each, seconds={}, end_to_end=()) for each in findings.results.explored)
    assert milliseconds_section(findings_of(replace(findings.results, explored=untimed, confirmed=()))) is None
