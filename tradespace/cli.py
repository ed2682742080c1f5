"""The command line: parse, and nothing else. What a command does is imported when it is called."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from tradespace.commands.entry import run_app
from tradespace.commands.split_format import SplitFormat

app = typer.Typer(
    name="tradespace",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Find the right design for a compound AI system: which pipeline, and how to split the latency budget.",
    epilog="Exit codes: 0 done, 1 failed, or nothing can be recommended, 2 the input is wrong, 3 nothing keeps the SLA "
    "and all limits, 130 interrupted. Add --debug to any command to see tracebacks.",
)
ledger = typer.Typer(no_args_is_help=True, help="Maintain a study's ledger: the record of every call that was made.")
data = typer.Typer(no_args_is_help=True, help="Inspect questions and documents, or generate questions.")
app.add_typer(data, name="data")
app.add_typer(ledger, name="ledger")

File = Annotated[Path, typer.Argument(help="A YAML search space.", show_default=False)]
StudyFolder = Annotated[Path, typer.Argument(help="A study folder, such as studies/NAME.", show_default=False)]
Sla = Annotated[
    Optional[str],  # noqa: UP045 - typer reads the annotation at run time
    typer.Option(help="Apply another latency bound, such as '80 ms'. Nothing is run again.", metavar="LATENCY"),
]

Limits = Annotated[
    Optional[list[str]],  # noqa: UP045
    typer.Option("--limit", help="Ask for a floor or ceiling, such as 'answer_f1 >= 0.6'; may be repeated."),
]
Utility = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(help="Weigh the objectives, such as 'answer_f1 - 0.05 * usd_per_1k'.", metavar="EXPRESSION"),
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


def _print_version(wanted: bool) -> None:
    from importlib.metadata import version

    if wanted:
        print(version("tradespace"))
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """What may stand before a command; `_print_version` reads it."""


@app.command()
def init(
    file: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("space.yaml"),
    dataset: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Your questions and documents in one folder or file, of any kind that docs/data.md names."),
    ] = None,
    questions: Annotated[Optional[Path], typer.Option(help="Your questions: CSV, JSON, JSONL …")] = None,  # noqa: UP045
    documents: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Your documents: a folder of texts, HTML, PDF …, or records in one file."),
    ] = None,
    configuration: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option(
            "--from", help="AutoRAG's configuration; may be repeated, for that of chunking.", metavar="CONFIG.YAML"
        ),
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a commented search space (YAML) to start from; given your data, one that fits them; given AutoRAG's
    configuration, the nearest to it.
    """
    from tradespace.commands.init import OwnData, write_starter

    print(write_starter(file, OwnData(dataset, questions, documents), configuration or (), force=force))


@app.command()
def check(
    file: File,
    study: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            help="The study that would be continued: its calls are not made again.", show_default="studies/NAME"
        ),
    ] = None,
    pipeline: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Say what this pipeline would still cost, in its notation; may be repeated."),
    ] = None,
    *,
    allow_unsandboxed: AllowUnsandboxed = False,
    probe: Annotated[
        bool, typer.Option("--probe", help="Ask each remote model twice, to find out how fast it is.")
    ] = False,
) -> None:
    """Find every error in a search space; count its pipelines, and estimate what exploring it takes."""
    from tradespace.commands.check import print_check

    print_check(file, study, pipeline or (), unsandboxed=allow_unsandboxed, probing=probe)


@app.command()
def explore(
    file: File,
    study: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="The study folder; an existing study is continued.", show_default="studies/NAME"),
    ] = None,
    host: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="The name of this machine in its timings.", show_default="its processor and cores"),
    ] = None,
    allow_unsandboxed: AllowUnsandboxed = False,
) -> None:
    """Search a space, confirm the finalists, and write the report. Run it again to continue."""
    from tradespace.commands.explore import run_exploration

    raise typer.Exit(run_exploration(file, study, host, unsandboxed=allow_unsandboxed))


@app.command()
def status(study: StudyFolder) -> None:
    """Show how far a study has come, and what it took."""
    from tradespace.commands.status import print_status

    print_status(study)


@app.command()
def show(
    study: StudyFolder,
    sla: Sla = None,
    limit: Limits = None,
    utility: Utility = None,
    *,
    host: Host = None,
    observed: Observed = None,
) -> None:
    """Print the answer and the frontier as a table."""
    from tradespace.commands.preferences import Preferences
    from tradespace.commands.show import print_frontier

    raise typer.Exit(print_frontier(study, host, Preferences(sla, limit or (), utility), observed))


@app.command()
def report(
    study: StudyFolder,
    sla: Sla = None,
    limit: Limits = None,
    utility: Utility = None,
    *,
    host: Host = None,
    observed: Observed = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where to write it.", show_default="report.html in the study"),
    ] = None,
) -> None:
    """Write the HTML report again."""
    from tradespace.commands.preferences import Preferences
    from tradespace.commands.report import write_report_of

    print(write_report_of(study, host, output, Preferences(sla, limit or (), utility), observed))


@app.command()
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
    sla: Sla = None,
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


@app.command()
def split(
    study: StudyFolder,
    *,
    sla: Sla = None,
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
        SplitFormat, typer.Option(help="A table, JSON, or the figures as a page of HTML.")
    ] = SplitFormat.TABLE,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where JSON or HTML goes.", show_default="standard output", metavar="FILE"),
    ] = None,
) -> None:
    """Show how the latency budget is best split, what other budgets would buy, and what a millisecond is worth."""
    from tradespace.commands.split import SplitWishes, print_split

    print_split(study, SplitWishes(sla, groups, host, format, output))


@app.command()
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


@app.command()
def ask(
    study: StudyFolder,
    question: Annotated[str, typer.Argument(help="The question.", show_default=False)],
    pipeline: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Any pipeline, in its notation.", show_default="the recommended one"),
    ] = None,
    *,
    prompts: Prompts = False,
    allow_imports: AllowImports = False,
    allow_unsandboxed: AllowUnsandboxed = False,
    allow_server: AllowServer = False,
) -> None:
    """Answer a question with a pipeline of the study; show the passages, and where the time went."""
    from tradespace.commands.ask import print_answer
    from tradespace.components.trust import Trust

    asked = {Trust.IMPORTS: allow_imports, Trust.UNSANDBOXED: allow_unsandboxed, Trust.SERVER: allow_server}
    print_answer(study, question, pipeline, [trust for trust, allowed in asked.items() if allowed], prompts=prompts)


@app.command()
def serve(
    study: StudyFolder,
    pipeline: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Any pipeline, in its notation.", show_default="the recommended one"),
    ] = None,
    *,
    replicas: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            help="Processes that each hold the whole pipeline.",
            show_default="1, or the deployment that the study explored if it is only one",
            min=1,
            max=1000,
        ),
    ] = None,
    deployment: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="A YAML file: how each stage is deployed, as in a search space's `deployment`."),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for any that is free.", min=0, max=65535)] = 8000,
    timeout: Annotated[
        float, typer.Option(help="Seconds that an answer may take; a request may say less.", min=0.001, max=86400)
    ] = 60.0,
    queue: Annotated[int, typer.Option(help="Requests that may wait for a stage; more are refused.", min=1)] = 256,
    log_questions: Annotated[bool, typer.Option("--log-questions", help="Write questions to the log.")] = False,
    adapt: Annotated[
        bool,
        typer.Option("--adapt", help="Let pipeline, batches and replicas follow the load, within the SLA."),
    ] = False,
    policy: Annotated[str, typer.Option(help="With --adapt: who chooses, as in `tradespace adapt`.")] = "frontier",
    forecast: Annotated[str, typer.Option(help="With --adapt: how load is foretold.")] = "moving_maximum",
    sla: Sla = None,
    budget_usd_per_hour: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="With --adapt: what replicas may cost.", show_default="no limit", metavar="DOLLARS", min=0),
    ] = None,
    interval: Annotated[int, typer.Option(help="With --adapt: seconds between decisions.", min=1, max=3600)] = 10,
    allow_imports: AllowImports = False,
    allow_unsandboxed: AllowUnsandboxed = False,
    allow_server: AllowServer = False,
) -> None:
    """Serve a pipeline of the study over HTTP, until Ctrl-C or SIGTERM; also as a model of OpenAI's interface."""
    from tradespace.commands.adaptation_plan import LiveAdaptation
    from tradespace.commands.serve import ServingWishes, run_serving
    from tradespace.components.trust import Trust

    trusted = {Trust.IMPORTS: allow_imports, Trust.UNSANDBOXED: allow_unsandboxed, Trust.SERVER: allow_server}
    live = LiveAdaptation(policy, forecast, sla, budget_usd_per_hour, interval) if adapt else None
    wishes = ServingWishes(pipeline, replicas, deployment, host, port, timeout, queue, log_questions, live)
    raise typer.Exit(run_serving(study, wishes, [trust for trust, allowed in trusted.items() if allowed]))


@app.command()
def load(
    url: Annotated[str, typer.Argument(help="Of the server, such as http://127.0.0.1:8000.", show_default=False)],
    *,
    rate: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Requests that arrive, such as '5 per s'.", metavar="RATE"),
    ] = None,
    burstiness: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Of the gaps between them, the coefficient of variation.", show_default="1: Poisson", min=0),
    ] = None,
    trace: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Let them arrive as recorded: the name of a bundled trace, or a CSV file.", metavar="TRACE"),
    ] = None,
    questions: Annotated[Optional[Path], typer.Option(help="What is asked: CSV, JSON, JSONL …")] = None,  # noqa: UP045
    study: Annotated[Optional[Path], typer.Option(help="Ask the questions of this study.")] = None,  # noqa: UP045
    duration: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="How long, such as '3 min'.", show_default="60 s, or until --requests", metavar="DURATION"),
    ] = None,
    requests: Annotated[Optional[int], typer.Option(help="How many requests, at most.", min=1)] = None,  # noqa: UP045
    warm_up: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Load before that, which does not count.", show_default="none", metavar="DURATION"),
    ] = None,
    timeout: Annotated[str, typer.Option(help="When a request is given up.", metavar="DURATION")] = "30 s",
    sla: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Say how many are answered within this, such as '300 ms'.", metavar="LATENCY"),
    ] = None,
    output: Annotated[Optional[Path], typer.Option(help="Write a row for each request: CSV.")] = None,  # noqa: UP045
    seed: Annotated[int, typer.Option(help="Of arrivals, and of the order of questions.")] = 0,
    api: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="The interface: answers or chat (OpenAI's).", show_default="found out", metavar="NAME"),
    ] = None,
    model: Annotated[str, typer.Option(help="The model, where a server has several.", metavar="NAME")] = "",
    key_from: Annotated[
        str, typer.Option(help="The environment variable that holds the server's key.", metavar="VARIABLE")
    ] = "TRADESPACE_SERVE_KEY",
    allow_remote: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Send load to this other machine: one of your own. Can be repeated.", metavar="HOST"),
    ] = None,
) -> None:
    """Put a server under load: requests at times fixed in advance, however slowly it answers.

    Latency counts from when a request was to be sent. Needs --rate or --trace, and --questions or --study.
    """
    from tradespace.commands.load import QuestionSource, ServerWishes, run_load
    from tradespace.commands.load_arrivals import LoadWishes

    server = ServerWishes(url, api, model, key_from, tuple(allow_remote or ()), timeout)
    wishes = LoadWishes(rate, burstiness, trace, duration, requests, warm_up, seed)
    raise typer.Exit(run_load(server, wishes, QuestionSource(questions, study), sla, output))


@app.command()
def export(
    study: StudyFolder,
    pipeline: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Any pipeline, in its notation.", show_default="the recommended one"),
    ] = None,
    *,
    form: Annotated[
        str, typer.Option("--format", help="What to write: langchain, python or yaml.", metavar="FORMAT")
    ] = "python",
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where to write it.", show_default="the terminal"),
    ] = None,
    allow_imports: AllowImports = False,
    allow_unsandboxed: AllowUnsandboxed = False,
    allow_server: AllowServer = False,
) -> None:
    """Write a pipeline of the study as a Python file, as a LangChain Runnable, or as YAML to explore again."""
    from tradespace.commands.export import write_export
    from tradespace.components.trust import Trust

    asked = {Trust.IMPORTS: allow_imports, Trust.UNSANDBOXED: allow_unsandboxed, Trust.SERVER: allow_server}
    write_export(study, pipeline, form, [trust for trust, allowed in asked.items() if allowed], output)


@app.command()
def questions(
    study: StudyFolder,
    pipeline: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="A pipeline, by its notation or its number in `show`.", show_default="the recommended one"),
    ] = None,
    compare: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Another pipeline beside it; only questions on which their scores differ are shown."),
    ] = None,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Only questions that failed, or scored 0.")] = False,
    confirm: Annotated[
        bool,
        typer.Option(
            "--confirm",
            help="The confirm questions instead of the explore questions. If you change the space after looking at "
            "them, confirm it on fresh ones.",
        ),
    ] = False,
    prompts: Prompts = False,
    allow_imports: AllowImports = False,
) -> None:
    """Show each question with its answer, reference and passages, from the ledger: no call is made."""
    from tradespace.commands.questions import print_questions
    from tradespace.components.trust import Trust

    allowed = [Trust.IMPORTS] if allow_imports else []
    print_questions(study, pipeline, compare, failed=failed, confirm=confirm, prompts=prompts, allowed=allowed)


@app.command()
def judge(
    study: StudyFolder,
    *,
    measure: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            help="The judged measure.", show_default="the first objective that a model judges", metavar="NAME"
        ),
    ] = None,
    ask: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Draw about so many more answers, and write those without a label to a file.", min=0),
    ] = None,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            help="Where --ask writes them: CSV or JSON lines.", show_default="labels-MEASURE.csv, here", metavar="FILE"
        ),
    ] = None,
    labels: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Read what people filled in: the file that --ask wrote.", metavar="FILE"),
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="Serve a page on this machine alone, to label by keyboard.")
    ] = False,
    port: Annotated[int, typer.Option(help="Of the page; 0 for any that is free.", min=0, max=65535)] = 0,
    by: Annotated[str, typer.Option(help="Who labels on the page.", metavar="NAME")] = "",
    policy: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            help="By which rule people say yes: a text, or a .md or .txt file. It is kept with the labels.",
            metavar="TEXT",
        ),
    ] = None,
    half_width: Annotated[
        float,
        typer.Option(help="Say how many labels it takes to know each corrected mean to ± this.", min=0.001, max=1),
    ] = 0.05,
    least_sensitivity: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(
            help="Correct nothing if the judge says yes to a smaller share of what people say yes to.", min=0, max=1
        ),
    ] = None,
    least_specificity: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="The same of no.", min=0, max=1),
    ] = None,
    allow_imports: AllowImports = False,
    allow_server: AllowServer = False,
) -> None:
    """Calibrate a model that judges answers: people label a few of them, and every judged figure is corrected.

    Answers are drawn at random, more often where the finalists differ. Prints how far judge and people agree, corrected
    figures beside raw ones, and how many more labels are needed.
    """
    from tradespace.commands.judge import JudgeWishes, run_judge
    from tradespace.components.trust import Trust

    trusted = {Trust.IMPORTS: allow_imports, Trust.SERVER: allow_server}
    wishes = JudgeWishes(
        *(measure, ask, output, labels, page, port, by, policy, half_width, least_sensitivity, least_specificity)
    )
    raise typer.Exit(run_judge(study, wishes, [trust for trust, allowed in trusted.items() if allowed]))


@data.command("inspect")
def inspect_data(
    path: Annotated[str, typer.Argument(help="A file or folder, or the name of a bundled dataset.")],
) -> None:
    """Say what was read, show three samples, and list what is wrong."""
    from tradespace.commands.inspect_data import print_inspection

    print_inspection(path)


@data.command("generate")
def generate_questions(
    documents: Annotated[Path, typer.Option(help="The folder of documents to ask about.", show_default=False)],
    questions: Annotated[int, typer.Option(help="How many questions are wanted.", min=1, max=10_000)] = 200,
    *,
    model: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            help="The language model that writes and examines them, such as openai:gpt-5-mini or smollm2.",
            show_default="none: made by rule, offline",
            metavar="MODEL",
        ),
    ] = None,
    space: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Let a model of this space file write them, at its prices.", metavar="FILE.YAML"),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="Where to write them.", show_default="questions.jsonl beside them", metavar="FILE.JSONL"),
    ] = None,
    question_type: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--type",
            help="fact, number, yes_no, two_passages or unanswerable. Can be repeated.",
            show_default="all that the writer can write",
        ),
    ] = None,
    calls: Annotated[Optional[int], typer.Option(help="Calls that this run may make.", min=1)] = None,  # noqa: UP045
    usd: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Dollars that this run may spend; needs prices, from --space.", min=0),
    ] = None,
    minutes: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Minutes that this run may take.", min=0.01),
    ] = None,
    seed: Annotated[int, typer.Option(help="Which passages come first, and where drawing starts.", min=0)] = 0,
    temperature: Annotated[float, typer.Option(help="How freely the model writes.", min=0, max=2)] = 1.0,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that was edited.")] = False,
) -> None:
    """Write questions about documents, with answers and evidence, by a model or by rule.

    One is kept if it is answered with its passage and not without it. Run it again to continue: no call is made twice.
    """
    from tradespace.commands.generate import GenerationWishes, run_generation
    from tradespace.search_space.sections import BudgetLimits

    limits = BudgetLimits(minutes=minutes, calls=calls, usd=usd)
    wishes = GenerationWishes(questions, model, space, question_type or (), limits, seed, temperature)
    raise typer.Exit(run_generation(documents, wishes, out, force=force))


@app.command()
def adapt(
    study: StudyFolder,
    *,
    trace: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Replay what was recorded: the name of a bundled trace, or a CSV file.", metavar="TRACE"),
    ] = None,
    rate: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Stretch the trace to this mean rate, or draw arrivals, such as '5 per s'.", metavar="RATE"),
    ] = None,
    burstiness: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="Of drawn arrivals, the variation of their gaps.", show_default="1: Poisson", min=0),
    ] = None,
    duration: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="How much of it, such as '10 min'.", show_default="the whole trace", metavar="DURATION"),
    ] = None,
    policy: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            help="A policy, with its settings: frontier, ipa, \"ipa(variants='lightest')\" … Can be repeated.",
            show_default="all",
        ),
    ] = None,
    forecast: Annotated[
        str, typer.Option(help="How load is foretold: moving_maximum, last_value, exponential_average.")
    ] = "moving_maximum",
    sla: Sla = None,
    budget_usd_per_hour: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="What replicas may cost.", show_default="no limit", metavar="DOLLARS", min=0),
    ] = None,
    replicas: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            help="As many as there may be, where the study's file has no `deployment`.",
            show_default="this machine's cores",
            min=1,
            max=1000,
        ),
    ] = None,
    interval: Annotated[int, typer.Option(help="Seconds between decisions.", min=1, max=3600)] = 10,
    startup: Annotated[float, typer.Option(help="Seconds until a new replica answers.", min=0, max=3600)] = 5.0,
    seed: Annotated[int, typer.Option(help="Of arrivals, and of what is asked.")] = 0,
    output: Annotated[Optional[Path], typer.Option(help="Write a row for each interval: CSV.")] = None,  # noqa: UP045
    host: Host = None,
) -> None:
    """Replay traffic in simulation while policies adapt pipeline, batches and replicas: what each attains, and costs.

    Needs --trace or --rate. Runs no pipeline. An oracle that knows the future is shown beside the policies.
    """
    from tradespace.commands.adapt import AdaptationWishes, print_adaptation
    from tradespace.commands.load_arrivals import LoadWishes
    from tradespace.serving.adaptation.study_menu import MenuWishes

    menu = MenuWishes(replicas, budget_usd_per_hour, startup)
    wishes = AdaptationWishes(policy or (), forecast, sla, menu, interval, output, host)
    print_adaptation(study, LoadWishes(rate, burstiness, trace, duration, None, None, seed), wishes)


@app.command("import")
def import_command(
    traces: Annotated[
        list[Path],
        typer.Argument(
            help="Traces as JSON, or a value on each line: OpenTelemetry (OTLP), or exports of Langfuse and Phoenix.",
            show_default=False,
        ),
    ],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write into.", metavar="FOLDER")] = Path("imported"),
    keep: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            help="Keep this field too: answer, user, session, or metadata.NAME. Can be repeated.",
            show_default="question, documents, scores",
            metavar="FIELD",
        ),
    ] = None,
    drop: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Do not keep this field. Can be repeated.", metavar="FIELD"),
    ] = None,
    score: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="Which measure a recorded score is. Can be repeated.", metavar="NAME=MEASURE"),
    ] = None,
    pipeline: Annotated[
        str, typer.Option(help="What runs there, in the notation of pipelines: then what to change is told.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the files of an earlier import.")] = False,
) -> None:
    """Turn what a running system recorded into questions, documents, a load, and the point to start from.

    Nothing is kept of the recordings but moments, seconds, tokens, dollars, and the fields that are named.
    """
    from tradespace.commands.import_traces import ImportWishes, import_traces

    import_traces(traces, out, ImportWishes(keep or (), drop or (), score or (), pipeline, force))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the YAML, for completion in editors."""
    from tradespace.explorer.search import SEARCH_ALGORITHMS
    from tradespace.search_space.schema import schema as json_schema

    print(json.dumps(json_schema(SEARCH_ALGORITHMS), indent=2))


@ledger.command("show")
def ledger_show(study: StudyFolder) -> None:
    """Say how large the ledger is, what it holds, and how often each call was shared."""
    from tradespace.commands.ledger import print_contents

    print_contents(study)


@ledger.command("verify")
def ledger_verify(study: StudyFolder) -> None:
    """Check the whole file: its structure, and every outcome against its checksum. Exit code 1 if it is damaged."""
    from tradespace.commands.ledger import print_verdict

    print_verdict(study)


@ledger.command("merge")
def ledger_merge(
    into: Annotated[Path, typer.Argument(help="The study whose ledger grows.", show_default=False)],
    source: Annotated[Path, typer.Argument(metavar="FROM", help="The study that is read.", show_default=False)],
) -> None:
    """Add the calls that another study recorded, so that they are not made again. Merging twice adds nothing."""
    from tradespace.commands.ledger import print_merge

    print_merge(into, source)


@ledger.command("prune")
def ledger_prune(
    study: StudyFolder,
    host: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads the annotation at run time
        typer.Option(help="Also remove the timings of this host. Can be repeated.", metavar="NAME"),
    ] = None,
    component: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            help="Also remove this component's outcomes: calls that are needed again are then repeated. "
            "Can be repeated.",
            metavar="NAME",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> None:
    """Remove evaluations of spaces that the study no longer explores, and shrink its files.

    No outcome and no timing is removed unless it is named: evaluations are recomputed from the ledger when they are
    needed, outcomes and timings are not.
    """
    from tradespace.commands.ledger import print_pruning

    print_pruning(study, host or [], component or [], dry_run=dry_run)


@ledger.command("repair")
def ledger_repair(study: StudyFolder) -> None:
    """Replace a damaged ledger by a new one with all that can still be read. The damaged file is kept."""
    from tradespace.commands.ledger import print_repair

    print_repair(study)


def main() -> None:
    """Run the command line."""
    run_app(app)
