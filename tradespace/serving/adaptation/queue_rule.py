"""Which pipeline a request is given when it comes: the longer the queue, the faster the pipeline."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tradespace.search_space.deployment import Deployment
from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.menu import ServiceBound, Variant
from tradespace.serving.adaptation.mixtures import upper_hull

USABLE_SHARE = 0.95
"""The share of the bound within which an answer must be expected: the rest is for waits that last longer."""


@dataclass(frozen=True)
class QueueRule:
    """Each pipeline with the wait, in seconds, up to which it is given; the most accurate first.

    Where the wait is longer than all of these, the last one is given.
    """

    longest_waits: tuple[tuple[float, Variant], ...]

    @property
    def fastest(self) -> Variant:
        """What is given when the queue is long."""
        return self.longest_waits[-1][1]

    def __call__(self, ahead: Ahead) -> Variant:
        """The pipeline for a request."""
        wait = ahead.wait
        return next((variant for longest, variant in self.longest_waits if wait <= longest), self.fastest)


def in_time(variants: Sequence[Variant], bound: ServiceBound) -> QueueRule:
    """The most accurate pipeline of which as many answers as the bound asks for are expected within it."""
    waits = {variant: USABLE_SHARE * bound.seconds - variant.quantile(bound.share) for variant in variants}
    useful: list[Variant] = []
    for variant in sorted(variants, key=lambda variant: (-variant.accuracy, -waits[variant])):
        if not useful or waits[variant] > waits[useful[-1]]:
            useful.append(variant)
    return QueueRule(tuple((waits[variant], variant) for variant in useful))


def in_proportion(
    variants: Sequence[Variant], bound: ServiceBound, deployment: Deployment, readiness: float
) -> QueueRule:
    """As `in_time`, but a pipeline gives way sooner the less accuracy its seconds buy.

    That is drift plus penalty (Neely, Stochastic Network Optimization, 2010): a request is given the pipeline of the
    highest accuracy - price * wait * seconds. It leads to the most accurate mixture that the replicas can carry, where
    a rule that spends the whole bound first ends in extremes.

    Args:
        variants: to choose from.
        bound: to be kept.
        deployment: the pipelines' seconds are weighed by its replicas.
        readiness: to wait: 1 leaves the fastest pipeline for waits that threaten the bound, and none longer is put up
            with where this is more; infinite is `in_time`.
    """
    latest = in_time(variants, bound).longest_waits
    seconds = {variant: _bottleneck_seconds(variant, deployment) for _, variant in latest}
    hull, _ = upper_hull([(seconds[variant], variant.accuracy) for _, variant in latest])
    kept = [(wait, variant) for wait, variant in latest if seconds[variant] in hull]
    gains = [
        (variant.accuracy - lesser.accuracy) / (seconds[variant] - seconds[lesser])
        for (_, variant), (_, lesser) in pairwise(kept)
    ]
    scale = readiness * max(kept[-1][0], 0.0) / max(gains, default=1.0)
    waits = [min(wait, scale * gain) for (wait, _), gain in zip(kept, [*gains, math.inf], strict=True)]
    return QueueRule(tuple((wait, variant) for wait, (_, variant) in zip(waits, kept, strict=True)))


def _bottleneck_seconds(variant: Variant, deployment: Deployment) -> float:
    """Of the group that is shortest of replicas: its seconds for a request, shared among them."""
    return max(mean / group.replicas for mean, group in zip(variant.means, deployment.groups, strict=True))
