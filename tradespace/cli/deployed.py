"""Commands that put a pipeline to use, and under load."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from tradespace.cli.options import AllowImports, AllowServer, AllowUnsandboxed, Host, Sla, StudyFolder

deployed = typer.Typer()


@deployed.command()
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


@deployed.command()
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


@deployed.command()
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


@deployed.command()
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
