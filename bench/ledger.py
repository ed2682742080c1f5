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
import time
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import NamedTuple

from page import STUDIES, table, write

from tradespace.components.corpus import Corpus
from tradespace.components.store import ArtefactStore
from tradespace.explorer.codec import encode
from tradespace.explorer.ledger import Entry, Ledger, checksum_of
from tradespace.types import Answer

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks-ledger.md"
FOLDER = STUDIES / "bench-ledger"
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
GROWN_AT_ONCE = 500_000
ROUNDS = 7
WRITTEN, READ = 40 * 256, 20_000
"""Outcomes in each round."""
BATCH = 256
"""Calls that a component is handed together, and that are stored together."""
ASKED = 2_000
"""Keys that are looked for together."""
EMPTY = Corpus((), ArtefactStore(FOLDER))


class Measured(NamedTuple):
    """Seconds of wall time for each round; `writing` holds one more: bringing the journal into the file at the end."""

    ledger: Ledger
    writing: list[float]
    reading: list[float]


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


def grown(size: int) -> Ledger:
    """A ledger of at least this many outcomes. Growing it is continued where it was broken off."""
    ledger = Ledger(FOLDER / f"{size}.sqlite")
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


def seconds_to_write(ledger: Ledger) -> float:
    """Wall time of storing new outcomes, batch after batch."""
    stored = len(ledger)
    new = {entry.key: entry.value for entry in entries(range(stored, stored + WRITTEN))}
    keys = list(new)
    start = time.perf_counter()
    for place in range(0, WRITTEN, BATCH):
        ledger.write({key: new[key] for key in keys[place : place + BATCH]}, "reader")
    return time.perf_counter() - start


def seconds_to_close(ledger: Ledger) -> float:
    """Wall time of bringing what is still journalled into the file."""
    start = time.perf_counter()
    ledger.close()
    return time.perf_counter() - start


def seconds_to_read(ledger: Ledger, seed: int) -> float:
    """Wall time of reading outcomes drawn at random."""
    drawn = random.Random(seed).choices(range(len(ledger)), k=READ)
    keys = [key_of(number) for number in drawn]
    start = time.perf_counter()
    for place in range(0, READ, ASKED):
        assert ledger.read(keys[place : place + ASKED])
    return time.perf_counter() - start


def report(measured: dict[int, Measured]) -> str:
    """Outcomes a second at each size, and how they compare with the smallest ledger."""
    speeds = {size: speed(one) for size, one in measured.items()}
    smallest = speeds[min(speeds)]
    rows = []
    for size, (written, read) in speeds.items():
        path = measured[size].ledger.path
        each = path.stat().st_size / len(measured[size].ledger)
        figures = [f"{written:,.0f}", f"{smallest[0] / written:.1f}", f"{read:,.0f}", f"{smallest[1] / read:.1f}"]
        rows.append([f"{size:,}", *figures, f"{each:.0f}"])
    columns = ["outcomes", "written a second", "times slower", "read a second", "times slower", "bytes each"]
    how = (
        f"{ROUNDS} rounds in turns, each of {WRITTEN:,} outcomes written, {BATCH} in a transaction, and {READ:,} read, "
        f"{ASKED:,} at a time. Times slower: than the smallest ledger. Load of the machine: {os.getloadavg()[1]:.1f}."
    )
    return f"{table(columns, rows)}\n\n{how}"


def speed(measured: Measured) -> tuple[float, float]:
    """Outcomes written a second, all rounds together, and outcomes read a second, in the median round."""
    return WRITTEN * ROUNDS / sum(measured.writing), READ / median(measured.reading)


if __name__ == "__main__":
    main()
