"""Adaptation beside IPA, FA2, RIM and static deployments, over the stretches that IPA was evaluated on and over Azure's
conversations: writes docs/benchmarks-adaptation.md.

    python -m bench.load.adaptation STUDY --data FOLDER

STUDY is an explored study (examples/wikipedia.yaml), FOLDER holds `ipa_twitter/` and `azure_traces/`, as published. All
of it is simulated, from the study's measured seconds; nothing is run.
"""

from __future__ import annotations

import argparse
import lzma
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.page import machine, table
from tradespace.data.traffic import find_trace, trace_of_counts
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.stations import OfferedRequests
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.adaptation.forecasts import MovingMaximum, Perfect
from tradespace.serving.adaptation.menu import Menu, ServiceBound
from tradespace.serving.adaptation.policies import IPA, AdaptationPolicy, FrontierPolicy, PerRequest, Static
from tradespace.serving.adaptation.replaying import ReplayedTrace, ReplayOutcome, counts_by_second, replay_trace
from tradespace.serving.adaptation.study_menu import MenuWishes, menu_of

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-adaptation.md"
STRETCHES: Mapping[str, tuple[tuple[int, int], ...]] = {
    "bursty": ((1301160, 1302360),),
    "steady low": ((1299600, 1300800),),
    "steady high": ((1768800, 1769400), (1768800, 1769400)),
    "fluctuating": ((1301400, 1302000), (1308600, 1309200)),
}
"""Of the Twitter stream, as IPA names them: first second and end."""
SHARE = 0.5
"""Of its requests that are kept. IPA kept an eighth: its pipelines are slower."""
AZURE_RATE = 60.0
"""Requests a second to which an hour of Azure's conversations is compressed."""
REPLICAS = 6
SCARCE = 3
STARTUP = 5.0
SLA_TIMES = 5
"""Times the mean latency alone, as IPA sets its SLA."""
COST_WEIGHTS = (1 / 16, 16.0)
"""Of a replica: between these, the least is searched for with which the frontier policy costs no more than IPA."""
SEARCH_STEPS = 8
USUAL, COUNTING, AS_LATE = (
    "frontier at IPA's cost",
    "frontier at IPA's cost, late answers count",
    "frontier at IPA's cost, as many late",
)
"""The frontier policy with IPA's replicas as its budget; as it is, with late answers worth as much as others, and with
that and the share of answers, of `LENIENT_SHARES`, that each interval must have in time."""
LENIENT_SHARES = (0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5)
POLICIES: Mapping[str, AdaptationPolicy] = {
    "static, cheapest": Static(pipeline="cheapest"),
    "static, most accurate": Static(),
    "FA2, lightest": IPA(variants="lightest"),
    "FA2, heaviest": IPA(variants="heaviest"),
    "RIM": IPA(replicas="most"),
    "IPA": IPA(),
    "per_request": PerRequest(),
    "frontier": FrontierPolicy(),
}
COLUMNS = ("policy", "accuracy", "within SLA", "accuracy within SLA", "replicas", "switches")


@dataclass(frozen=True)
class StretchRuns:
    """What came of every policy on a stretch.

    Attributes:
        at_cost: of `frontier` with IPA's replicas in the mean as its budget, by its variant.
    """

    name: str
    requests: int
    traces: Mapping[str, ReplayedTrace]
    at_cost: Mapping[str, ReplayedTrace]


def offered_stretches(data: Path, questions: int) -> Iterator[tuple[str, OfferedRequests]]:
    """The requests of every stretch, and those of the Azure hour."""
    for name, stretch in stretch_counts(data).items():
        yield name, _asking(trace_of_counts(stretch, share=SHARE, name=name).arrivals, questions)
    azure = find_trace(str(data / "azure_traces" / "AzureLLMInferenceTrace_conv.csv.gz"))
    yield "Azure, an hour", _asking(azure.arrivals * (azure.rate / AZURE_RATE), questions)


def stretch_counts(data: Path) -> dict[str, NDArray[np.int64]]:
    """The requests of each second of every stretch."""
    with lzma.open(data / "ipa_twitter" / "requests_per_second.txt.xz", "rt") as opened:
        counts = np.array([int(line) for line in opened], dtype=np.int64)
    return {name: np.concatenate([counts[first:end] for first, end in parts]) for name, parts in STRETCHES.items()}


def _asking(arrivals: Floats, questions: int) -> OfferedRequests:
    return OfferedRequests(arrivals, np.random.default_rng(0).integers(questions, size=len(arrivals)))


def runs_of(name: str, menu: Menu, offered: OfferedRequests) -> StretchRuns:
    """Replay a stretch under every policy."""
    print(f"{name}: {len(offered.arrivals):,} requests", file=sys.stderr, flush=True)
    traces = {label: replay_trace(menu, policy, MovingMaximum(), offered) for label, policy in POLICIES.items()}
    future = Perfect(trace=tuple(counts_by_second(offered.arrivals).tolist()))
    traces["oracle"] = replay_trace(menu, FrontierPolicy(), future, offered)
    ipa = traces["IPA"].outcome
    at_cost = {
        USUAL: _at_cost(menu, offered, ipa.replicas, late_worth=0.0),
        COUNTING: _at_cost(menu, offered, ipa.replicas, late_worth=1.0),
        AS_LATE: _as_late(menu, offered, ipa),
    }
    return StretchRuns(name, len(offered.arrivals), traces, at_cost)


def _as_late(menu: Menu, offered: OfferedRequests, ipa: ReplayOutcome) -> ReplayedTrace:
    """The frontier policy at IPA's cost with the lenient share that gives the most accuracy, of those with which as
    many answers are in time as with IPA; the strictest where none is."""
    bounds = [ServiceBound(menu.bound.seconds, share) for share in LENIENT_SHARES]
    traces = [_at_cost(replace(menu, bound=each), offered, ipa.replicas, late_worth=1.0) for each in bounds]
    able = [trace for trace in traces if (trace.outcome.attained or 0.0) >= (ipa.attained or 0.0)]
    return max(able or traces[:1], key=lambda trace: trace.outcome.accuracy or 0.0)


def _at_cost(menu: Menu, offered: OfferedRequests, most: float, late_worth: float) -> ReplayedTrace:
    """The frontier policy with a budget of mean replicas, as spendthrift as it may be to cost no more than that: by
    bisection of the weight of a replica. Only the cost is looked at."""
    policy = FrontierPolicy(mean_replicas=most, late_worth=late_worth)
    low, high = np.log(COST_WEIGHTS)
    thrifty: ReplayedTrace | None = None
    for _ in range(SEARCH_STEPS):
        middle = (low + high) / 2
        weighed = replace(menu, weights=replace(menu.weights, cost=float(np.exp(middle))))
        trace = replay_trace(weighed, policy, MovingMaximum(), offered)
        if trace.outcome.replicas <= most + 1e-9:
            high, thrifty = middle, trace
        else:
            low = middle
    if thrifty is None:
        raise SystemExit(f"no weight of a replica up to {COST_WEIGHTS[1]:g} keeps to {most:.2f} replicas")
    return thrifty


def stretch_table(runs: StretchRuns) -> str:
    """Every policy on one stretch."""
    rows = [_cells(name, trace) for name, trace in runs.traces.items()]
    rows[-1:-1] = [_cells(name, trace) for name, trace in runs.at_cost.items()]
    return table(COLUMNS, rows)


def _cells(name: str, trace: ReplayedTrace) -> Sequence[str]:
    total = trace.outcome
    shares = [f"{100 * (value or 0.0):.2f}" for value in (total.accuracy, total.attained, total.in_time)]
    return name, *shares, f"{total.replicas:.2f}", str(trace.switches)


def verdict_table(all_runs: Sequence[StretchRuns]) -> str:
    """The frontier policy at IPA's cost, less IPA and the static ones: in points and replicas."""
    columns = ("stretch", "less", "accuracy", "within SLA", "accuracy within SLA", "replicas")
    rivals = ("IPA", "static, most accurate", "static, cheapest")
    parts = [table(columns, [_compared(runs, USUAL, rival) for runs in all_runs for rival in rivals])]
    for label, said in _FURTHER.items():
        parts += [said, table(columns, [_compared(runs, label, "IPA") for runs in all_runs])]
    return "\n\n".join(parts)


_FURTHER = {
    COUNTING: "If `frontier` counts late answers in full, too, as the column *accuracy* does:",
    AS_LATE: "If, besides, single intervals may have more late answers, and all together no more than with IPA:",
}


def _compared(runs: StretchRuns, label: str, rival: str) -> Sequence[str]:
    own, other = runs.at_cost[label].outcome, runs.traces[rival].outcome
    pairs = ((own.accuracy, other.accuracy), (own.attained, other.attained), (own.in_time, other.in_time))
    points = [f"{100 * ((ours or 0.0) - (theirs or 0.0)):+.2f}" for ours, theirs in pairs]
    return runs.name, rival, *points, f"{own.replicas - other.replicas:+.2f}"


def bench_menu(study: Path, replicas: int) -> Menu:
    """The study's frontier in up to so many replicas, with IPA's SLA."""
    results = StudyFolder(study).results()
    menu = menu_of(results, None, MenuWishes(replicas=replicas, startup=STARTUP))
    alone = float(np.mean([variant.seconds.sum(axis=1).mean() for variant in menu.variants]))
    return replace(menu, bound=ServiceBound(SLA_TIMES * alone, menu.bound.share))


def page_of(menu: Menu, plenty: Sequence[StretchRuns], scarce: Sequence[StretchRuns]) -> str:
    """The page."""
    introduction = (Path(__file__).parent / "adaptation.md").read_text(encoding="utf-8")
    filled = introduction.format(
        pipelines=len(menu.variants),
        least=100 * menu.variants[0].accuracy,
        most=100 * menu.variants[-1].accuracy,
        fastest=1000 * min(sum(variant.means) for variant in menu.variants),
        slowest=1000 * max(sum(variant.means) for variant in menu.variants),
        sla=1000 * menu.bound.seconds,
        kept=SHARE,
        azure=AZURE_RATE,
        startup=STARTUP,
        replicas=REPLICAS,
        scarce=SCARCE,
        lenient=", ".join(f"{100 * (1 - share):.0f}" for share in LENIENT_SHARES) + " %",
    )
    made = f"Made {date.today().isoformat()} at revision {_revision()}, on {machine()}."
    parts = [
        filled,
        made,
        f"## Up to {REPLICAS} replicas",
        "`frontier` at IPA's cost, less IPA and static deployments:",
    ]
    parts += [verdict_table(plenty), *(_section(runs) for runs in plenty)]
    parts += [f"## Up to {SCARCE} replicas", "Fewer than the most accurate pipeline needs at the peaks:"]
    parts += [verdict_table(scarce), *(_section(runs) for runs in scarce)]
    return "\n\n".join(parts) + "\n"


def _section(runs: StretchRuns) -> str:
    return f"### {runs.name.capitalize()}: {runs.requests:,} requests\n\n{stretch_table(runs)}"


def _revision() -> str:
    return subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=PAGE.parent, text=True).strip()


def main() -> None:
    """Replay everything, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    wishes = parser.parse_args()
    plenty, scarce = bench_menu(wishes.study, REPLICAS), bench_menu(wishes.study, SCARCE)
    stretches = dict(offered_stretches(wishes.data, len(plenty.variants[0].seconds)))
    in_plenty, in_scarcity = (
        [runs_of(name, menu, offered) for name, offered in stretches.items()] for menu in (plenty, scarce)
    )
    PAGE.write_text(page_of(plenty, in_plenty, in_scarcity), encoding="utf-8")


if __name__ == "__main__":
    main()
