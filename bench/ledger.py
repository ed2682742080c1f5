"""How fast the ledger is, and whether it stays so: the same writing and reading in ledgers of ten thousand to ten
million outcomes, in turns.

    python bench/ledger.py [--most N]

The ledgers are made once, in `studies/bench-ledger`, and grow by what is measured. Writing is what the explorer does: a
transaction for each batch of calls, each safe from a kill when it ends; the time includes copying the journal into the
file. Reading is by random keys. The operating system may have the files in memory.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.page import STUDIES, table, write
from tradespace.components.corpus import Corpus
from tradespace.components.store import ArtefactStore
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.codec import encode
from tradespace.explorer.storage.entries import Entry, checksum_of
from tradespace.explorer.storage.sqlite.ledger import SQLiteLedger
from tradespace.types import Answer

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-ledger.md"
FOLDER = STUDIES / "bench-ledger"
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
GROWN_AT_ONCE = 500_000
ROUNDS = 5
WRITTEN, READ = 40 * 256, 20_000
"""Outcomes in each round."""
BATCH = 256
"""Calls that a component is handed together, and that are stored together."""
ASKED = 2_000
"""Keys that are looked for together."""
EMPTY = Corpus((), ArtefactStore(FOLDER))


class Taken(NamedTuple):
    """Seconds of wall time, and those in which this process had a core: other processes do not slow these down."""

    wall: float
    core: float


def now() -> Taken:
    """The time on both clocks."""
    return Taken(time.perf_counter(), time.process_time())


def since(start: Taken) -> Taken:
    """What has passed on both clocks."""
    end = now()
    return Taken(end.wall - start.wall, end.core - start.core)


class Measured(NamedTuple):
    """What each round took; `writing` holds one more: bringing the journal into the file at the end."""

    ledger: SQLiteLedger
    writing: list[Taken]
    reading: list[Taken]


def main() -> None:
    """Measure the sizes up to the one asked for, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest ledger, in outcomes")
    most = parser.parse_args().most
    FOLDER.mkdir(parents=True, exist_ok=True)
    measured = {size: Measured(grown(size), [], []) for size in SIZES if size <= most}
    for turn in range(ROUNDS):
        for ledger, writing, reading in measured.values():
            writing.append(seconds_to_write(ledger))
            reading.append(seconds_to_read(ledger, turn))
    for ledger, writing, _ in measured.values():
        writing.append(seconds_to_close(ledger))
    write("ledger", report(measured), PAGE)


def grown(size: int) -> SQLiteLedger:
    """A ledger of at least this many outcomes. Growing it is continued where it was broken off."""
    ledger = SQLiteLedger(FOLDER / f"{size}.sqlite")
    while (stored := len(ledger)) < size:
        ledger.add(list(entries(range(stored, min(size, stored + GROWN_AT_ONCE)))))
        print(f"grown to {len(ledger):,} of {size:,}", flush=True)
    return ledger


def entries(numbers: Iterable[int]) -> Iterator[Entry]:
    """Outcomes as a reader gives them, under keys like those of calls."""
    for number in numbers:
        key = key_of(number)
        value = encode(Answer(f"answer {number}", number / 7, f"document-{number % 9973}"), EMPTY)
        yield Entry(key, value, "reader", checksum_of(key, value))


def key_of(number: int) -> bytes:
    """The key of a stored outcome."""
    return sha256(b"%d" % number).digest()


def seconds_to_write(ledger: Ledger) -> Taken:
    """Time of storing new outcomes, batch after batch."""
    stored = len(ledger)
    new = {entry.key: entry.value for entry in entries(range(stored, stored + WRITTEN))}
    keys = list(new)
    start = now()
    for place in range(0, WRITTEN, BATCH):
        ledger.write({key: new[key] for key in keys[place : place + BATCH]}, "reader")
    return since(start)


def seconds_to_close(ledger: SQLiteLedger) -> Taken:
    """Time of bringing what is still journalled into the file."""
    start = now()
    ledger.close()
    return since(start)


def seconds_to_read(ledger: Ledger, seed: int) -> Taken:
    """Time of reading outcomes drawn at random."""
    drawn = random.Random(seed).choices(range(len(ledger)), k=READ)
    keys = [key_of(number) for number in drawn]
    start = now()
    for place in range(0, READ, ASKED):
        assert ledger.read(keys[place : place + ASKED])
    return since(start)


def report(measured: dict[int, Measured]) -> str:
    """Outcomes a second at each size, and how they compare with the smallest ledger."""
    speeds = {size: speed(result) for size, result in measured.items()}
    smallest = speeds[min(speeds)]
    rows = []
    for size, (written, read) in speeds.items():
        path = measured[size].ledger.path
        each = path.stat().st_size / len(measured[size].ledger)
        cells = [
            cell
            for here, there in ((written, smallest[0]), (read, smallest[1]))
            for cell in (f"{here.wall:,.0f}", f"{there.wall / here.wall:.1f}", f"{here.core:,.0f}")
        ]
        rows.append([f"{size:,}", *cells, f"{each:.0f}"])
    columns = ["outcomes"]
    for what in ("written", "read"):
        columns += [f"{what} a second", "times slower", f"{what} a second of core"]
    how = (
        f"{ROUNDS} rounds in turns, each of {WRITTEN:,} outcomes written, {BATCH} in a transaction, and {READ:,} read, "
        f"{ASKED:,} at a time. Times slower: than the smallest ledger. A second of core: of this process on a core, "
        f"without what it waited for others and for the disk. Load of the machine's {os.cpu_count()} cores meanwhile: "
        f"{os.getloadavg()[1]:.1f}."
    )
    return f"{table([*columns, 'bytes each'], rows)}\n\n{how}"


def speed(measured: Measured) -> tuple[Taken, Taken]:
    """Outcomes written, all rounds together, and read, in the median round: per second on both clocks."""
    written = (WRITTEN * ROUNDS / sum(clock) for clock in zip(*measured.writing, strict=True))
    read = (READ / median(clock) for clock in zip(*measured.reading, strict=True))
    return Taken(*written), Taken(*read)


if __name__ == "__main__":
    main()
