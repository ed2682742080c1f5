"""The cases of each bench."""

from __future__ import annotations

from collections.abc import Iterator

from bench.scale.records import ScaleCase

WORKERS = (1, 2, 4, 8, 16, 32, 64)
SIZES = {"reasoner": 480, "bm25": 1600}
"""Questions that are asked of each work, to compare sides."""
BATCHES = 256
"""Of the work that only waits, in all where more workers share the same, and for 64 workers where each has as many."""
NOTHING = {"nothing": 2000, "nothing-256": 400}
"""Batches of calls that do nothing, to see what the driver can do."""


def cases(*, quick: bool) -> Iterator[ScaleCase]:
    """All of them; `quick` ones are few and short, and say only that it works."""
    repeats, most, less = (1, 4, 16) if quick else (3, 64, 1)
    for seed in range(repeats):
        for work, size in SIZES.items():
            for workers in (0, 1, 2):
                yield ScaleCase(bench="sides", work=work, workers=workers, size=max(8, size // less), seed=seed)
    for workers in [each for each in WORKERS if each <= most]:
        yield ScaleCase(bench="strong", work="waiting", workers=workers, size=BATCHES // less)
        yield ScaleCase(bench="weak", work="waiting", workers=workers, size=max(1, BATCHES // 64 // less) * workers)
    for work, size in NOTHING.items():
        for workers in [each for each in (1, 2, 4, 8) if each <= most]:
            yield ScaleCase(bench="driver", work=work, workers=workers, size=size // less)
