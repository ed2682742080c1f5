"""Predicted against measured: Tradespace's server under the load generator, on this machine.

    python -m bench.load.validation [--plan] [--quick] [--seconds 180] [--repeats 2] [SYSTEM ...]

Each system is explored and profiled; then every run is rehearsed, predicted, made, and kept in runs/load. What is kept
is not made again: a validation that was interrupted goes on. `python -m bench.load.page` writes the page.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.load.analysis import repeats
from bench.load.model_server import model_server
from bench.load.predicting import OfferedLoad, load_of, predicted_capacities
from bench.load.profiled import ProfiledSystem, profiled
from bench.load.programs import Program
from bench.load.records import (
    FOLDER,
    Capacities,
    Case,
    Measured,
    Parts,
    Run,
    keep,
    kept_runs,
    path_of_capacities,
    path_of_run,
)
from bench.load.rehearsal import rehearsed
from bench.load.serving import WORK, by_group, serving
from bench.load.systems import SYSTEMS, System, plan_table, planned
from bench.load.tables import error_table, part_table
from bench.page import machine
from tradespace.serving.load_generator.generator import generate_load
from tradespace.serving.load_generator.record import LoadRecord

TIMEOUT = 60.0
QUICK_SECONDS = 20.0


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help="without one, all of them")
    parser.add_argument("--plan", action="store_true", help="list the runs, and make none")
    parser.add_argument("--quick", action="store_true", help="one run of 20 s of each, kept apart in runs/load-quick")
    parser.add_argument("--seconds", type=float, default=180.0, help="of each run")
    parser.add_argument("--repeats", type=int, default=2)
    options = parser.parse_args()
    chosen = _chosen(options.systems, parser)
    times, seconds = (1, QUICK_SECONDS) if options.quick else (options.repeats, options.seconds)
    if options.plan:
        print(plan_table(chosen, times, seconds))
        return
    folder = FOLDER.with_name("load-quick") if options.quick else FOLDER
    for system in chosen:
        measure(system, times, seconds, folder)
    cases = repeats(kept_runs(folder))
    print(f"{error_table(cases)}\n\n{part_table(cases)}")


def measure(system: System, times: int, seconds: float, folder: Path) -> None:
    """Make the runs of a system that are missing."""
    missing = [each for each in planned([system], times) if not path_of_run(*each, folder).exists()]
    if not missing:
        return
    with deployed_server(system, folder) as (made, server):
        at_first = rehearsed(made, server)
        capacities = path_of_capacities(system.name, system.arrivals, folder)
        if not capacities.exists():
            found = predicted_capacities(load_of(system.cases[-1], at_first, seconds, seed=0))
            keep(Capacities(system=system.name, arrivals=system.arrivals, capacities=found), capacities)
        for case, seed in missing:
            load = load_of(case, at_first, seconds, seed)
            now = replace(load, rehearsed=rehearsed(made, server))  # a shared machine is not as fast at all times
            run = run_of(case, now, server)
            keep(run, path_of_run(case, seed, folder))
            print(error_table(repeats([run])).splitlines()[-1], file=sys.stderr)


@contextmanager
def deployed_server(system: System, folder: Path) -> Iterator[tuple[ProfiledSystem, Program]]:
    """A system, profiled, and the server that it is deployed in."""
    with ExitStack() as stack:
        if system.slots:
            stack.enter_context(model_server(system.slots, folder / "servers"))
        made = profiled(system, folder)
        server = stack.enter_context(serving(made.served, folder / "servers"))
        yield made, server


def run_of(case: Case, load: OfferedLoad, server: Program) -> Run:
    """Predict a run, then make it."""
    predicted, replayed = load.predicted(), load.replayed()
    before = by_group(server, WORK)
    record = _offered(load, server)
    after = by_group(server, WORK)
    worked = {group: after[group] - before.get(group, 0.0) for group in after}
    return Run(
        case=case,
        seed=load.seed,
        rate=load.rate,
        seconds=load.requests / load.rate,
        served=bool(load.rehearsed.profiled.system.slots),
        predicted=predicted,
        replayed=replayed,
        measured=_measured(record, worked),
        machine=machine(),
    )


def _offered(load: OfferedLoad, server: Program) -> LoadRecord:
    requests, questions = load.offered, load.rehearsed.profiled.own.questions
    asked = [questions[place] for place in requests.questions.tolist()]
    return generate_load(server.url, requests.arrivals.tolist(), asked, timeout=TIMEOUT)


def _measured(record: LoadRecord, worked: dict[str, float]) -> Measured:
    answered = [request for request in record.requests if request.answered]
    queued = float(np.mean([request.queued or 0.0 for request in answered]))
    served = float(np.mean([request.served or 0.0 for request in answered]))
    latency = float(np.mean([request.latency for request in answered]))
    work = {group: seconds / len(record.requests) for group, seconds in worked.items()}
    return Measured(
        latency=tuple(round(request.latency, 6) for request in record.requests),
        parts=Parts(queued=queued, served=served, other=latency - queued - served, work=work),
        lag=float(np.quantile(record.lag, 0.99)),
        failures=dict(Counter(request.status for request in record.requests if not request.answered)),
    )


def _chosen(names: Sequence[str], parser: argparse.ArgumentParser) -> Sequence[System]:
    known = {system.name: system for system in SYSTEMS}
    if unknown := set(names) - known.keys():
        parser.error(f"no system is called {', '.join(sorted(unknown))}; valid: {', '.join(known)}")
    return [known[name] for name in names] or SYSTEMS


if __name__ == "__main__":
    main()
