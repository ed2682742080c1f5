"""Search strategies on spaces whose truth is known.

python -m bench.search record NAME ...    makes recordings (kept in runs/search)
"""

from __future__ import annotations

import sys

import numpy as np

from bench.search.record import record


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    match arguments:
        case ["record", *names]:
            for name in names:
                made = record(name)
                print(f"{name}: {len(made.pipelines):,} pipelines, {len(np.unique(made.alike)):,} classes")
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
