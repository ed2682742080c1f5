"""What `tradespace ledger` prints."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape, wide_console
from tradespace.errors import InputError
from tradespace.explorer.storage.entries import Contents, Counts, Share
from tradespace.explorer.storage.study import StudyFolder
from tradespace.explorer.storage.upkeep import ledger_of, merge, prune
from tradespace.explorer.storage.verification import verify
from tradespace.plurals import count


def print_contents(folder: Path) -> None:
    """Size, sharing, outcomes by component and timings by host."""
    study, console = StudyFolder(folder), wide_console()
    ledger, where = ledger_of(study), study.manifest().provenance
    held = ledger.contents()
    outcomes = sum(share.count for share in held.outcomes)
    shared = where.calls_asked / where.calls_made if where.calls_made else 1.0
    lines = {
        "file": f"{ledger.where}, {_megabytes(held.stored_bytes)} MB",
        "outcomes": f"{outcomes:,}, {_megabytes(sum(share.size for share in held.outcomes))} MB",
        "sharing": f"{count(where.calls_made, 'call')} made for {where.calls_asked:,} asked "
        f"(each shared {shared:.1f} times)",
        "timings": f"{sum(share.count for share in held.timings):,} samples",
    }
    for name, value in lines.items():
        console.print(f"{name:<10}{escape(value)}", soft_wrap=True)
    _print_shares(console, held)


def _print_shares(console: Console, held: Contents) -> None:
    components = Table("component", "outcomes", "MB", "bytes each")
    for share in held.outcomes:
        mean = f"{share.size / share.count:,.0f}"
        components.add_row(_name(share), f"{share.count:,}", _megabytes(share.size), mean)
    hosts = Table("host", "timings")
    for share in held.timings:
        hosts.add_row(_name(share), f"{share.count:,}")
    for table in (components, hosts):
        for column in table.columns[1:]:
            column.justify = "right"
        if table.row_count:
            console.print(table)


def _name(share: Share) -> str:
    return escape(share.name or "(not recorded)")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f}"


def print_verdict(folder: Path) -> None:
    """Say that a study's files are sound.

    Raises:
        LedgerError: they are not; it lists what is wrong, and what to do.
    """
    study = StudyFolder(folder)
    ledger = ledger_of(study)
    for storage, faults in ((ledger, verify(ledger)), (study.evaluations, study.evaluations.faults())):
        if faults:
            raise storage.damaged("; ".join(faults))
    print(f"Sound: {len(ledger):,} outcomes, all with valid checksums.")


def print_merge(into: Path, source: Path) -> None:
    """Add what one study's ledger has to another's.

    Raises:
        InputError: both are the same study.
        StudyError: one is no study, or the other is being explored.
    """
    if into.resolve() == source.resolve():
        raise InputError(f"INTO and FROM must be two studies; both are {into}")
    study, other = StudyFolder(into), StudyFolder(source)
    ledgers = ledger_of(study), ledger_of(other)
    with study.lock():
        counts = merge(*ledgers)
    print(f"Added to {into}: {_outcomes_and_timings(counts)}. Explore it again to use them.")


def print_pruning(folder: Path, hosts: Sequence[str], components: Sequence[str], *, dry_run: bool) -> None:
    """Remove what does not belong to a study any more, or say what would be removed."""
    study = StudyFolder(folder)
    before = ledger_of(study).contents().stored_bytes
    with nullcontext() if dry_run else study.lock():
        counts = prune(study, hosts, components, dry_run=dry_run)
    done = "Would remove" if dry_run else "Removed"
    print(f"{done} {count(counts.evaluations, 'evaluation')}, {_outcomes_and_timings(counts)}.")
    if not dry_run:
        after = study.ledger.contents().stored_bytes
        print(f"The ledger has {_megabytes(after)} MB; it had {_megabytes(before)}.")


def print_repair(folder: Path) -> None:
    """Replace a damaged ledger by what can be read of it, and say what was saved."""
    study = StudyFolder(folder)
    ledger = ledger_of(study)
    with study.lock():
        counts, aside = ledger.repair()
    print(
        f"Saved {_outcomes_and_timings(counts)}; the damaged file is now {aside}.\n"
        "Explore again: calls that were lost are made again, the others are not."
    )


def _outcomes_and_timings(counts: Counts) -> str:
    return f"{counts.outcomes:,} outcomes and {counts.timings:,} timings"
