"""What stands before a request that is about to be admitted, and how long it will queue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ahead:
    """What stands before a request.

    Attributes:
        requests: that are not through it, by group: at work there, in its queue, or in an earlier group.
        seconds: for which they are expected to occupy a replica, summed, by group.
        replicas: that work on them, by group.
    """

    requests: tuple[int, ...]
    seconds: tuple[float, ...]
    replicas: tuple[int, ...]

    @property
    def wait(self) -> float:
        """Seconds that the request will queue, in the mean: none where a replica is free; else until so many of those
        ahead are through that one is. The longest wait decides: meanwhile the others pass."""
        return max(map(_wait, self.requests, self.seconds, self.replicas), default=0.0)


def _wait(requests: int, seconds: float, replicas: int) -> float:
    turns = requests - max(replicas, 1) + 1
    return turns * seconds / (requests * max(replicas, 1)) if turns > 0 and requests else 0.0
