"""Tables of what was measured, and what follows from them for clusters that were not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

from bench.page import table
from bench.scale.records import ScaleRun
from bench.scale.work import SECONDS

NOTHING_YET = "Not measured yet."
MANY_WORKERS, MANY_CALLS = 1000, 10**9
HOURS = 3600


def sides_table(runs: Sequence[ScaleRun]) -> str:
    """In this process, and on one and two workers."""
    of_work: defaultdict[str, dict[int, list[ScaleRun]]] = defaultdict(lambda: defaultdict(list))
    for run in runs:
        if run.case.bench == "sides":
            of_work[run.case.work][run.case.workers].append(run)
    rows = [row for work, sides in of_work.items() if 0 in sides for row in _sides(work, sides)]
    columns = ["calls of", "made", "calls", "batches", "seconds", "as fast as in process", "as on one"]
    columns += ["ms more per batch", "seconds to start"]
    return table(columns, rows) if rows else NOTHING_YET


def _sides(work: str, sides: dict[int, list[ScaleRun]]) -> Iterable[list[str]]:
    here, alone = _median(sides[0]), _median(sides.get(1, sides[0]))
    for workers, runs in sorted(sides.items()):
        seconds, (first, *_) = _median(runs), runs
        more = 1000 * (seconds - here) / first.batches
        yield [
            work,
            f"on {workers} worker{'s' if workers > 1 else ''}" if workers else "in process",
            f"{first.calls:,}",
            f"{first.batches:,}",
            f"{seconds:.2f}",
            f"{here / seconds:.2f}",
            f"{alone / seconds:.2f}" if workers > 1 else "",
            f"{more:.1f}" if workers == 1 else "",
            f"{median(run.started for run in runs):.1f}",
        ]


def scaling_table(runs: Sequence[ScaleRun]) -> str:
    """How well more workers are used, for the same work and for as much more of it."""
    rows = [*_efficiencies("strong", runs), *_efficiencies("weak", runs)]
    columns = ["scaling", "workers", "calls", "seconds", "seconds of waiting alone", "efficiency"]
    return table(columns, rows) if rows else NOTHING_YET


def _efficiencies(bench: str, runs: Sequence[ScaleRun]) -> Iterable[list[str]]:
    for run in sorted((run for run in runs if run.case.bench == bench), key=lambda run: run.case.workers):
        ideal = run.calls * SECONDS / run.case.workers
        share = f"{ideal / run.seconds:.0%}"
        yield [bench, f"{run.case.workers}", f"{run.calls:,}", f"{run.seconds:.2f}", f"{ideal:.2f}", share]


def driver_table(runs: Sequence[ScaleRun]) -> str:
    """What whoever explores can hand out and store."""
    of_driver = sorted(
        (run for run in runs if run.case.bench == "driver"), key=lambda run: (run.case.work, run.case.workers)
    )
    rows = [
        [
            f"{run.calls // run.batches}",
            f"{run.case.workers}",
            f"{run.calls / run.seconds:,.0f}",
            f"{1e6 * run.driver_seconds / run.calls:.0f}",
            f"{run.calls / run.driver_seconds:,.0f}",
        ]
        for run in of_driver
    ]
    columns = [
        "calls in a batch",
        "workers",
        "calls/s",
        "µs of driver",
        "calls/s of a driver alone",
    ]
    return table(columns, rows) if rows else NOTHING_YET


def extrapolation(runs: Sequence[ScaleRun]) -> str:
    """What a thousand workers would ask of the driver, and a billion calls: computed from the table above."""
    per_call = {
        run.calls // run.batches: run.driver_seconds / run.calls
        for run in sorted(runs, key=lambda run: run.case.workers)
        if run.case.bench == "driver"
    }
    if not per_call:
        return NOTHING_YET
    wanted = MANY_WORKERS / SECONDS
    rows = [
        [
            f"{batch}",
            f"{1 / seconds:,.0f}",
            f"{1 / seconds * SECONDS:,.0f}",
            f"{MANY_CALLS * max(seconds, SECONDS / MANY_WORKERS) / HOURS:,.0f}",
            "driver" if seconds > SECONDS / MANY_WORKERS else "workers",
        ]
        for batch, seconds in sorted(per_call.items())
    ]
    columns = ["calls in a batch", "driver's calls/s", "workers that it feeds", "hours for 10⁹ calls", "limited by"]
    told = (
        f"{MANY_WORKERS:,} workers whose calls take {1000 * SECONDS:.0f} ms make {wanted:,.0f} calls a second. Nothing "
        f"of this was measured: it is computed from the processor time that the driver took for each call."
    )
    return f"{told}\n\n{table(columns, rows)}"


def _median(runs: Sequence[ScaleRun]) -> float:
    return median(run.seconds for run in runs)
