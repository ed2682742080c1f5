"""End-to-end latency of nested calls, from the seconds of each call.

A process yields rounds of calls. The calls of a round are made in parallel, so that a round takes as long as its
slowest call; rounds are made one after the other, and add up. So k parallel samples take as long as the slowest, and a
cascade as long as every model that it tried. Stages are rounds of one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallSeconds:
    """Seconds of service, and seconds of waiting: for rate limits, and for attempts that failed.

    `predicted` says that some of them come from a latency model, and were not measured.
    """

    service: float = 0.0
    waited: float = 0.0
    predicted: bool = False

    @property
    def seconds(self) -> float:
        """Both together: what a user waits."""
        return self.service + self.waited

    def then(self, other: CallSeconds) -> CallSeconds:
        """One after the other."""
        return CallSeconds(self.service + other.service, self.waited + other.waited, self.predicted or other.predicted)


def end_to_end(rounds: Sequence[Sequence[CallSeconds]]) -> CallSeconds:
    """What a process takes whose rounds of calls took `rounds`.

    The slowest call of a round is the one that service and waiting together make slowest; its share of waiting is kept.
    """
    total = CallSeconds()
    for calls in rounds:
        total = total.then(max(calls, key=lambda call: call.seconds, default=CallSeconds()))
    return total
