"""The losses: spans normalised over all passages of a question, and relevance."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.reader.batches import TrainingBatch

_NEVER = -1e4


def span_loss(logits: Tensor, batch: TrainingBatch) -> Tensor:
    """Shared-normalisation span loss (Clark & Gardner 2018).

    Starts, and ends, compete over all passages of their question, so that scores compare across passages; any
    place where the answer stands counts as right (marginal likelihood). `logits` is [rows, length, 2]; the
    result is a mean over groups.
    """
    inside = (batch.segments == 1) & (batch.tokens != 102)
    losses = []
    for side, labels in enumerate((batch.starts, batch.ends)):
        scores = logits[:, :, side].masked_fill(~inside, _NEVER)
        right = scores.masked_fill(labels == 0, _NEVER)
        losses.append(_by_group(scores, batch.group) - _by_group(right, batch.group))
    return torch.stack(losses).sum(0).mean()


def relevance_loss(relevance: Tensor, batch: TrainingBatch) -> Tensor:
    """Whether a passage holds the answer: listwise over its question's passages, and alone; `relevance` is [rows]."""
    target = batch.gold.to(relevance.dtype)
    alone = functional.binary_cross_entropy_with_logits(relevance, target)
    gold = relevance.masked_fill(~batch.gold, _NEVER)
    listwise = _by_group(relevance[:, None], batch.group) - _by_group(gold[:, None], batch.group)
    several = torch.bincount(batch.group) > 1
    return alone + (listwise * several).sum() / several.sum().clamp(min=1)


def _by_group(scores: Tensor, group: Tensor) -> Tensor:
    """Log-sum-exp of `scores` [rows, width] over all rows of each group: [groups]."""
    return torch.stack([scores[group == number].flatten().logsumexp(0) for number in range(int(group[-1]) + 1)])
