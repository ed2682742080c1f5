"""What `tradespace ledger` prints."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape, wide_console
from tradespace.components.trust import Trust
from tradespace.errors import InputError, LedgerError
from tradespace.explorer.storage.databases import is_url
from tradespace.explorer.storage.entries import Contents, Counts, Share
from tradespace.explorer.storage.study import StudyFolder
from tradespace.explorer.storage.upkeep import ledger_at, ledger_of, merge, prune
from tradespace.explorer.storage.verification import verify
from tradespace.plurals import count


def print_contents(place: str, allowed: Collection[Trust] = ()) -> None:
    """Size, outcomes by component and timings by host; of a study also how often its calls were shared."""
    console, ledger = wide_console(), ledger_at(place, allowed)
    held = ledger.contents()
    outcomes = sum(share.count for share in held.outcomes)
    lines = {
        "place" if is_url(ledger.where) else "file": f"{ledger.where}, {_megabytes(held.stored_bytes)} MB",
        "outcomes": f"{outcomes:,}, {_megabytes(sum(share.size for share in held.outcomes))} MB",
        **({} if is_url(place) else {"sharing": _sharing(StudyFolder(place))}),
        "timings": f"{sum(share.count for share in held.timings):,} samples",
    }
    for name, value in lines.items():
        console.print(f"{name:<10}{escape(value)}", soft_wrap=True)
    _print_shares(console, held)


def _sharing(study: StudyFolder) -> str:
    where = study.manifest().provenance
    shared = where.calls_asked / where.calls_made if where.calls_made else 1.0
    made = count(where.calls_made, "call")
    return f"{made} made for {where.calls_asked:,} asked (each shared {shared:.1f} times)"


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


def print_verdict(place: str, allowed: Collection[Trust] = ()) -> None:
    """Say that a ledger is sound, and of a study that its evaluations are.

    Raises:
        LedgerError: they are not; it lists what is wrong, and what to do.
    """
    ledger = ledger_at(place, allowed)
    if faults := verify(ledger):
        raise ledger.damaged("; ".join(faults))
    evaluations = None if is_url(place) else StudyFolder(place).evaluations
    if evaluations is not None and (faults := evaluations.faults()):
        raise evaluations.damaged("; ".join(faults))
    print(f"Sound: {len(ledger):,} outcomes, all with valid checksums.")


def print_merge(into: str, source: str, allowed: Collection[Trust] = ()) -> None:
    """Add what one ledger has to another's.

    Raises:
        InputError: both are the same study.
        StudyError: one is no study, or the other is being explored.
    """
    if _resolved(into) == _resolved(source):
        raise InputError(f"INTO and FROM must be two studies; both are {into}")
    growing, read = ledger_at(into, allowed), ledger_at(source, allowed)
    with nullcontext() if is_url(into) else StudyFolder(into).lock():
        counts = merge(growing, read)
    where = growing.where if is_url(into) else into
    print(f"Added to {where}: {_outcomes_and_timings(counts)}. {_to_use(into, growing.where)}")


def _resolved(place: str) -> str:
    return place if is_url(place) else str(Path(place).resolve())


def _to_use(into: str, where: str) -> str:
    return f"Explore with --ledger {where} to use them." if is_url(into) else "Explore it again to use them."


def print_pruning(
    folder: Path, hosts: Sequence[str], components: Sequence[str], allowed: Collection[Trust] = (), *, dry_run: bool
) -> None:
    """Remove what does not belong to a study any more, or say what would be removed."""
    study = StudyFolder(folder, allowed=allowed)
    before = ledger_of(study).contents().stored_bytes
    with nullcontext() if dry_run else study.lock():
        counts = prune(study, hosts, components, dry_run=dry_run)
    done = "Would remove" if dry_run else "Removed"
    shared = (
        f" from {study.ledger.where}, for all who use it" if study.ledger_location and (hosts or components) else ""
    )
    print(f"{done} {count(counts.evaluations, 'evaluation')}, {_outcomes_and_timings(counts)}{shared}.")
    if not dry_run:
        after = study.ledger.contents().stored_bytes
        print(f"The ledger has {_megabytes(after)} MB; it had {_megabytes(before)}.")


def print_repair(folder: Path) -> None:
    """Replace a damaged ledger by what can be read of it, and say what was saved.

    Raises:
        LedgerError: it is on a server, or nothing of it can be read.
    """
    study = StudyFolder(folder)
    if location := study.manifest().ledger:
        raise LedgerError(
            f"{folder} keeps its calls at {location}, which Tradespace cannot repair: restore that database from a "
            "backup"
        )
    ledger = ledger_of(study)
    with study.lock():
        counts, aside = ledger.repair()
    print(
        f"Saved {_outcomes_and_timings(counts)}; the damaged file is now {aside}.\n"
        "Explore again: calls that were lost are made again, the others are not."
    )


def _outcomes_and_timings(counts: Counts) -> str:
    return f"{counts.outcomes:,} outcomes and {counts.timings:,} timings"
