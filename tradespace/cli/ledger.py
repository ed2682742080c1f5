"""Commands that maintain a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from tradespace.cli.options import StudyFolder

ledger = typer.Typer(no_args_is_help=True, help="Maintain a study's ledger: the record of every call that was made.")


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
