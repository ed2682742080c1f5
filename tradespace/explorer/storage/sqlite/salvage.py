"""Saving what can still be read of a damaged ledger.

A damaged page makes every query fail that touches it, and no other. Rows are read by their numbers, which needs no
index; a range of numbers that cannot be read is halved, and its halves are read, until only the damage is left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table, func, select

from tradespace.errors import LedgerError
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.entries import Counts, Entry, Sample
from tradespace.explorer.storage.sqlite.file import SQLiteFile
from tradespace.explorer.storage.sqlite.tables import OUTCOMES, TIMINGS
from tradespace.explorer.storage.verification import fault_of

FEWEST_BYTES = 40
"""That a row takes at the least: a key, a checksum and a byte of value."""
ROWS_AT_ONCE = 10_000
One = TypeVar("One")


def salvage(damaged: SQLiteFile, into: Ledger) -> Counts:
    """Copy every outcome and timing that can be read and is sound."""
    outcomes = timings = 0
    for rows in readable(lambda low, high: read(damaged, OUTCOMES, low, high), 0, end(damaged, OUTCOMES)):
        entries = [Entry(**row) for row in rows]
        outcomes += into.add([entry for entry in entries if fault_of(entry) is None])
    for rows in readable(lambda low, high: read(damaged, TIMINGS, low, high), 0, end(damaged, TIMINGS)):
        timings += into.add_samples([Sample(**row) for row in rows])
    return Counts(outcomes, timings)


def fresh_path(path: Path) -> Path:
    """Where what is saved of a file is collected. What a repair that was killed left there is removed."""
    fresh = path.with_name("ledger.repaired.sqlite")
    for left in path.parent.glob(f"{fresh.name}*"):
        left.unlink()
    return fresh


def put_in_place(fresh: Path, path: Path) -> Path:
    """Put a repaired file in the place of a damaged one, both closed, and return where that is now."""
    aside = path.with_name(f"ledger.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}.sqlite")
    os.link(path, aside)
    # The damaged file's journal was copied into it when it was closed; one that is left would be played into the new.
    for journal in path.parent.glob(f"{path.name}-*"):
        journal.replace(aside.with_name(journal.name.replace(path.name, aside.name)))
    fresh.replace(path)
    return aside


def end(ledger: SQLiteFile, table: Table) -> int:
    """The number after the last row's: told by the last page, or by an index, or, with both damaged, by the size."""
    for largest in (func.max(table.c.id), func.max(table.c.id + 0)):  # "+ 0" keeps SQLite from the last page
        try:
            with ledger.transaction() as connection:
                return int(connection.execute(select(func.coalesce(largest, 0))).scalar_one()) + 1
        except LedgerError:
            continue
    return ledger.path.stat().st_size // FEWEST_BYTES


def readable(read: Callable[[int, int], list[One]], low: int, high: int) -> Iterator[list[One]]:
    """What `read` gives from `low` to before `high`, without the numbers that it fails on, not too much at once."""
    try:
        rows = read(low, high)
        done = len(rows) <= ROWS_AT_ONCE
    except LedgerError:
        rows, done = [], high - low == 1
    if not done:
        middle = (low + high) // 2
        yield from readable(read, low, middle)
        yield from readable(read, middle, high)
    elif rows:
        yield rows


def read(ledger: SQLiteFile, table: Table, low: int, high: int) -> list[dict[str, Any]]:
    """The rows with a number from `low` to before `high`, without their numbers: at most one more than are wanted."""
    columns = [column for column in table.c if column is not table.c.id]
    query = select(*columns).where(table.c.id >= low, table.c.id < high).order_by(table.c.id).limit(ROWS_AT_ONCE + 1)
    with ledger.transaction() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
