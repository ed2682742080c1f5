"""How often `frontier` drops a pipeline of the true frontier, and how often it ends too soon, where the truth is known.

    python -m bench.dropped [runs]

Each run searches a space of readers and retrievers (tradespace/testing/recorded_space.py) on questions of its own.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from tradespace.explorer.search import Frontier, Partial
from tradespace.testing.recorded_space import most_missed, reading_space, reading_specification, true_frontier

RUNS, QUESTIONS, BLOCK, BATCH = 1000, 60, 10, 4
CEILING, TOLERANCE = 0.1, 0.01


@dataclass(frozen=True)
class Outcome:
    """What came of one search: how many it dropped, how many of them wrongly, and how much the frontier lacked."""

    dropped: int
    wrongly: int
    missed: float
    done: bool


def search(seed: int, error: float) -> Outcome:
    """Search a space to the end."""
    specification = reading_specification()
    source = reading_space(specification, QUESTIONS, seed)
    algorithm = Frontier(block=BLOCK, error=error, tolerance=TOLERANCE)
    under_way = algorithm.start(specification.space, specification.goals, seed, source=source)
    while steps := under_way.ask(BATCH):
        for step in steps:
            under_way.tell(step.pipeline, Partial())
    account = under_way.account
    assert account is not None
    dropped = {each.pipeline for each in account.raced_out}
    wrongly = len(dropped & true_frontier(source, CEILING))
    done = bool(account.ending and account.ending.startswith("done"))
    return Outcome(len(dropped), wrongly, most_missed(source, account.complete, CEILING), done)


def report(runs: int, error: float) -> str:
    """A sentence of figures."""
    outcomes = [search(seed, error) for seed in range(runs)]
    wrongly = np.mean([each.wrongly > 0 for each in outcomes])
    early = [each for each in outcomes if each.done]
    missed = np.mean([each.missed > TOLERANCE + 1e-9 for each in early]) if early else 0.0
    dropped = np.mean([each.dropped for each in outcomes])
    return (
        f"error {error:.0%}, {runs} runs: {dropped:.1f} pipelines dropped on average; in {wrongly:.1%} of the runs one "
        f"of the frontier; {len(early) / runs:.1%} ended early, of these {missed:.1%} lacked more than {TOLERANCE:g}"
    )


if __name__ == "__main__":
    for chance in (0.05, 0.2):
        print(report(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS, chance), flush=True)
