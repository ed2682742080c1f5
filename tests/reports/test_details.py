"""What is told of one pipeline that is selected."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.reports.conftest import generated_results
from tradespace.explorer.results import Evaluation, Results
from tradespace.reports.details import ALL_STAGES, CORRECTED, PipelineDetails, pipeline_details
from tradespace.reports.section import findings_of
from tradespace.reports.words import duration

Make = Callable[..., Results]


def told(results: Results, evaluation: Evaluation) -> PipelineDetails:
    """The details of one pipeline."""
    findings = findings_of(results)
    details = pipeline_details(findings, {evaluation.pipeline})
    assert list(details) == [findings.numbers[evaluation.pipeline]]
    return details[findings.numbers[evaluation.pipeline]]


def p95(seconds: np.ndarray) -> str:
    """The smallest value that 95 % of them do not exceed, computed as it is defined."""
    return duration(float(sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]))


def test_times_are_of_each_stage_and_of_their_sums() -> None:
    """Quantiles over questions: a sum of quantiles is none, so the stages together have their own."""
    results = generated_results(confirm=False)
    evaluation = results.explored[7]
    details = told(results, evaluation)
    rows = {stage: np.array(values) for stage, values in evaluation.seconds.items()}
    assert [(each.stage, each.p95) for each in details.stages] == [
        *((stage, p95(values)) for stage, values in rows.items()),
        (ALL_STAGES, p95(sum(rows.values()))),
    ]


def test_finalists_have_their_confirmed_and_measured_figures() -> None:
    """Of the confirm questions, and of runs from end to end."""
    results = generated_results()
    confirmed = results.confirmed[0]
    details = told(results, confirmed)
    assert details.stages[-1].stage == CORRECTED
    assert details.stages[0].p95 == p95(np.array(confirmed.seconds["retrieve"]))
    assert dict(details.figures)["from"].startswith("confirm")
    assert details.yaml == confirmed.yaml


def test_the_python_is_a_program_that_has_the_pipeline() -> None:
    """It runs, and what it makes prints as the notation."""
    import tradespace

    notation = "bm25(top_k=5) >> maxsim(keep=2) >> sentence()"
    results = generated_results(confirm=False)
    renamed = replace(results, explored=(replace(results.explored[0], pipeline=notation), *results.explored[1:]))
    scope: dict[str, object] = {}
    exec(told(renamed, renamed.explored[0]).python, scope)
    assert scope["pipeline"] == tradespace.parse(notation)


def test_what_was_never_timed_has_no_times() -> None:
    """As recorded calls that hold no seconds."""
    results = generated_results(confirm=False)
    untimed = replace(results.explored[0], seconds=dict.fromkeys(results.explored[0].seconds, (None,) * 80))
    explored = (untimed, *results.explored[1:])
    assert told(replace(results, explored=explored), untimed).stages == ()
