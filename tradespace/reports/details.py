"""What a page tells of one pipeline that is selected: its figures, where its time goes, and how to use it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tradespace.evals.figures import Quantile
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import cohorts
from tradespace.explorer.results import Evaluation
from tradespace.reports.section import Findings
from tradespace.reports.table import SectionRow, never_timed, pipelines_table
from tradespace.reports.words import duration

ALL_STAGES, CORRECTED = "all stages", "corrected by runs end to end"
_MEDIAN, _TAIL = Quantile(0.5), Quantile(0.95)


@dataclass(frozen=True, slots=True)
class StageDurations:
    """How long a stage takes, or all of them together, as texts with their units: median and 95th percentile."""

    stage: str
    p50: str
    p95: str


@dataclass(frozen=True, slots=True)
class PipelineDetails:
    """One pipeline.

    Attributes:
        notation: in full.
        yaml: a fragment that can be explored again.
        python: a program that has it.
        standing: recommended, finalist, frontier, dominated …
        figures: name and text of each, as the table of pipelines has them.
        stages: predicted from stages that were timed alone, then their sum for
            each question, then that as it is quoted where the pipeline was run from end to end.
    """

    notation: str
    yaml: str
    python: str
    standing: str
    figures: tuple[tuple[str, str], ...]
    stages: tuple[StageDurations, ...]


def pipeline_details(findings: Findings, pipelines: Collection[str]) -> dict[int, PipelineDetails]:
    """Tell of some pipelines, by number: of finalists what was confirmed, of others what was explored."""
    table = pipelines_table(findings.conclusion, findings.numbers)
    rows = [row for row in table.rows if row.pipeline in pipelines]
    evaluations = _evaluations(findings, rows)
    times = dict(_times(evaluations))
    return {
        findings.numbers[evaluation.pipeline]: PipelineDetails(
            notation=evaluation.pipeline,
            yaml=evaluation.yaml,
            python=python_of(evaluation.pipeline),
            standing=row.standing,
            figures=tuple(_figures(table.columns, row)),
            stages=times[evaluation.pipeline],
        )
        for row, evaluation in zip(rows, evaluations, strict=True)
    }


def python_of(notation: str) -> str:
    """A program that has a pipeline.

    >>> print(python_of("bm25() >> sentence()"))
    import tradespace
    <BLANKLINE>
    pipeline = tradespace.parse('bm25() >> sentence()')
    """
    return f"import tradespace\n\npipeline = tradespace.parse({notation!r})"


def _evaluations(findings: Findings, rows: Sequence[SectionRow]) -> list[Evaluation]:
    judged = {finalist.evaluation.pipeline: finalist.evaluation for finalist in findings.conclusion.finalists}
    explored = {evaluation.pipeline: evaluation for evaluation in findings.results.explored}
    return [judged.get(name) or explored[name] for row in rows if (name := row.pipeline)]


def _figures(columns: Sequence[str], row: SectionRow) -> Iterator[tuple[str, str]]:
    """All cells behind number, notation and standing."""
    for name, cell in zip(columns[3:], row.cells[3:], strict=True):
        yield name, cell.text


def _times(evaluations: Sequence[Evaluation]) -> Iterator[tuple[str, tuple[StageDurations, ...]]]:
    """The times of each pipeline; none where it was never timed."""
    for _, cohort in cohorts(evaluations):
        stages = dict.fromkeys(stage for evaluation in cohort.evaluations for stage in evaluation.seconds)
        alone = {stage: _quantiles(cohort.stage_seconds((stage,))) for stage in stages}
        together, measured = _quantiles(cohort.stage_seconds()), _quantiles(cohort.measured_seconds())
        for place, evaluation in enumerate(cohort.evaluations):
            names = () if never_timed(evaluation) else tuple(evaluation.seconds)
            yield (
                evaluation.pipeline,
                (
                    *(_stage_times(stage, alone[stage], place) for stage in names),
                    *([_stage_times(ALL_STAGES, together, place)] if len(names) > 1 else []),
                    *([_stage_times(CORRECTED, measured, place)] if names and evaluation.end_to_end else []),
                ),
            )


def _quantiles(seconds: Floats) -> tuple[Floats, Floats]:
    """Median and tail of each row."""
    return _MEDIAN.of(seconds), _TAIL.of(seconds)


def _stage_times(stage: str, quantiles: tuple[Floats, Floats], place: int) -> StageDurations:
    p50, p95 = (float(values[place]) for values in quantiles)
    return StageDurations(stage, duration(p50), duration(p95))
