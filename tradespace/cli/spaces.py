"""Commands about a search space: to begin one, check it, explore it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from tradespace.cli.options import AllowUnsandboxed, File, Format, Ledger, Output, StudyFolder
from tradespace.commands.formats import TableFormat
from tradespace.search_space.call_place import CallPlace

spaces = typer.Typer()


@spaces.command()
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


@spaces.command()
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
    ledger: Ledger = None,
    workers: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            help="Also estimate how long it takes with so many workers.", show_default="those of the space", min=1
        ),
    ] = None,
    allow_unsandboxed: AllowUnsandboxed = False,
    probe: Annotated[
        bool, typer.Option("--probe", help="Ask each remote model twice, to find out how fast it is.")
    ] = False,
    format: Format = TableFormat.TABLE,
    output: Output = None,
) -> None:
    """Find every error in a search space; count its pipelines, and estimate what exploring it takes."""
    from tradespace.commands.check import CheckWishes, print_check

    wishes = CheckWishes(pipeline or (), probe, ledger, workers)
    raise typer.Exit(print_check(file, study, wishes, unsandboxed=allow_unsandboxed, format=format, output=output))


@spaces.command()
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
    ledger: Ledger = None,
    *,
    on: Annotated[
        Optional[CallPlace],  # noqa: UP045
        typer.Option(
            help="Make calls in this process, or on the Ray cluster that RAY_ADDRESS names; without one, on one that "
            "is started here.",
            show_default="that of the space",
        ),
    ] = None,
    workers: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(
            min=1, help="The most workers on the cluster.", show_default="as many as it has cores", metavar="N"
        ),
    ] = None,
    allow_unsandboxed: AllowUnsandboxed = False,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Serve a page on this machine meanwhile: the results so far, and a button to stop."
        ),
    ] = False,
    live_port: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(help="Serve that page at this port.", show_default="any that is free", min=0, max=65535),
    ] = None,
) -> None:
    """Search a space, confirm the finalists, and write the report. Run it again to continue."""
    from tradespace.commands.explore import run_exploration

    port = live_port if live_port is not None else 0 if live else None
    raise typer.Exit(
        run_exploration(file, study, host, on, workers, unsandboxed=allow_unsandboxed, ledger=ledger, live_port=port)
    )


@spaces.command()
def status(study: StudyFolder, *, format: Format = TableFormat.TABLE, output: Output = None) -> None:
    """Show how far a study has come, and what it took."""
    from tradespace.commands.status import print_status

    print_status(study, format, output)


@spaces.command()
def schema() -> None:
    """Print the JSON Schema of the YAML, for completion in editors."""
    from tradespace.explorer.search import SEARCH_ALGORITHMS
    from tradespace.search_space.schema import schema as json_schema

    print(json.dumps(json_schema(SEARCH_ALGORITHMS), indent=2))
