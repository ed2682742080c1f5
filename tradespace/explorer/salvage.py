"""Saving what can still be read of a damaged ledger.

A damaged page makes every query fail that touches it, and no other. So a range of keys that cannot be read is halved,
and its halves are read, until what is left is too narrow to hold anything but the damage.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from tradespace.errors import LedgerError
from tradespace.explorer.ledger import TIMINGS, Entry, Ledger
from tradespace.explorer.upkeep import KEY_BYTES, SAMPLE, Counts, fault_of

KEYS = 256**KEY_BYTES
PER_PAGE = 64
"""Parts of a page. A range of keys as narrow as one is given up: it would hold a small part of an outcome."""
SLICE_BYTES = 2**20
"""About how much of the file is read, and held in memory, at once."""
TIMINGS_END = 2**40
"""More than there are timings."""
Row = TypeVar("Row")


def repair(damaged: Ledger) -> tuple[Counts, Path]:
    """Put a new ledger in the place of a damaged one, with what could be read; return what was saved and where the
    damaged file now is. No other process may use the ledger meanwhile.
    """
    path = damaged.path
    aside = path.with_name(f"ledger.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}.sqlite")
    fresh = path.with_name("ledger.repaired.sqlite")
    fresh.unlink(missing_ok=True)
    repaired = Ledger(fresh)
    counts = salvage(damaged, repaired)
    damaged.close()
    repaired.close()
    os.link(path, aside)
    # The damaged file's journal was copied into it when it was closed; one that is left would be played into the new.
    for journal in path.parent.glob(f"{path.name}-*"):
        journal.replace(aside.with_name(journal.name.replace(path.name, aside.name)))
    fresh.replace(path)
    return counts, aside


def salvage(damaged: Ledger, into: Ledger) -> Counts:
    """Copy every outcome and timing that can be read and is sound."""
    outcomes = timings = 0
    slices = damaged.path.stat().st_size // SLICE_BYTES + 1
    narrowest = KEYS // slices // (SLICE_BYTES // damaged.page_bytes) // PER_PAGE
    bounds = [KEYS * place // slices for place in range(slices + 1)]
    for low, high in pairwise(bounds):
        for batch in readable(lambda low, high: _outcomes(damaged, low, high), low, high, narrowest):
            outcomes += into.add([entry for entry in batch if fault_of(entry) is None])
    for samples in readable(lambda low, high: _timings(damaged, low, high), 0, TIMINGS_END, 1):
        with into.transaction() as connection:
            connection.execute(insert(TIMINGS), samples)
        timings += len(samples)
    return Counts(outcomes, timings)


def readable(read: Callable[[int, int], list[Row]], low: int, high: int, narrowest: int) -> Iterator[list[Row]]:
    """What `read` gives from `low` to before `high`, but for ranges no wider than `narrowest` that it fails on."""
    try:
        rows = read(low, high)
    except LedgerError:
        if high - low > narrowest:
            middle = (low + high) // 2
            yield from readable(read, low, middle, narrowest)
            yield from readable(read, middle, high, narrowest)
    else:
        if rows:
            yield rows


def _outcomes(ledger: Ledger, low: int, high: int) -> list[Entry]:
    end = high.to_bytes(KEY_BYTES, "big") if high < KEYS else b""
    return [entry for batch in ledger.entries(low.to_bytes(KEY_BYTES, "big"), end) for entry in batch]


def _timings(ledger: Ledger, low: int, high: int) -> list[dict[str, Any]]:
    query = select(*SAMPLE).where(TIMINGS.c.id >= low, TIMINGS.c.id < high).order_by(TIMINGS.c.id)
    with ledger.transaction() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]
