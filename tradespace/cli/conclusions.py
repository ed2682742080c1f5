"""Commands that conclude from what was measured; they run nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from tradespace.cli.options import (
    AnySla,
    Best,
    Compare,
    CostColumn,
    Format,
    Host,
    LatencyColumn,
    Limits,
    Observed,
    Output,
    PipelineColumns,
    QuestionColumn,
    ScoreColumns,
    SettingColumns,
    StudyFolder,
    Utility,
)
from tradespace.commands.formats import ReportFormat, SplitFormat, TableFormat

conclusions = typer.Typer()


@conclusions.command()
def show(
    study: StudyFolder,
    sla: AnySla = None,
    limit: Limits = None,
    utility: Utility = None,
    *,
    best: Best = None,
    compare: Compare = None,
    everything: Annotated[bool, typer.Option("--all", help="All pipelines, not only frontier and finalists.")] = False,
    host: Host = None,
    observed: Observed = None,
    format: Format = TableFormat.TABLE,
    output: Output = None,
) -> None:
    """Print the answer and the frontier as a table; or what changed since another study."""
    from tradespace.commands.comparison import print_comparison
    from tradespace.commands.preferences import Preferences
    from tradespace.commands.show import ShowWishes, print_frontier

    preferences = Preferences(sla, limit or (), utility, best)
    wishes = ShowWishes(host, observed, everything, format, output)
    if compare:
        print_comparison(compare, study, wishes, preferences)
    else:
        raise typer.Exit(print_frontier(study, preferences, wishes))


@conclusions.command()
def report(
    study: StudyFolder,
    sla: AnySla = None,
    limit: Limits = None,
    utility: Utility = None,
    *,
    best: Best = None,
    compare: Compare = None,
    host: Host = None,
    observed: Observed = None,
    format: Annotated[
        ReportFormat,
        typer.Option(
            help="A page, its text, all of it as JSON, the pipelines as CSV, or the figures as a folder of pictures."
        ),
    ] = ReportFormat.HTML,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            help="Where to write it: a file, or a folder for pictures.",
            show_default="report.FORMAT in the study",
            metavar="PATH",
        ),
    ] = None,
) -> None:
    """Write the report again: as a page, or for a document, a program or a spreadsheet."""
    from tradespace.commands.comparison import write_comparison_of
    from tradespace.commands.preferences import Preferences
    from tradespace.commands.report import ReportWishes, write_report_of

    wishes, preferences = ReportWishes(host, observed, format, output), Preferences(sla, limit or (), utility, best)
    if compare:
        print(write_comparison_of(compare, study, wishes, preferences))
    else:
        print(write_report_of(study, wishes, preferences))


@conclusions.command()
def capacity(
    study: StudyFolder,
    pipeline: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Any evaluated pipeline, in its notation.", show_default="the recommended one"),
    ] = None,
    *,
    rate: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Predict latencies at this rate, such as '5 per s'. Can be repeated.", metavar="RATE"),
    ] = None,
    replicas: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="So many processes with the whole pipeline, not the study's deployments.", min=1, max=1000),
    ] = None,
    batch: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Requests that a process takes together, at most.", min=1, max=4096),
    ] = None,
    sla: AnySla = None,
    trace: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Take arrivals from a trace: a bundled one, or a file.", metavar="TRACE"),
    ] = None,
    deployment: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="A YAML file with another section `deployment`.", metavar="FILE.YAML"),
    ] = None,
    host: Host = None,
    everything: Annotated[bool, typer.Option("--all", help="All deployments of the frontier.")] = False,
) -> None:
    """Predict how many requests per second a pipeline bears within the SLA, and its latencies. Runs nothing."""
    from tradespace.commands.capacity import CapacityWishes, print_capacity

    wishes = CapacityWishes(pipeline, tuple(rate or ()), replicas, batch, sla, trace, deployment, host, everything)
    print_capacity(study, wishes)


@conclusions.command()
def split(
    study: StudyFolder,
    *,
    sla: AnySla = None,
    groups: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            help="The groups of stages that share the bound, such as 'retrieve + rerank, generate'.",
            show_default="those of the study",
            metavar="GROUPS",
        ),
    ] = None,
    host: Host = None,
    format: Annotated[
        SplitFormat, typer.Option(help="A table, JSON, CSV, or the figures as a page of HTML.")
    ] = SplitFormat.TABLE,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where JSON, CSV or HTML goes.", show_default="standard output", metavar="FILE"),
    ] = None,
) -> None:
    """Show how the latency budget is best split, what other budgets would buy, and what a millisecond is worth."""
    from tradespace.commands.split import SplitWishes, print_split

    print_split(study, SplitWishes(sla, groups, host, format, output))


@conclusions.command()
def analyse(
    table: Annotated[
        list[Path],
        typer.Argument(
            help="A table: CSV (also .gz or .xz) or Parquet. Several of the same columns, such as one for each "
            "pipeline, are read as one, with their names in the column `file`.",
            show_default=False,
        ),
    ],
    *,
    setting: SettingColumns = None,
    question: QuestionColumn = None,
    score: ScoreColumns = None,
    latency: LatencyColumn = None,
    cost: CostColumn = None,
    pipeline: PipelineColumns = None,
    score_range: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--range",
            help="The range of a column of scores that do not reach from 0 to 1. Can be repeated.",
            metavar="COLUMN=LOW..HIGH",
        ),
    ] = None,
    maximize: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            help="An objective: a column of scores. The first ranks the pipelines. Can be repeated.",
            show_default="all that the table has",
            metavar="NAME",
        ),
    ] = None,
    minimize: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            help="An objective to be kept small: latency_p95, usd_per_1k, or a column of scores. Can be repeated.",
            show_default="all that the table has",
            metavar="NAME",
        ),
    ] = None,
    sla: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="The latency that must be kept, such as latency_p95=100ms.", metavar="LATENCY=BOUND"),
    ] = None,
    limit: Limits = None,
    utility: Utility = None,
    confirm: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            help="How many questions are held out from choosing, to judge what was chosen.",
            show_default="half of them",
            min=0,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which questions are held out.")] = 0,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where to write the report.", show_default="TABLE.html, here"),
    ] = None,
) -> None:
    """Conclude from a table that was measured elsewhere: frontier, intervals, ties, recommendation, HTML report.

    The table has one row for each pipeline and question, or one row for each question and a column for each pipeline.
    What columns are is guessed where no option says it, and printed. Nothing is run.
    """
    from tradespace.commands.analyse import Wishes, run_analysis
    from tradespace.data.tables import TableColumns

    columns = TableColumns(
        tuple(setting or ()), question, tuple(score or ()), latency, cost, pipelines=tuple(pipeline or ())
    )
    wishes = Wishes(maximize or (), minimize or (), sla, limit or (), utility, score_range or (), confirm, seed)
    raise typer.Exit(run_analysis(table, columns, wishes, output))
