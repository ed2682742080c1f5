"""Looking after a study's ledger: what it holds, joining another's to it, making it smaller."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

from tradespace.components.trust import Trust
from tradespace.errors import InputError, LedgerError, StudyError, nearest
from tradespace.explorer.storage.base import EvaluationStore, Ledger
from tradespace.explorer.storage.databases import is_url, open_ledger
from tradespace.explorer.storage.entries import Counts, Share
from tradespace.explorer.storage.study import StudyFolder


def ledger_of(study: StudyFolder) -> Ledger:
    """The ledger of a study that exists; none is made.

    Raises:
        InputError: it is on a server that only the study names, and that was not allowed.
        StudyError: there is no study in the folder, or nothing was stored in it yet.
    """
    if study.manifest().ledger is None and not study.ledger_path.exists():
        raise StudyError(f"{study.folder} has no ledger yet: explore it first")
    return study.ledger


def ledger_at(place: str, allowed: Collection[Trust] = ()) -> Ledger:
    """The ledger of a study that exists, named by its folder, or the one at a URL, which is made if it is not there.

    Raises:
        InputError: it is on a server that only the study names, and that is not among what is allowed.
        StudyError: there is no study in the folder, or nothing was stored in it yet.
    """
    return open_ledger(place) if is_url(place) else ledger_of(StudyFolder(place, allowed=allowed))


def require_writable(study: StudyFolder) -> None:
    """Make sure, before anything is paid for, that it can be kept.

    Raises:
        LedgerError: it could not.
    """
    if not study.ledger.writable:
        raise LedgerError(
            f"{study.ledger.where} can be read here, and not written: what is called now would be lost. Use an account "
            "that may write, or another ledger (--ledger)"
        )


def carry_over(study: StudyFolder) -> Counts:
    """Add to the ledger what lies beside it in the study's folder: where it is on a server now, all calls of the time
    before it was, and those that a server could not take. Nothing is added twice.

    Raises:
        LedgerError: one of the ledgers cannot be used.
    """
    moved = study.ledger_location is not None and study.exists and study.manifest().ledger is None
    own = [study.ledger_path] if moved else []
    counts = [_carried(study.ledger, path) for path in (*own, study.unsent_path) if path.exists()]
    for file in study.folder.glob(f"{study.unsent_path.name}*"):
        file.unlink()
    return Counts(sum(each.outcomes for each in counts), sum(each.timings for each in counts))


def _carried(into: Ledger, path: Path) -> Counts:
    with closing(open_ledger(path)) as source:
        return merge(into, source)


def merge(into: Ledger, source: Ledger) -> Counts:
    """Add the outcomes and timings that only `source` has, and count them. Doing it again adds nothing. The two may be
    kept in different databases.

    Raises:
        LedgerError: one of them cannot be used, or an outcome of `source` is not what was stored.
    """
    outcomes = 0
    for entries in source.entries():
        if damaged := [entry for entry in entries if not entry.sound]:
            raise source.damaged(f"outcome {damaged[0].key.hex()} is not what was stored")
        outcomes += into.add(entries)
    return Counts(outcomes, sum(into.add_samples(samples) for samples in source.samples()))


def prune(study: StudyFolder, hosts: Sequence[str], components: Sequence[str], *, dry_run: bool) -> Counts:
    """Remove evaluations of spaces and questions that the study no longer explores; what was timed on `hosts`; and the
    outcomes of `components`. What they are kept in shrinks. With `dry_run` it is only counted.

    Raises:
        InputError: there are no timings of such a host, or no outcomes of such a component.
    """
    ledger, evaluations = ledger_of(study), study.evaluations
    held = ledger.contents()
    _known("--host", hosts, [share.name for share in held.timings])
    _known("--component", components, [share.name for share in held.outcomes])
    superseded = _superseded(evaluations, study.manifest().context, hosts)
    if dry_run:
        return Counts(_count(held.outcomes, components), _count(held.timings, hosts), sum(superseded.values()))
    removed = Counts(
        ledger.forget_components(components), ledger.forget_hosts(hosts), evaluations.forget_places(superseded)
    )
    if removed.outcomes or removed.timings or study.ledger_location is None:
        ledger.compact()  # not for nothing where others use it too
    evaluations.compact()
    return removed


def _known(option: str, names: Sequence[str], valid: Sequence[str]) -> None:
    for name in names:
        if name not in valid:
            raise InputError(f"{option} must be one that the ledger holds; given: {name!r}; {nearest(name, valid)}")


def _superseded(evaluations: EvaluationStore, context: str, hosts: Sequence[str]) -> dict[tuple[str, str], int]:
    """How many evaluations there are in the places that nothing is read from any more."""
    return {place: count for place, count in evaluations.counts().items() if place[0] != context or place[1] in hosts}


def _count(shares: Sequence[Share], names: Sequence[str]) -> int:
    return sum(share.count for share in shares if share.name in names)
