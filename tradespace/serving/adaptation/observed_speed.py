"""How many times as long as foretold the replicas of a running server take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.serving.adaptation.menu import Variant
from tradespace.serving.visits import WorkedBatch

ENOUGH_BATCHES = 20
"""Batches that tell something: questions differ."""
OUTLYING_BATCH = 5.0
"""A batch counts for so many times the usual one at most: a replica that was disturbed once is not slow."""


def observed_slowness(batches: Iterable[WorkedBatch], group: int, variants: Mapping[Pipeline, Variant]) -> float:
    """What batches took, as a share of what is foretold of batches of mean questions; 1 while there are few.

    Args:
        batches: that replicas of the group answered.
        group: its position.
        variants: what is foretold of pipelines; batches of others are passed over.
    """
    known = [batch for batch in batches if batch.pipeline in variants]
    if len(known) < ENOUGH_BATCHES:
        return 1.0
    foretold = np.array([variants[batch.pipeline].batch_seconds(group, batch.size) for batch in known])
    ratios = np.array([batch.seconds for batch in known]) / foretold
    usual = np.minimum(ratios, OUTLYING_BATCH * np.median(ratios))
    return float((usual * foretold).sum() / foretold.sum())
