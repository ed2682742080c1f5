"""Runs of strategies on recordings: one line of JSON for each seed, kept as they are made, and continued."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bench.search.market import Market
from bench.search.measurement import Truth, measure
from bench.search.recording import CACHE, Recording
from bench.search.strategies import STRATEGIES

RESULTS = CACHE / "results"
SEEDS = 50
FEWER: Mapping[str, int] = {
    "oracle": 1,
    "exhaustive": 1,
    "NSGA-II": 20,
    "TPE": 6,
    "TPE with syftr's pruner": 6,
    "GPSampler": 3,
}
"""Seeds of strategies that chance has no part in, and of those that take long."""
LARGE, OF_LARGE = 1000, {"UCB-E": 20, "TPE with syftr's pruner": 3, "GPSampler": 0}
"""Fewer still in spaces of so many pipelines."""


def seeds(strategy: str, pipelines: int) -> int:
    """How often a strategy is run."""
    few = FEWER.get(strategy, SEEDS)
    return min(few, OF_LARGE.get(strategy, few)) if pipelines >= LARGE else few


def results(space: str, strategy: str) -> list[dict[str, Any]]:
    """The runs that were made so far."""
    path = RESULTS / space / f"{strategy}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def run(space: str, recording: Recording, wanted: Sequence[str]) -> None:
    """Make the runs that are missing."""
    truth = Truth.of(recording)
    for strategy in wanted:
        done = {result["seed"] for result in results(space, strategy)}
        start = time.process_time()
        for seed in range(seeds(strategy, len(recording.pipelines))):
            if seed not in done:
                _append(space, strategy, {"seed": seed, **_run(strategy, recording, truth, seed)})
        print(f"{space}, {strategy}: {time.process_time() - start:.1f} s", file=sys.stderr)


def forget(space: str, strategy: str) -> None:
    """Let a strategy's runs be made again."""
    (RESULTS / space / f"{strategy}.jsonl").unlink(missing_ok=True)


def _run(strategy: str, recording: Recording, truth: Truth, seed: int) -> dict[str, Any]:
    market = Market(recording.shuffled(seed))
    STRATEGIES[strategy](market, seed)
    return measure(market, truth)


def _append(space: str, strategy: str, result: Mapping[str, Any]) -> None:
    path = RESULTS / space / f"{strategy}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(result) + "\n")
