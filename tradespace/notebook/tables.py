"""The finalists of a study, and what stages of pipelines take, as plain values in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from tradespace.evals.figures import LATENCIES, figure_of
from tradespace.explorer.conclusions.cohort import Cohort, cohorts
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.results import Evaluation, Usage
from tradespace.notebook.columns import JUDGED_COLUMNS, NOTATION, STAGE_COLUMNS
from tradespace.reports.columns import ColumnTable, PlainValue, interval_values, plain_pipelines
from tradespace.reports.section import Findings
from tradespace.reports.table import finite, never_timed

STAGE_FIGURES = ("latency_mean", "latency_p50", "latency_p95")


def finalist_table(findings: Findings) -> ColumnTable:
    """The pipelines that were judged, in the columns of all pipelines and in their own."""
    judged = {each.evaluation.pipeline: each for each in findings.conclusion.finalists}
    table = plain_pipelines(findings.conclusion, findings.numbers, frontier_only=True)
    place = table.names.index(NOTATION.name)
    known = ((row, judged.get(str(row[place]))) for row in table.rows)
    rows = tuple((*row, *_judged(finalist)) for row, finalist in known if finalist)
    return ColumnTable((*table.columns, *JUDGED_COLUMNS), rows)


def _judged(finalist: Finalist) -> tuple[PlainValue, ...]:
    """The values of `JUDGED_COLUMNS`."""
    timed = (known.get(each.name) for each in LATENCIES for known in (finalist.predicted, finalist.measured))
    return (
        "; ".join(map(str, finalist.missed)) or None,
        None if finalist.verdict is None else str(finalist.verdict),
        finalist.behind is None or finalist.tied,
        *interval_values(finalist.behind),
        *map(finite, timed),
    )


def stage_table(findings: Findings) -> ColumnTable:
    """What each online stage of each pipeline takes, on the explore questions, then on the confirm questions."""
    results = findings.results
    found = cohorts((*results.explored, *results.confirmed))
    rows = (row for _, cohort in found for row in _stage_rows(cohort, findings.numbers))
    return ColumnTable(STAGE_COLUMNS, tuple(rows))


def _stage_rows(cohort: Cohort, numbers: Mapping[str, int]) -> Iterator[tuple[PlainValue, ...]]:
    stages = dict.fromkeys(stage for evaluation in cohort.evaluations for stage in evaluation.seconds)
    seconds = {stage: _stage_figures(cohort, stage) for stage in stages}
    for place, evaluation in enumerate(cohort.evaluations):
        for stage in evaluation.seconds:
            figures = (None,) * len(STAGE_FIGURES) if never_timed(evaluation) else seconds[stage][place]
            yield (numbers[evaluation.pipeline], evaluation.pipeline, *_of_stage(evaluation, stage, figures))


def _stage_figures(cohort: Cohort, stage: str) -> list[list[float]]:
    """The seconds of a stage, by pipeline and figure."""
    seconds = cohort.stage_seconds((stage,))
    return list(map(list, zip(*(figure_of(name).summary.of(seconds).tolist() for name in STAGE_FIGURES), strict=True)))


def _of_stage(evaluation: Evaluation, stage: str, figures: Sequence[float | None]) -> tuple[PlainValue, ...]:
    """The values of `STAGE_COLUMNS` behind those that say which pipeline it is."""
    used = [each for each in evaluation.usage.get(stage, ()) if each is not None]
    return (
        str(evaluation.question_set),
        stage,
        evaluation.stages.get(stage),
        *map(finite, figures),
        stage in evaluation.conditions.predicted,
        *_mean_tokens(used),
    )


def _mean_tokens(used: Sequence[Usage]) -> tuple[float | None, float | None]:
    if not used:
        return None, None
    return fmean(each.tokens_in for each in used), fmean(each.tokens_out for each in used)
