"""When a search is done: nothing that is left is likely to improve the frontier by more than the user cares for."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.search.frontier.outlook import Outlook


def chances_to_improve(outlook: Outlook, rows: Integers, front: Integers, tolerance: float) -> Floats:
    """How likely each row scores better, by more than a tolerance, than all of a frontier that cost no more.

    At most the sum over the scores of the chances to beat a member in it, of the member that leaves least of it.

    Args:
        outlook: what is expected of all rows.
        rows: those that are left.
        front: those that are complete and keep the service level; their scores are known.
        tolerance: what does not count, in the scores' own units.

    Returns:
        Of shape (rows).
    """
    losses, scored = outlook.losses, outlook.objectives.of_scores
    floor = outlook.reference(np.union1d(rows, front))[scored]
    no_dearer = np.all((losses[front][None] <= losses[rows][:, None])[:, :, ~scored], axis=2)
    levels = np.where(no_dearer[:, :, None], losses[front][None, :, scored], floor)
    levels = np.concatenate([levels, np.broadcast_to(floor, (len(rows), 1, len(floor)))], axis=1)
    errors = outlook.error[rows][:, outlook.objectives.columns[scored]]
    needed = (losses[rows][:, None, scored] - levels + tolerance) / np.maximum(errors, 1e-9)[:, None]
    return np.asarray(np.minimum(norm.sf(needed).sum(axis=2).min(axis=1), 1.0))
