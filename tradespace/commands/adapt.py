"""`tradespace adapt`: replays a trace in simulation while policies adapt, and prints what came of each."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.table import Table

from tradespace.commands.adaptation_plan import study_menu
from tradespace.commands.console import escape, wide_console
from tradespace.commands.load_arrivals import LoadWishes, load_arrivals
from tradespace.data.traffic import find_trace
from tradespace.errors import InputError
from tradespace.explorer.load.stations import OfferedRequests
from tradespace.explorer.storage.study import StudyFolder
from tradespace.plurals import count
from tradespace.serving.adaptation.forecasts import FORECASTS, Perfect
from tradespace.serving.adaptation.menu import Menu
from tradespace.serving.adaptation.named import by_name
from tradespace.serving.adaptation.policies import POLICIES, FrontierPolicy
from tradespace.serving.adaptation.replaying import ReplayedTrace, counts_by_second, replay_trace
from tradespace.serving.adaptation.study_menu import MenuWishes

COMPARED = ("static(pipeline='cheapest')", "static", "ipa", "per_request", "frontier")
ORACLE = "oracle"
ADAPTATION_COLUMNS = ("policy", "accuracy", "within SLA", "accuracy within SLA", "replicas", "$/hour", "switches")


@dataclass(frozen=True)
class AdaptationWishes:
    """What the command line says.

    Attributes:
        policies: as they are written; those that come with Tradespace where there are none.
        forecast: as it is written.
        sla: another bound than the study's.
        interval: seconds between decisions.
        output: where the intervals are written, as CSV.
        host: whose timings count.
    """

    policies: Sequence[str]
    forecast: str
    sla: str | None
    menu: MenuWishes
    interval: int
    output: Path | None
    host: str | None


def print_adaptation(folder: Path, load: LoadWishes, wishes: AdaptationWishes) -> None:
    """Replay a load under each policy, and under one that knows the future; print a table, and write the intervals.

    Raises:
        InputError: a policy, the load or the study is not one that can be replayed.
    """
    policies = {text: by_name(text, POLICIES) for text in wishes.policies or COMPARED}
    forecast = by_name(wishes.forecast, FORECASTS)
    study = StudyFolder(folder)
    menu = study_menu(study, wishes.sla, wishes.host, wishes.menu)
    offered = _offered(load, menu)
    replayed = {
        text: replay_trace(menu, policy, forecast, offered, wishes.interval) for text, policy in policies.items()
    }
    known = Perfect(trace=tuple(counts_by_second(offered.arrivals).tolist()))
    replayed[ORACLE] = replay_trace(menu, FrontierPolicy(), known, offered, wishes.interval)
    _print(menu, study.results(wishes.host).goals.primary.measure, offered, replayed)
    if wishes.output:
        _write(wishes.output, replayed)
        print(f"Intervals: {wishes.output}")


def _offered(load: LoadWishes, menu: Menu) -> OfferedRequests:
    """The requests of the load; of a trace, all that it has if no end is named."""
    if load.trace and not (load.duration or load.requests):
        load = replace(load, requests=len(find_trace(load.trace)))
    arrivals = load_arrivals(load)
    questions = np.random.default_rng(load.seed).integers(len(menu.variants[0].seconds), size=len(arrivals))
    return OfferedRequests(arrivals, questions)


def _print(menu: Menu, measure: str, offered: OfferedRequests, replayed: dict[str, ReplayedTrace]) -> None:
    console = wide_console()
    console.print(
        f"{count(len(offered.arrivals), 'request')} in {offered.arrivals[-1]:,.0f} s; "
        f"{menu.bound.share:.0%} of them are to be answered within {1000 * menu.bound.seconds:g} ms, by one of "
        f"{count(len(menu.variants), 'pipeline')} in one of {count(len(menu.deployments), 'deployment')}",
        soft_wrap=True,
    )
    table = Table(*ADAPTATION_COLUMNS)
    for name, trace in replayed.items():
        table.add_row(*map(escape, _cells(name, trace)))
    console.print(table)
    console.print(
        f"[dim]accuracy: {measure} on the explore questions. {ORACLE}: the policy frontier, told what will arrive. "
        "All of it is simulated, from calls that were timed alone.[/dim]",
        soft_wrap=True,
    )


def _cells(name: str, trace: ReplayedTrace) -> tuple[str, ...]:
    total = trace.outcome
    shares = [f"{value:.1%}" if value is not None else "" for value in (total.accuracy, total.attained, total.in_time)]
    return name, *shares, f"{total.replicas:.2f}", f"{total.usd_per_hour:.3g}", str(trace.switches)


def _write(file: Path, replayed: dict[str, ReplayedTrace]) -> None:
    try:
        with file.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows(_rows(replayed))
    except OSError as error:
        raise InputError(f"--output {file}: {error.strerror}") from None


def _rows(replayed: dict[str, ReplayedTrace]) -> Iterator[Sequence[object]]:
    """One for each policy and interval."""
    yield (
        *("policy", "start", "seconds", "requests", "expected_rate", "pipeline", "replicas_chosen", "batches"),
        *("switched", "accuracy", "within_sla", "accuracy_within_sla", "replicas", "usd_per_hour"),
    )
    for name, trace in replayed.items():
        for each in trace.intervals:
            option, total = each.option, each.outcome
            chosen = (" + ".join(map(str, sizes)) for sizes in (option.replicas, option.batches))
            yield (
                *(name, each.start, each.seconds, total.requests, each.expected.rate, option.variant.pipeline, *chosen),
                *(int(each.switched), total.accuracy, total.attained, total.in_time),
                *(total.replicas, total.usd_per_hour),
            )
