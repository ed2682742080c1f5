"""How long the tail is: the latency quantiles of the finalists, and the share of questions that miss the SLA."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tradespace.evals.figures import LATENCIES, Quantile
from tradespace.evals.figures.units import MISSING
from tradespace.evals.statistics import Estimate, share_above
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.figures import figures, joint_estimates
from tradespace.explorer.conclusions.judging import Finalist
from tradespace.explorer.results import Evaluation
from tradespace.reports.latency import timing_info, timing_sentences
from tradespace.reports.metering import metering_sentences
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell, duration_cell, finite, latency_basis, never_timed, pipeline_cells
from tradespace.reports.words import column_name, duration, figure_with_interval
from tradespace.search_space.goals import ServiceLevel

QUANTILES = tuple(figure.name for figure in LATENCIES if isinstance(figure.summary, Quantile))


def latencies_section(findings: Findings) -> Section | None:
    """The tail of each finalist, and what these figures rest on."""
    table = latency_table(findings)
    if not table.rows:
        return None
    late = (
        " Questions that take longer than the SLA are counted, and whether their share decides if the SLA is kept on "
        "all questions."
        if findings.conclusion.sla
        else ""
    )
    return Section(
        "latencies",
        "How long is the tail?",
        tuple(_answer(findings.conclusion)),
        tables=(table,),
        notes=(
            "Figures are over all questions of the finalists. Ranges are 95 % intervals; those of the quantiles hold "
            f"for all finalists at once.{late} A question that failed is infinitely slow.",
            *timing_notes(findings),
        ),
    )


def _answer(conclusion: Conclusion) -> Iterator[str]:
    """What the recommended pipeline takes as a rule, and at worst."""
    chosen = conclusion.recommended
    if chosen is None or never_timed(chosen.evaluation):
        return
    typical, longest = figures([chosen.evaluation], ("latency_p50", "latency_p99"))[0].tolist()
    if finite(longest) is not None:
        within = f"half of the questions within {duration(typical)}, and 99 % of them within {duration(longest)}"
        yield f"The recommended pipeline answers {within}."


def timing_notes(findings: Findings) -> tuple[str, ...]:
    """What a careful reader should know of latencies, and of other quantities that calls do not record."""
    return (*timing_sentences(timing_info(findings.results)), *metering_sentences(findings.results))


def latency_table(findings: Findings) -> SectionTable:
    """Tabulate the latency quantiles of the finalists, with intervals that hold for all of them at once, the share of
    questions that miss the service level, with its own, and the verdict about that."""
    conclusion, sla = findings.conclusion, findings.conclusion.sla
    judged = [finalist for finalist in conclusion.finalists if not never_timed(finalist.evaluation)]
    evaluations = [finalist.evaluation for finalist in judged]
    late = [_late(evaluation, sla) for evaluation in evaluations]
    rows = tuple(
        _row(finalist, findings.numbers, quantiles, share)
        for finalist, quantiles, share in zip(judged, joint_estimates(evaluations, QUANTILES), late, strict=True)
        if quantiles
    )
    head = ("#", "pipeline", "from", *(column_name(name) for name in QUANTILES))
    ruled = (f"over {duration(sla.seconds)}", "SLA") if sla else ()
    table = SectionTable("Latency quantiles of the finalists", (*head, *ruled), rows)
    return _with_first_tokens(table, conclusion)


def _with_first_tokens(table: SectionTable, conclusion: Conclusion) -> SectionTable:
    """The table with a column for the first tokens of calls, in the median, where any were streamed."""
    conditions = {each.evaluation.pipeline: each.evaluation.conditions for each in conclusion.finalists}
    shown = [conditions[row.pipeline].first_token if row.pipeline else None for row in table.rows]
    if all(seconds is None for seconds in shown):
        return table
    rows = (
        replace(row, cells=(*row.cells, Cell(MISSING) if seconds is None else duration_cell(seconds)))
        for row, seconds in zip(table.rows, shown, strict=True)
    )
    return replace(table, columns=(*table.columns, "first token of a call"), rows=tuple(rows))


def _row(
    finalist: Finalist, numbers: Mapping[str, int], estimated: Mapping[str, Estimate], late: Estimate | None
) -> SectionRow:
    evaluation, verdict = finalist.evaluation, str(finalist.verdict)
    basis = f"{evaluation.question_set}, {latency_basis(evaluation)}"
    cells: Sequence[Cell] = (
        *pipeline_cells(evaluation.pipeline, numbers),
        Cell(basis, basis),
        *(Cell(figure_with_interval(estimated, name), _order(estimated.get(name))) for name in QUANTILES),
        *([Cell(_share(late), late.value), Cell(verdict, verdict)] if late else []),
    )
    return SectionRow(tuple(cells), evaluation.pipeline)


def _late(evaluation: Evaluation, sla: ServiceLevel | None) -> Estimate | None:
    return share_above(Cohort((evaluation,)).measured_seconds()[0].tolist(), sla.seconds) if sla else None


def _share(share: Estimate) -> str:
    if share.value is None or share.low is None or share.high is None:
        return MISSING
    return f"{share.value:.1%} ({share.low:.1%}–{share.high:.1%})"


def _order(estimate: Estimate | None) -> float | None:
    return finite(estimate.value) if estimate else None
