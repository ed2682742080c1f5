"""A ledger in PostgreSQL on loopback beside one in a file: the same writing and reading in ledgers of ten thousand to
ten million outcomes, in turns.

    python -m bench.scale.ledgers [--most N] [--quick]

The server is a real one, started here as an ordinary user. Ledgers are made once, in `studies/bench-ledgers`, and grow
by what is measured: a run that was broken off goes on where it was. `--quick` measures small ones, and writes no page.
"""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.ledger import (
    ASKED,
    BATCH,
    READ,
    ROUNDS,
    WRITTEN,
    Taken,
    entries,
    seconds_to_read,
    seconds_to_write,
)
from bench.page import STUDIES, table, write
from tests.postgresql_server import PostgreSQLServer
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.databases import open_ledger

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-ledger.md"
FOLDER = STUDIES / "bench-ledgers"
SIZES, QUICK = (10_000, 1_000_000, 10_000_000), (10_000, 100_000)
GROWN_AT_ONCE = 50_000
SETTINGS = ("shared_buffers=4GB", "max_wal_size=8GB")
"""Of the server, beside the defaults: what the page recommends for a ledger of millions."""
READ_INTO_MEMORY = (
    "CREATE EXTENSION IF NOT EXISTS pg_prewarm",
    "SELECT pg_prewarm('outcomes'), pg_prewarm('outcomes_key_key')",
)
"""As in a server that has run for a while; counting the outcomes does the same for a file."""


@dataclass
class MeasuredLedger:
    """A ledger, and what each round of writing and reading took."""

    database: str
    size: int
    ledger: Ledger
    writing: list[Taken] = field(default_factory=list)
    reading: list[Taken] = field(default_factory=list)

    @property
    def written(self) -> float:
        """Outcomes a second, all rounds together."""
        return WRITTEN * len(self.writing) / sum(taken.wall for taken in self.writing)

    @property
    def read(self) -> float:
        """Outcomes a second, in the median round."""
        return READ / median(taken.wall for taken in self.reading)

    def measure(self, turn: int) -> None:
        """One more round."""
        self.writing.append(seconds_to_write(self.ledger))
        self.reading.append(seconds_to_read(self.ledger, turn))


def main() -> None:
    """Measure the sizes up to the one asked for, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest ledger, in outcomes")
    parser.add_argument("--quick", action="store_true", help="measure small ledgers, and write no page")
    options = parser.parse_args()
    sizes = QUICK if options.quick else [size for size in SIZES if size <= options.most]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server() as running, ExitStack() as opened:
        measured = [
            MeasuredLedger(name, size, opened.enter_context(closing(open_ledger(where))))
            for size in sizes
            for name, where in (("SQLite", FOLDER / f"{size}.sqlite"), ("PostgreSQL", database(running, size)))
        ]
        for each in measured:
            grow(each)
        for size in sizes:
            running.execute(*READ_INTO_MEMORY, database=database_name(size))
        for turn in range(ROUNDS):
            for each in measured:
                each.measure(turn)
        text = report(measured)
    if options.quick:
        print(text)
    else:
        write("postgresql", text, PAGE)


@contextmanager
def server() -> Iterator[PostgreSQLServer]:
    """One whose data stay for the next run."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    running = PostgreSQLServer(FOLDER / "postgresql", port, SETTINGS)
    if not (running.folder / "data").exists():
        running.make()
    running.start()
    try:
        yield running
    finally:
        running.stop()


def database_name(size: int) -> str:
    """What the database for a size is called."""
    return f"outcomes_{size}"


def database(running: PostgreSQLServer, size: int) -> str:
    """The URL of the database for a size; it is made where it is not there."""
    name = database_name(size)
    if not running.rows("SELECT FROM pg_database WHERE datname = %s", name):
        running.execute(f"CREATE DATABASE {name}")
    return running.url(database=name)


def grow(measured: MeasuredLedger) -> None:
    """Fill a ledger up to its size. That is continued where it was broken off."""
    stored = len(measured.ledger)
    while stored < measured.size:
        stored += measured.ledger.add(list(entries(range(stored, min(measured.size, stored + GROWN_AT_ONCE)))))
        print(f"{measured.database}: grown to {stored:,} of {measured.size:,}", flush=True)


def report(measured: list[MeasuredLedger]) -> str:
    """Outcomes a second of each, how they compare with the smallest ledger of that kind, and under which conditions."""
    smallest = {each.database: each for each in reversed(measured)}
    rows = [
        [
            each.database,
            f"{each.size:,}",
            f"{each.written:,.0f}",
            f"{smallest[each.database].written / each.written:.1f}",
            f"{each.read:,.0f}",
            f"{smallest[each.database].read / each.read:.1f}",
        ]
        for each in sorted(measured, key=lambda each: each.database)
    ]
    columns = ["database", "outcomes", "written a second", "times slower", "read a second", "times slower"]
    how = (
        f"{ROUNDS} rounds in turns, each of {WRITTEN:,} outcomes written, {BATCH} in a transaction, and {READ:,} read "
        f"by random keys, {ASKED:,} at a time. Times slower: than the smallest ledger in the same database. PostgreSQL "
        f"ran on this machine, with {', '.join(SETTINGS)}; its tables were in memory; each transaction was on the disk "
        f"when it ended. Load of the machine's {os.cpu_count()} cores meanwhile: {os.getloadavg()[1]:.1f}."
    )
    return f"{table(columns, rows)}\n\n{how}"


if __name__ == "__main__":
    main()
