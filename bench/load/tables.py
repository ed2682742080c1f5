"""Tables of predicted beside measured figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bench.load.analysis import ABOVE, ComparedCapacity, Repeats, Verdict, covered
from bench.load.records import QUANTILES, Parts
from bench.page import table
from tradespace.plurals import agreeing


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised, and what came of it: both as shares.

    Attributes:
        at_most: whether the figure must not exceed what was promised; else it must reach it.
        figure: None where no run tells.
    """

    name: str
    promised: float
    figure: float | None
    at_most: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the promise was kept."""
        if self.figure is None:
            return None
        return self.figure <= self.promised if self.at_most else self.figure >= self.promised


def targets(cases: Sequence[Repeats], capacities: Sequence[ComparedCapacity], given: Sequence[Verdict]) -> list[Target]:
    """What predictions must come to."""
    below = [case for case in cases if case.case.utilisation <= ABOVE]
    own = [case for case in below if not case.runs[0].served]
    served = [case for case in below if case.runs[0].served]
    errors = [abs(each.error) for each in capacities]
    hits = covered([run for case in cases for run in case.runs])
    decided = [each for each in given if each.predicted is not None]
    return [
        Target("capacity at the SLA, error in the median", 0.05, _median(errors)),
        Target("capacity at the SLA, worst error", 0.10, max(errors, default=None)),
        Target("p95 in process, error in the median", 0.05, _median(abs(case.error("p95")) for case in own)),
        Target("p99 in process, error in the median", 0.08, _median(abs(case.error("p99")) for case in own)),
        Target("p99 of a served model, error in the median", 0.09, _median(abs(case.error("p99")) for case in served)),
        Target("quantiles inside their 90 % interval", 0.85, _mean(hits), at_most=False),
        Target("verdicts that were wrong", 0.05, _mean([each.wrong for each in decided])),
    ]


def target_table(kept: Iterable[Target]) -> str:
    """Promises beside figures."""
    rows = [
        [each.name, f"{'≤' if each.at_most else '≥'} {each.promised:.0%}", _percent(each.figure), _MET[each.met]]
        for each in kept
    ]
    return table(["", "promised", "measured", "met"], rows)


_MET = {True: "yes", False: "no", None: "not measured"}


def error_table(cases: Sequence[Repeats]) -> str:
    """Each quantile as predicted and measured, its error, and beside it how far the repeats are apart."""
    of_each = [
        heading
        for name in QUANTILES
        for heading in (f"{name} predicted, ms", "measured", "error", "of the replay", "spread of the repeats")
    ]
    columns = ["system, arrivals, utilisation", "rate", *of_each, "attainment, points"]
    return table(columns, [_error_row(case) for case in cases])


def _error_row(case: Repeats) -> list[str]:
    cells = [case.case.name, f"{case.rate:.2f}"]
    for name in QUANTILES:
        cells += [
            f"{case.predicted(name) * 1000:.0f}",
            f"{case.measured(name) * 1000:.0f}",
            f"{case.error(name):+.1%}",
            f"{case.replay_error(name):+.1%}",
            f"{case.spread(name):.1%}",
        ]
    return [*cells, f"{100 * case.attainment_error():+.1f}"]


def part_table(cases: Sequence[Repeats]) -> str:
    """Where the mean latency goes: as the replay of the arrivals predicted it, and as measured, in milliseconds."""
    rows = []
    for case in cases:
        parts = {"queue": _pair(case, lambda each: each.queued), "service": _pair(case, lambda each: each.served)}
        parts["the rest"] = _pair(case, lambda each: each.other)
        for group in case.runs[0].measured.parts.work:
            parts[f"work of {group}"] = _pair(case, partial(_work, group))
        rows += [[f"{case.case.name}: {part}", *figures] for part, figures in parts.items()]
    return table(["", "predicted, ms", "measured"], rows)


def _work(group: str, parts: Parts) -> float:
    return parts.work[group]


def _pair(case: Repeats, of: Callable[[Parts], float]) -> list[str]:
    """The mean over the runs, in milliseconds: as predicted, and as measured."""
    both = np.array([[of(run.replayed.parts), of(run.measured.parts)] for run in case.runs])
    return [f"{1000 * seconds:.1f}" for seconds in both.mean(axis=0)]


def capacity_table(capacities: Iterable[ComparedCapacity]) -> str:
    """The rates that keep a bound."""
    rows = [
        [
            f"{each.system}, {each.arrivals}",
            f"{each.quantile} ≤ {each.bound * 1000:.0f} ms",
            f"{each.predicted.value:.2f} ({each.predicted.low:.2f} to {each.predicted.high:.2f})",
            f"{each.measured:.2f}",
            f"{each.error:+.1%}",
        ]
        for each in capacities
    ]
    return table(["system", "bound", "requests a second, predicted", "measured", "error"], rows)


def summary(cases: Sequence[Repeats], given: Sequence[Verdict]) -> str:
    """How much was measured, in a sentence or two."""
    runs = [run for case in cases for run in case.runs]
    requests = sum(len(run.measured.latency) for run in runs)
    undecided = sum(each.predicted is None for each in given)
    wrong = sum(each.wrong for each in given)
    replays = covered(runs, lambda run: run.replayed)
    left, missed = agreeing(undecided, "was", "were"), agreeing(wrong, "was", "were")
    return (
        f"{len(cases)} cases, {len(runs)} runs of {runs[0].seconds:.0f} s, {requests:,} requests. Of {len(given)} "
        f"verdicts {left} left open and {missed} wrong. Where the arrivals themselves are replayed, "
        f"{_percent(_mean(replays))} of the quantiles lie in their interval."
    )


def _median(values: Iterable[float]) -> float | None:
    known = list(values)
    return float(np.median(known)) if known else None


def _mean(values: Sequence[bool]) -> float | None:
    return float(np.mean(values)) if values else None


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
