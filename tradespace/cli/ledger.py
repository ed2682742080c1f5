"""Commands that maintain a ledger."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from tradespace.cli.options import AllowServer, LedgerPlace, StudyFolder

ledger = typer.Typer(no_args_is_help=True, help="Maintain a study's ledger: the record of every call that was made.")


@ledger.command("show")
def ledger_show(study: LedgerPlace, *, allow_server: AllowServer = False) -> None:
    """Say how large the ledger is, what it holds, and how often each call was shared."""
    from tradespace.commands.ledger import print_contents
    from tradespace.components.trust import Trust

    print_contents(study, [Trust.SERVER] if allow_server else [])


@ledger.command("verify")
def ledger_verify(study: LedgerPlace, *, allow_server: AllowServer = False) -> None:
    """Check all of it: its structure, and every outcome against its checksum. Exit code 1 if it is damaged."""
    from tradespace.commands.ledger import print_verdict
    from tradespace.components.trust import Trust

    print_verdict(study, [Trust.SERVER] if allow_server else [])


@ledger.command("merge")
def ledger_merge(
    into: Annotated[
        str,
        typer.Argument(
            help="The study whose ledger grows, or the URL of a ledger on a server.", metavar="INTO", show_default=False
        ),
    ],
    source: Annotated[
        str,
        typer.Argument(
            help="The study that is read, or the URL of a ledger on a server.", metavar="FROM", show_default=False
        ),
    ],
    *,
    allow_server: AllowServer = False,
) -> None:
    """Add the calls that another study recorded, so that they are not made again. Merging twice adds nothing.

    Either may be in a file or on a server: so a study's calls move from one to the other.
    """
    from tradespace.commands.ledger import print_merge
    from tradespace.components.trust import Trust

    print_merge(into, source, [Trust.SERVER] if allow_server else [])


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
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    allow_server: AllowServer = False,
) -> None:
    """Remove evaluations of spaces that the study no longer explores, and shrink its files.

    No outcome and no timing is removed unless it is named: evaluations are recomputed from the ledger when they are
    needed, outcomes and timings are not.
    """
    from tradespace.commands.ledger import print_pruning
    from tradespace.components.trust import Trust

    print_pruning(study, host or [], component or [], [Trust.SERVER] if allow_server else [], dry_run=dry_run)


@ledger.command("repair")
def ledger_repair(study: StudyFolder) -> None:
    """Replace a damaged ledger by a new one with all that can still be read. The damaged file is kept."""
    from tradespace.commands.ledger import print_repair

    print_repair(study)
