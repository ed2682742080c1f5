"""Which candidates are out: another was shown to be at least as good in every objective.

Costs are compared as they are foretold, scores by bets that may be looked at after every block: the money that is won
by betting on one pipeline against another exceeds 1 / error with a chance of at most `error`, ever, if the other is
better (`evidence_above`). The error is split over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradespace.evals.confidence_sequences import evidence_above
from tradespace.evals.figures import figure_of
from tradespace.explorer.arrays import Flags, Floats, Integers
from tradespace.explorer.search.frontier.outlook import Outlook
from tradespace.explorer.search.frontier.pool import Pool

RIVALS_COMPARED = 3


@dataclass(frozen=True)
class Defeat:
    """A row that is out, the row that beat it, and how many questions they shared by then."""

    row: int
    by: int
    questions: int


def defeats(pool: Pool, outlook: Outlook, running: Flags, error: float) -> list[Defeat]:
    """Rows among those that are running and not complete which others were shown to match in every objective.

    Args:
        pool: the candidates.
        outlook: what is expected of them; it decides who is compared, not who is out.
        running: the rows that were not dropped.
        error: the chance that any pipeline is ever dropped that beats the one it was dropped for in some score.
    """
    pairs = _pairs(pool, outlook, running)
    if not len(pairs):
        return []
    shared = _shared(pool, pairs)
    needed = len(pool) * (len(pool) - 1) / 2 / error
    out = np.flatnonzero(_evidence(pool, pairs, shared) >= needed)
    first = {int(pairs[place, 0]): place for place in out[::-1]}
    return [Defeat(row, int(pairs[place, 1]), int(shared[place])) for row, place in sorted(first.items())]


def _pairs(pool: Pool, outlook: Outlook, running: Flags) -> Integers:
    """Each row that was asked and is not complete, with rivals that cost no more and are expected to score best."""
    losses, scored = outlook.losses, outlook.objectives.of_scores
    asked = running & pool.asked.any(axis=1)
    open_rows, rivals = np.flatnonzero(asked & ~pool.complete), np.flatnonzero(asked)
    errors = outlook.error[:, outlook.objectives.columns]
    margin = 2 * np.hypot(errors[open_rows, None], errors[None, rivals])
    cheaper = (losses[open_rows, None] - losses[None, rivals] >= margin)[:, :, ~scored].all(axis=2)
    better = (losses[open_rows, None] > losses[None, rivals])[:, :, scored].all(axis=2)
    total = np.where(cheaper & better, losses[None, rivals][:, :, scored].sum(axis=2), np.inf)
    best = np.argsort(total, axis=1, kind="stable")[:, :RIVALS_COMPARED]
    places = [(row, place) for row in range(len(open_rows)) for place in best[row] if np.isfinite(total[row, place])]
    return np.array([(open_rows[row], rivals[place]) for row, place in places], dtype=np.intp).reshape(-1, 2)


def _shared(pool: Pool, pairs: Integers) -> Integers:
    """How many questions both of each pair have answered, whole blocks counted from the front."""
    asked = pool.asked.sum(axis=1)
    return np.asarray(np.minimum(asked[pairs[:, 0]], asked[pairs[:, 1]]))


def _evidence(pool: Pool, pairs: Integers, shared: Integers) -> Floats:
    """The e-value that the second of each pair is better, of the score in which it is least shown. A score that each
    has of other questions can't be bet on, question by question: then nothing is shown."""
    objectives = pool.objectives
    least = np.full(len(pairs), np.inf)
    for place in np.flatnonzero(objectives.of_scores):
        if not figure_of(objectives.goals.measures[place]).summary.paired:
            return np.zeros(len(pairs))
        losses = objectives.signs[place] * pool.scores[:, :, objectives.columns[place]]
        for count in np.unique(shared):
            of_count = shared == count
            first, second = losses[pairs[of_count], :count].swapaxes(0, 1)
            evidence = evidence_above(first - second, pool.known.shape[1])
            least[of_count] = np.minimum(least[of_count], evidence)
    return least
