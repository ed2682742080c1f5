"""What a request takes that is not alone: fitted to measured batches, and to measured concurrency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradespace.explorer.arrays import Floats


@dataclass(frozen=True, slots=True)
class BatchProfile:
    """What a batch takes in one replica of a group of stages: `start + factor * (sum of the alone seconds in it)`.

    Between measured sizes, and between measured numbers of busy replicas, factors are interpolated; beyond them the
    last one holds.

    Attributes:
        sizes: batch sizes that were measured, ascending, beginning with 1.
        busy: numbers of replicas of the host that worked at once while they were measured, ascending.
        factors: for each size, for each number of busy replicas.
        start: seconds of a batch that no request in it accounts for.
        error: how far single requests were off, as a share of what is foretold from their alone seconds: the standard
            deviation of the logarithm of their ratio.
        scatter: how far batches, and replicas in company, were off what their requests took in a batch of one.
        threads: of each replica.
    """

    sizes: tuple[int, ...] = (1,)
    busy: tuple[int, ...] = (1,)
    factors: tuple[tuple[float, ...], ...] = ((1.0,),)
    start: float = 0.0
    error: float = 0.0
    threads: int = 1
    scatter: float = 0.0

    def factor(self, size: int, busy: int = 1) -> float:
        """What the alone seconds of a batch of this size are multiplied by while so many replicas work."""
        by_busy = [float(np.interp(size, self.sizes, column)) for column in zip(*self.factors, strict=True)]
        return float(np.interp(busy, self.busy, by_busy))

    def factor_table(self, batch: int) -> list[list[float]]:
        """`factor`, in row `size - 1` up to this batch, in column `busy - 1` up to the last that was measured."""
        by_busy = [np.interp(np.arange(1, batch + 1), self.sizes, column) for column in zip(*self.factors, strict=True)]
        numbers = np.arange(1, self.busy[-1] + 1)
        return [np.interp(numbers, self.busy, row).tolist() for row in np.transpose(by_busy)]

    def spread_over(self, machines: int) -> BatchProfile:
        """The same where the replicas that `busy` counts are spread over so many machines: only those on the same one
        slow each other.

        >>> BatchProfile(busy=(1, 2), factors=((1.0, 1.5),)).spread_over(3).busy
        (3, 6)
        """
        return replace(self, busy=tuple(count * machines for count in self.busy))

    def seconds(self, alone: Sequence[float], busy: int = 1) -> float:
        """What a batch takes whose requests take `alone` seconds each when they are asked alone."""
        return self.start + self.factor(len(alone), busy) * sum(alone)

    def alone_in(self, seconds: Floats) -> Floats:
        """The seconds alone of which the profile foretells that batches of one take so many; NaN stays.

        >>> BatchProfile(factors=((2.0,),), start=0.01).alone_in(np.array([0.05])).tolist()
        [0.02]
        """
        factor = self.factor(1)
        return np.maximum(0.0, seconds - self.start) / factor if factor else np.zeros_like(seconds)


ALONE = BatchProfile()
"""Of what was not measured in company: batches take what their requests take one after the other."""


@dataclass(frozen=True, slots=True)
class SharingProfile:
    """How much slower a server with continuous batching answers each of several calls that run at once.

    Such a server works in steps (Yu et al. 2022, "Orca: A Distributed Serving System for Transformer-Based Generative
    Models"). Prompts that have come meanwhile are read together in the next step; the calls that write get one token
    in it, as in any step, and a step that reads is far longer than others. So prompts go first: whoever writes stands
    still while others read, and whoever comes meanwhile waits for the next step.

    Attributes:
        running: numbers of calls at once that were measured, ascending, beginning with 1.
        slowdown: what the alone seconds of a call are multiplied by while so many run; interpolated between them.
        slots: calls that run at once at most; others queue.
        error: how far measured calls were off, as a share of what is foretold: the standard deviation of the logarithm
            of their ratio.
        reading: the share of a call's alone seconds that is over with its first token; 0 where nothing is known of it,
            and all calls are taken to advance alike.
    """

    running: tuple[int, ...] = (1,)
    slowdown: tuple[float, ...] = (1.0,)
    slots: int = 1
    error: float = 0.0
    reading: float = 0.0

    def factor(self, running: int) -> float:
        """The slowdown while so many calls run."""
        return float(np.interp(running, self.running, self.slowdown))

    def step_factor(self, running: int) -> float:
        """What the seconds of steps are multiplied by while so many calls run.

        So many calls that take turns without a pause then have the slowdown that was measured: each waits while all
        others read, and writes while they write.

        >>> round(SharingProfile((1, 4), (1.0, 3.7), slots=4, reading=0.9).step_factor(4), 9)
        1.0
        """
        return self.factor(running) / (running * self.reading + 1 - self.reading)
