"""The commands of `tradespace ledger`: what it holds, whether it is sound, joining two, making one smaller or whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

ledger = typer.Typer(no_args_is_help=True, help="Look after a study's ledger: the record of every call that was made.")

StudyFolder = Annotated[Path, typer.Argument(help="A study folder, such as studies/NAME.", show_default=False)]


@ledger.command()
def show(study: StudyFolder) -> None:
    """Say how large the ledger is, what it holds, and how often each call was shared."""
    from tradespace.cli.ledger_printing import print_contents

    print_contents(study)


@ledger.command()
def verify(study: StudyFolder) -> None:
    """Read all of it: the file's structure, and every outcome against its checksum. Ends with 1 where it is damaged."""
    from tradespace.cli.ledger_printing import print_verdict

    print_verdict(study)


@ledger.command()
def merge(
    into: Annotated[Path, typer.Argument(help="The study whose ledger grows.", show_default=False)],
    source: Annotated[Path, typer.Argument(metavar="FROM", help="The study that is read.", show_default=False)],
) -> None:
    """Add what another study's ledger has: its calls need not be made again. Merging twice adds nothing."""
    from tradespace.cli.ledger_printing import print_merge

    print_merge(into, source)


@ledger.command()
def prune(
    study: StudyFolder,
    host: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads the annotation at run time
        typer.Option(help="Also forget what was timed on this host. May be given several times.", metavar="NAME"),
    ] = None,
    component: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            help="Also forget this component's outcomes: its calls are made again where they are needed again. "
            "May be given several times.",
            metavar="NAME",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> None:
    """Remove evaluations of spaces that the study no longer explores, and shrink its files.

    No outcome and no timing is removed unless it is named: evaluations are computed anew from the ledger when they are
    needed, outcomes and timings are not.
    """
    from tradespace.cli.ledger_printing import print_pruning

    print_pruning(study, host or [], component or [], dry_run=dry_run)


@ledger.command()
def repair(study: StudyFolder) -> None:
    """Put a new ledger in the place of a damaged one, with all that can still be read. The damaged file is kept."""
    from tradespace.cli.ledger_printing import print_repair

    print_repair(study)
