"""Commands about questions and documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

data = typer.Typer(no_args_is_help=True, help="Inspect questions and documents, or generate questions.")
traces = typer.Typer()


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


@traces.command("import")
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
