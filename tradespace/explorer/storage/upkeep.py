"""Looking after a study's ledger: what it holds, whether it is sound, joining another's to it, making it smaller."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from tradespace.components.corpus import Corpus
from tradespace.components.store import ArtefactStore
from tradespace.errors import InputError, LedgerError, StudyError, nearest
from tradespace.explorer.storage.codec import decode
from tradespace.explorer.storage.database import Database
from tradespace.explorer.storage.ledger import OUTCOMES, TIMINGS, Entry, Ledger
from tradespace.explorer.storage.records import EVALUATIONS
from tradespace.explorer.storage.study import Study
from tradespace.types import Passage

KEY_BYTES = 32
LISTED = 5
"""Damaged outcomes that are named; the others are counted."""
SAMPLE = tuple(column for column in TIMINGS.c if column.name != "id")


@dataclass(frozen=True, slots=True)
class Share:
    """What one component's outcomes, or one host's timings, take of a ledger. `size` is in bytes, of outcomes only."""

    name: str
    count: int
    size: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """What a ledger holds. `file_bytes` includes the journal."""

    outcomes: tuple[Share, ...]
    timings: tuple[Share, ...]
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was added, removed or saved."""

    outcomes: int = 0
    timings: int = 0
    evaluations: int = 0


def ledger_of(study: Study) -> Ledger:
    """The ledger of a study that exists; none is made.

    Raises:
        StudyError: there is no study in the folder, or nothing was stored in it yet.
    """
    study.manifest()
    if not (study.folder / "ledger.sqlite").exists():
        raise StudyError(f"{study.folder} has no ledger yet: explore it first")
    return study.ledger


def contents(ledger: Ledger) -> Contents:
    """Outcomes by component and timings by host, the largest first, and the size of the file."""
    size = func.coalesce(func.sum(func.length(OUTCOMES.c.key) + func.length(OUTCOMES.c.value)), 0)
    outcomes = select(OUTCOMES.c.component, func.count(), size).group_by(OUTCOMES.c.component)
    timings = select(TIMINGS.c.host, func.count()).group_by(TIMINGS.c.host)
    with ledger.transaction() as connection:
        return Contents(
            tuple(sorted((Share(*row) for row in connection.execute(outcomes)), key=lambda one: -one.size)),
            tuple(sorted((Share(*row) for row in connection.execute(timings)), key=lambda one: -one.count)),
            sum(file.stat().st_size for file in ledger.path.parent.glob(f"{ledger.path.name}*")),
        )


def verify(ledger: Ledger) -> list[str]:
    """What is wrong with a ledger's structure, and with the key, checksum and value of each outcome."""
    faults = ledger.faults()
    wrong: list[str] = []
    try:
        for batch in ledger.entries():
            wrong += [f"outcome {entry.key.hex()}: {fault}" for entry in batch if (fault := fault_of(entry))]
    except LedgerError as error:
        faults = faults or [str(error)]
    more = [f"and {len(wrong) - LISTED:,} more outcomes"] if len(wrong) > LISTED else []
    return faults + wrong[:LISTED] + more


def fault_of(entry: Entry) -> str | None:
    """What is wrong with one outcome; None where it is sound."""
    if len(entry.key) != KEY_BYTES:
        return f"its key has {len(entry.key)} bytes instead of {KEY_BYTES}"
    if not entry.sound:
        return "it is not what was stored"
    try:
        decode(entry.value, _EVERY_PASSAGE)
    except (zlib.error, ValueError, LookupError, TypeError) as error:
        return f"it cannot be decoded: {error}"
    return None


def merge(into: Ledger, source: Ledger) -> Counts:
    """Add the outcomes and timings that only `source` has, and count them. Doing it again adds nothing.

    Raises:
        LedgerError: one of the files cannot be used, or an outcome of `source` is not what was stored.
    """
    outcomes = 0
    for batch in source.entries():
        if damaged := [entry for entry in batch if not entry.sound]:
            raise source.damaged(f"outcome {damaged[0].key.hex()} is not what was stored")
        outcomes += into.add(batch)
    return Counts(outcomes, merge_timings(into, source))


def merge_timings(into: Ledger, source: Ledger) -> int:
    """Add the timings that only `source` has, and count them. A sample is known by all that was written down of it."""
    names = [column.name for column in SAMPLE]
    works = select(TIMINGS.c.host, TIMINGS.c.work).distinct()
    with source.transaction() as connection:
        places = connection.execute(works).all()
    added = 0
    for host, work in places:
        of_work = select(*SAMPLE).where(TIMINGS.c.host == host, TIMINGS.c.work == work).order_by(TIMINGS.c.id)
        with source.transaction() as reading, into.transaction() as writing:
            known = set(map(tuple, writing.execute(of_work)))
            new = [row for row in reading.execute(of_work) if tuple(row) not in known]
            if new:
                writing.execute(insert(TIMINGS), [dict(zip(names, row, strict=True)) for row in new])
        added += len(new)
    return added


def prune(study: Study, hosts: Sequence[str], components: Sequence[str], *, dry_run: bool) -> Counts:
    """Remove evaluations of spaces and questions that the study no longer explores; what was timed on `hosts`; and the
    outcomes of `components`. The files shrink. With `dry_run` it is only counted.

    Raises:
        InputError: there are no timings of such a host, or no outcomes of such a component.
    """
    ledger = ledger_of(study)
    held = contents(ledger)
    _known("--host", hosts, [share.name for share in held.timings])
    _known("--component", components, [share.name for share in held.outcomes])
    superseded = (EVALUATIONS.c.context != study.manifest().context) | EVALUATIONS.c.host.in_(hosts)
    counts = Counts(
        _remove(ledger, OUTCOMES, OUTCOMES.c.component.in_(components), dry_run=dry_run),
        _remove(ledger, TIMINGS, TIMINGS.c.host.in_(hosts), dry_run=dry_run),
        _remove(study.records, EVALUATIONS, superseded, dry_run=dry_run),
    )
    if not dry_run:
        ledger.compact()
        study.records.compact()
    return counts


def _known(option: str, names: Sequence[str], valid: Sequence[str]) -> None:
    for name in names:
        if name not in valid:
            raise InputError(f"{option} must be one that the ledger holds; given: {name!r}; {nearest(name, valid)}")


def _remove(database: Database, table: Table, where: ColumnElement[bool], *, dry_run: bool) -> int:
    with database.transaction() as connection:
        if dry_run:
            return int(connection.execute(select(func.count()).select_from(table).where(where)).scalar_one())
        return connection.execute(delete(table).where(where)).rowcount


class _EveryPassage(Corpus):
    """Knows a passage under any id: whether a value can be decoded does not depend on the corpus."""

    @cached_property
    def by_id(self) -> defaultdict[str, Passage]:
        return defaultdict(lambda: Passage("", "", ""))


_EVERY_PASSAGE = _EveryPassage((), ArtefactStore(Path()))
