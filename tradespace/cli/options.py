"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from tradespace.commands.formats import TableFormat

File = Annotated[Path, typer.Argument(help="A YAML search space.", show_default=False)]
StudyFolder = Annotated[Path, typer.Argument(help="A study folder, such as studies/NAME.", show_default=False)]
Sla = Annotated[
    Optional[str],  # noqa: UP045 - typer reads the annotation at run time
    typer.Option(help="Apply another latency bound, such as '80 ms'. Nothing is run again.", metavar="LATENCY"),
]

AnySla = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--sla",
        help="Apply another latency bound, such as '80 ms', or one on another latency: 'latency_p50 <= 80 ms'. Nothing "
        "is run again.",
        metavar="LATENCY",
    ),
]

Limits = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--limit", help="Ask for a floor or ceiling, such as 'answer_f1 >= 0.6'; may be repeated."),
]
Utility = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(help="Weigh the objectives, such as 'answer_f1 - 0.05 * usd_per_1k'.", metavar="EXPRESSION"),
]

Best = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        help="Recommend the best in this figure, of those that keep the SLA and all limits: usd_per_1k for the "
        "cheapest, latency_p95 for the fastest.",
        metavar="FIGURE",
    ),
]

Compare = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        help="Say what moved beyond noise since this other study, before a change of model, host or data: "
        "`--compare BEFORE AFTER`.",
        metavar="BEFORE",
    ),
]

Host = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(help="Use the timings of this host.", show_default="that of the last exploration", metavar="NAME"),
]

Observed = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        help="Show where this running system stands: observed.json of `tradespace import`.",
        show_default="that of the space",
        metavar="FILE",
    ),
]

Format = Annotated[TableFormat, typer.Option(help="A table, or JSON or CSV for programs.")]
Output = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(help="Where JSON or CSV goes.", show_default="standard output", metavar="FILE"),
]
Ledger = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        help="Record calls in a ledger on a server, which others may share, such as postgresql://me@host/calls.",
        show_default="that of the space, or else the study's own",
        metavar="URL",
    ),
]
LedgerPlace = Annotated[
    str,
    typer.Argument(
        help="A study folder, such as studies/NAME, or the URL of a ledger on a server.",
        metavar="STUDY",
        show_default=False,
    ),
]

AllowImports = Annotated[
    bool, typer.Option("--allow-imports", help="Import code that the study names, such as LangChain classes.")
]
AllowUnsandboxed = Annotated[
    bool,
    typer.Option(
        "--allow-unsandboxed",
        help="Run a model's programs outside the sandbox, where `isolated: false` is set.",
    ),
]
AllowServer = Annotated[
    bool, typer.Option("--allow-server", help="Contact the servers that the study names, with your keys for them.")
]
Prompts = Annotated[
    bool, typer.Option("--prompts", help="Show what language models were sent, word for word, and what they replied.")
]
SettingColumns = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--setting",
        help="A column that tells pipelines apart: each combination of values is a pipeline. Can be repeated.",
        show_default="guessed",
        metavar="COLUMN",
    ),
]
QuestionColumn = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--question",
        help="The column that says which question a row is about.",
        show_default="guessed",
        metavar="COLUMN",
    ),
]
ScoreColumns = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--score", help="A column of scores. Can be repeated.", show_default="guessed", metavar="COLUMN"),
]
LatencyColumn = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--latency",
        help="The column of seconds, or of milliseconds where its name ends in `ms`.",
        show_default="guessed",
        metavar="COLUMN",
    ),
]
CostColumn = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--cost", help="The column of dollars.", show_default="guessed", metavar="COLUMN"),
]
PipelineColumns = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option(
        "--pipeline",
        help="A column with the scores of one pipeline, in a table of one row for each question. Can be repeated.",
        show_default="guessed",
        metavar="COLUMN",
    ),
]
