"""The section about the split is about the recommended pipeline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.reports.conftest import QUESTIONS, Make
from tradespace.explorer.results import Evaluation, Results
from tradespace.reports.section import findings_of
from tradespace.reports.sections.split import split_section
from tradespace.reports.splits import split_sentence
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import ServiceLevel


def untimed_by_stage(results: Results) -> Results:
    """The same, of which only whole pipelines were ever timed."""

    def whole(evaluations: tuple[Evaluation, ...]) -> tuple[Evaluation, ...]:
        sums = (np.sum(np.array(list(each.seconds.values()), dtype=float), axis=0).tolist() for each in evaluations)
        return tuple(
            replace(each, seconds={}, end_to_end=tuple(total)) for each, total in zip(evaluations, sums, strict=True)
        )

    return replace(results, explored=whole(results.explored), confirmed=whole(results.confirmed))


def test_the_section_begins_with_the_recommended_pipeline(make_results: Make) -> None:
    """And has the best for each split as a table, in ascending order, one row for each."""
    findings = findings_of(make_results())
    section = split_section(findings)
    assert section and section.sentences == (split_sentence(findings.conclusion),)
    (figure,) = section.figures
    assert [row.cells[0].text for row in figure.data.rows] == [f"{share}/{100 - share}" for share in range(10, 100, 10)]
    assert findings.conclusion.split
    for row, point in zip(figure.data.rows, findings.conclusion.split.points, strict=True):
        assert row.pipeline == point.pipeline


@pytest.mark.parametrize("milliseconds", [15, 25, 35, 43, 50, 75, 100, 400])
@pytest.mark.parametrize("confirm", [True, False])
@pytest.mark.parametrize("by_stage", [True, False])
def test_no_split_is_impossible_beside_a_recommended_pipeline(
    make_results: Make, milliseconds: int, confirm: bool, by_stage: bool
) -> None:
    """That nothing fits is said only where nothing keeps the bound, whatever is known of the stages."""
    results = make_results(sla=ServiceLevel("latency_p95", milliseconds / 1000), confirm=confirm)
    conclusion = findings_of(results if by_stage else untimed_by_stage(results)).conclusion
    told = split_sentence(conclusion)
    if conclusion.recommended:
        assert told and "under any split" not in told
        assert by_stage == told.startswith(f"Of the {milliseconds} ms this pipeline takes ")
    else:
        assert "this pipeline" not in told


def test_a_recommended_pipeline_has_its_split_though_it_missed_a_limit_while_it_was_explored(
    make_results: Make,
) -> None:
    """What it is judged by are the confirm questions, on which it keeps the limit."""
    results = make_results()
    goals = replace(results.goals, limits=(Bound("usd_per_1k", 0.15, floor=False),))
    first = findings_of(results.under(goals)).conclusion.recommended
    assert first is not None
    dearer = tuple(
        replace(each, metered={"usd": (0.0002,) * QUESTIONS}) if each.pipeline == first.evaluation.pipeline else each
        for each in results.explored
    )
    conclusion = findings_of(replace(results, explored=dearer).under(goals)).conclusion
    assert conclusion.recommended and conclusion.recommended.evaluation.pipeline == first.evaluation.pipeline
    assert conclusion.split and conclusion.split.own
    assert conclusion.split.own.pipeline == first.evaluation.pipeline
