"""The losses, beside their definitions."""

from __future__ import annotations

import math

import pytest
import torch

from training.reader.batches import TrainingBatch
from training.reader.losses import relevance_loss, span_loss


def _batch() -> TrainingBatch:
    """Two questions: one with a gold and another passage, one whose gold passage holds the answer twice."""
    starts = torch.zeros(3, 5)
    starts[0, 2] = starts[2, 2] = starts[2, 3] = 1.0
    segments = torch.tensor([[0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 0, 1, 1, 1]])
    return TrainingBatch(
        tokens=torch.full((3, 5), 7),
        segments=segments,
        mask=torch.ones(3, 5),
        group=torch.tensor([0, 0, 1]),
        gold=torch.tensor([True, False, True]),
        starts=starts,
        ends=starts.clone(),
    )


def test_span_loss_equals_its_definition() -> None:
    """Minus the log of the right places' share of exp(logit) over all passages of the question, start plus end."""
    logits = torch.randn(3, 5, 2, generator=torch.Generator().manual_seed(0))
    batch, wanted = _batch(), 0.0
    for rows in ([0, 1], [2]):
        for side in (0, 1):
            places = [(row, i) for row in rows for i in range(5) if batch.segments[row, i] == 1]
            mass = {place: math.exp(float(logits[*place, side])) for place in places}
            right = sum(value for (row, i), value in mass.items() if batch.starts[row, i] == 1)
            wanted -= math.log(right / sum(mass.values()))
    assert float(span_loss(logits, batch)) == pytest.approx(wanted / 2, rel=1e-5)


def test_relevance_loss_equals_its_definition() -> None:
    """Binary cross-entropy of each passage, plus the listwise loss of the questions that have several passages."""
    relevance = torch.tensor([0.3, -0.2, 1.1])
    alone = (math.log1p(math.exp(-0.3)) + math.log1p(math.exp(-0.2)) + math.log1p(math.exp(-1.1))) / 3
    listwise = math.log1p(math.exp(-0.2 - 0.3))
    assert float(relevance_loss(relevance, _batch())) == pytest.approx(alone + listwise, rel=1e-5)
