"""Search strategies on spaces whose truth is known.

python -m bench.search record NAME ...             makes recordings (kept in runs/search)
python -m bench.search run NAME ... [- STRATEGY ...]  makes the runs that are missing; all strategies without a name
python -m bench.search again NAME ... - STRATEGY ...  makes all runs of these strategies again
python -m bench.search page                        writes docs/benchmarks-search.md and its figure
"""

from __future__ import annotations

import sys

import numpy as np

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
        case ["run" | "again" as command, *rest]:
            names, strategies = _split(rest)
            for name in names:
                for strategy in strategies if command == "again" else ():
                    forget(name, strategy)
                run(name, load(name), strategies or list(STRATEGIES))
        case _:
            sys.exit(__doc__)


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Names of recordings, and behind a dash those of strategies."""
    place = words.index("-") if "-" in words else len(words)
    return words[:place], words[place + 1 :]


if __name__ == "__main__":
    main(sys.argv[1:])
