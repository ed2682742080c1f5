"""Write docs/benchmarks-load.md, and its figures as bench/results/load.json, from the runs that were made.

python -m bench.load.page
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from bench.load.adaptation_live import AdaptedStretch, adapted_table
from bench.load.analysis import Repeats, compared_capacities, repeats, verdicts
from bench.load.faults import Faults, fault_table
from bench.load.overhead import Overhead, overhead_table
from bench.load.records import FOLDER, QUANTILES, Kept, kept_capacities, kept_runs
from bench.load.systems import SYSTEMS
from bench.load.tables import capacity_table, error_table, part_table, summary, target_table, targets
from bench.load.tails import Tails, tail_table
from bench.page import machine

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "benchmarks-load.md"
RESULTS = ROOT / "bench" / "results" / "load.json"
INTRODUCTION, *_EXPLAINED = (Path(__file__).parent / "words.md").read_text(encoding="utf-8").split("\n## ")
EXPLANATIONS = dict(each.split("\n", 1) for each in _EXPLAINED)
"""What stands in words.md below each of its headings."""
NOTHING = "Not measured yet."
RecordT = TypeVar("RecordT", bound=Kept)


def main() -> None:
    """Write both."""
    write_page(FOLDER, PAGE, RESULTS)
    print(PAGE.read_text(encoding="utf-8"))


def write_page(folder: Path, page: Path, results: Path) -> None:
    """Write both from what was kept in a folder."""
    cases = repeats(kept_runs(folder))
    results.write_text(json.dumps(compact(cases), indent=1) + "\n", encoding="utf-8")
    page.write_text("\n\n".join(_sections(cases, folder)) + "\n", encoding="utf-8")


def compact(cases: list[Repeats]) -> list[dict[str, Any]]:
    """The figures of each case, without its requests."""
    return [
        {
            **case.case.model_dump(),
            "rate": round(case.rate, 4),
            "runs": len(case.runs),
            "requests": sum(len(run.measured.latency) for run in case.runs),
            **{
                name: {
                    "predicted": round(case.predicted(name), 5),
                    "measured": round(case.measured(name), 5),
                    "error": round(case.error(name), 4),
                    "replay_error": round(case.replay_error(name), 4),
                    "spread": round(case.spread(name), 4),
                }
                for name in QUANTILES
            },
        }
        for case in cases
    ]


def _sections(cases: list[Repeats], folder: Path) -> Iterator[str]:
    given, capacities = list(verdicts(cases)), list(compared_capacities(cases, kept_capacities(folder)))
    told = [target_table(targets(cases, capacities, given)), summary(cases, given), _still_to_be_made(cases)]
    promised = "\n\n".join(filter(None, told)) if cases else NOTHING
    yield INTRODUCTION.strip()
    yield f"## What was promised\n\n{promised}"
    yield _section("Capacity at a bound", "capacities", capacity_table(capacities) if capacities else NOTHING)
    yield _section("Latency of each case", "errors", error_table(cases) if cases else NOTHING)
    yield _section("Where the mean latency goes", "parts", part_table(cases) if cases else NOTHING)
    yield _section("Policies against a slow tail", "tails", _kept(folder / "tails.json", Tails, tail_table))
    yield _section(
        "Adaptation for real", "adaptation", _kept(folder / "adaptation-live.json", AdaptedStretch, adapted_table)
    )
    yield _section("The server's own overhead", "overhead", _kept(folder / "overhead.json", Overhead, overhead_table))
    yield _section("Faults", "faults", _kept(folder / "faults.json", Faults, lambda kept: fault_table(kept.tried)))
    yield f"Written {date.today().isoformat()} on {machine()}."


def _still_to_be_made(cases: list[Repeats]) -> str:
    """The systems of which no run was made yet, if there are any."""
    made = {case.case.system for case in cases}
    missing = [system.name for system in SYSTEMS if system.name not in made]
    return f"Not measured yet: {', '.join(missing)}." if missing else ""


def _section(title: str, explanation: str, tables: str) -> str:
    """A heading, what the tables below it say, and the tables."""
    return f"## {title}\n\n{EXPLANATIONS[explanation].strip()}\n\n{tables}"


def _kept(file: Path, kind: type[RecordT], told: Callable[[RecordT], str]) -> str:
    """What was kept there, as a table."""
    if not file.exists():
        return NOTHING
    return told(kind.model_validate_json(file.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
