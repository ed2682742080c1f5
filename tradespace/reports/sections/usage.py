"""What language models use: tokens and dollars, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tradespace.evals.figures import USD_PER_1K
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.results import Evaluation, Usage
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell, pipeline_cells


@dataclass(frozen=True, slots=True)
class UsageInfo:
    """What one stage of a pipeline uses, on average over the questions that did not fail.

    Attributes:
        tokens_in, tokens_out: for one question.
        usd_per_1k: dollars for 1,000 questions, 0 where the host's price covers them; None where a call has no price.
        estimated: whether some of the tokens were estimated, as a server reported none.
    """

    pipeline: str
    question_set: str
    stage: str
    tokens_in: float
    tokens_out: float
    usd_per_1k: float | None
    estimated: bool = False


def usage_section(findings: Findings) -> Section | None:
    """Of the finalists; nothing where none asks a language model."""
    infos = usage_info(findings.conclusion)
    if not infos:
        return None
    columns = ("#", "pipeline", "stage", "from", "tokens in", "tokens out", "$ / 1,000")
    rows = tuple(_row(info, findings) for info in infos)
    return Section(
        "usage",
        "What do the language models use?",
        tuple(_answer(infos, findings)),
        tables=(SectionTable("Tokens and dollars of each stage of the finalists", columns, rows),),
        notes=(
            "Tokens are those that the models of a stage read and write for one question, and dollars are for 1,000 "
            "questions, on average over the questions, as if every call were made. Dollars are 0 where the price of "
            "the host covers the calls. Behind ≈ are tokens that were estimated, as a server counted none.",
        ),
    )


def _answer(infos: Sequence[UsageInfo], findings: Findings) -> Iterator[str]:
    """What the recommended pipeline uses, all stages together."""
    chosen = findings.conclusion.recommended
    own = [info for info in infos if chosen and info.pipeline == chosen.evaluation.pipeline]
    if own:
        read, written = (sum(getattr(info, name) for info in own) for name in ("tokens_in", "tokens_out"))
        about = "about " if any(info.estimated for info in own) else ""
        used = f"{about}{read:,.0f} tokens and write {written:,.0f}"
        yield f"For a question, the models of the recommended pipeline read {used}."


def usage_info(conclusion: Conclusion) -> tuple[UsageInfo, ...]:
    """Sum up the stages that ask language models, of every finalist, in the order of the finalists and stages."""
    evaluations = [finalist.evaluation for finalist in conclusion.finalists]
    return tuple(
        _info(evaluation, stage, used)
        for evaluation in evaluations
        for stage, row in evaluation.usage.items()
        if (used := [usage for usage in row if usage is not None])
    )


def _info(evaluation: Evaluation, stage: str, used: Sequence[Usage]) -> UsageInfo:
    dollars = [usage.usd for usage in used if usage.usd is not None]
    return UsageInfo(
        evaluation.pipeline,
        evaluation.question_set,
        stage,
        sum(usage.tokens_in for usage in used) / len(used),
        sum(usage.tokens_out for usage in used) / len(used),
        1000 * sum(dollars) / len(used) if len(dollars) == len(used) else None,
        any(usage.estimated for usage in used),
    )


def _row(info: UsageInfo, findings: Findings) -> SectionRow:
    about = "≈ " if info.estimated else ""
    price = "no price" if info.usd_per_1k is None else about + USD_PER_1K.unit.write(info.usd_per_1k)
    cells = (
        *pipeline_cells(info.pipeline, findings.numbers),
        Cell(info.stage, info.stage),
        Cell(info.question_set, info.question_set),
        Cell(f"{about}{info.tokens_in:,.0f}", info.tokens_in),
        Cell(f"{about}{info.tokens_out:,.0f}", info.tokens_out),
        Cell(price, info.usd_per_1k),
    )
    return SectionRow(cells, info.pipeline)
