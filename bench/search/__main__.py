"""Search strategies on spaces whose truth is known.

record NAME ...                    makes recordings, which are kept in runs/search
grids FOLDER                       makes tables of the two grids that others measured, found in FOLDER
run NAME ... [- STRATEGY ...]      makes the runs that are missing, of all strategies where none is named
again NAME ... - STRATEGY ...      makes all runs of these strategies again
page                               writes docs/benchmarks-search.md and its figure
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from bench.search.grids import write_tables
from bench.search.page import write_page
from bench.search.record import record
from bench.search.recording import load
from bench.search.runs import forget, run
from bench.search.strategies import STRATEGIES


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    match arguments:
        case ["record", *names]:
            for name in names:
                made = record(name)
                print(f"{name}: {len(made.pipelines):,} pipelines, {len(np.unique(made.alike)):,} classes")
        case ["grids", folder]:
            write_tables(Path(folder))
        case ["run" | "again" as command, *rest]:
            names, strategies = _split(rest)
            for name in names:
                for strategy in strategies if command == "again" else ():
                    forget(name, strategy)
                run(name, load(name), strategies or list(STRATEGIES))
        case ["page"]:
            write_page()
        case _:
            sys.exit(__doc__)


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Names of recordings, and behind a dash those of strategies."""
    place = words.index("-") if "-" in words else len(words)
    return words[:place], words[place + 1 :]


if __name__ == "__main__":
    main(sys.argv[1:])
