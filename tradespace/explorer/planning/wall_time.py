"""How long a plan takes with many workers: an estimate from what one machine takes for it.

Calls are made in rounds: a search asks for some pipelines on some questions, and is told how they did before it asks
for more. In a round the stages of a pipeline follow each other, and the calls of a stage are cut into batches, which
workers take one by one. So a stage takes no less than its longest batch, and by Graham (1966, "Bounds for certain
multiprocessing anomalies") no more than its share of all batches and one of the longest.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tradespace.components.base import Component
from tradespace.components.roles import Role
from tradespace.explorer.planning.estimate import SpendingEstimate
from tradespace.explorer.planning.plan import Plan
from tradespace.explorer.running.runner import QUESTIONS_AT_ONCE


@dataclass(frozen=True, slots=True)
class WallTime:
    """How long a plan takes with so many workers, in seconds.

    Attributes:
        alone: what is done once, and by one: indexes that are built, and calls that are handed out and recorded.
        calling: the calls of this machine's components, spread over the workers.
        waiting: models that run elsewhere, whose limits hold for all workers together.
        work: the calls of `calling` one after the other.
    """

    alone: float
    calling: float
    waiting: float
    work: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.alone + self.calling + self.waiting

    @property
    def busy(self) -> float:
        """How many workers have something to do while calls are made, in the mean."""
        return self.work / self.calling if self.calling else 0.0


def wall_time(planned: Plan, estimated: SpendingEstimate, workers: int, rounds: int) -> WallTime:
    """Estimate how long the missing calls of a plan take.

    Args:
        planned: the calls.
        estimated: what one of each kind takes on this machine.
        workers: processes that make calls at the same time, each as fast as this machine.
        rounds: in how many rounds they are asked for.
    """
    stages: defaultdict[Role, dict[Component, float]] = defaultdict(dict)
    for component, seconds in estimated.calls.items():
        stages[component.role][component] = seconds
    calling = sum(rounds * _stage(planned, calls, workers, rounds) for calls in stages.values())
    work = sum(seconds * planned.missing[component] for component, seconds in estimated.calls.items())
    return WallTime(estimated.opening + planned.walking, calling, estimated.waiting, work)


def _stage(planned: Plan, calls: Mapping[Component, float], workers: int, rounds: int) -> float:
    """Seconds of one stage in one round."""
    work = sum(seconds * planned.missing[component] / rounds for component, seconds in calls.items())
    longest = max(
        seconds * min(component.batch_size, planned.missing[component] / rounds) for component, seconds in calls.items()
    )
    return (work + (workers - 1) * longest) / workers


def rounds_of(planned: Plan, pipelines: int, questions: int | None = None) -> int:
    """In how many rounds a search asks for a plan.

    Args:
        planned: the pipelines and questions.
        pipelines: how many it asks for at a time.
        questions: on how many questions; on all where it is None.
    """
    most = QUESTIONS_AT_ONCE[1]
    at_once = min(planned.questions if questions is None else questions, most)
    return math.ceil(planned.pipelines / pipelines) * math.ceil(planned.questions / max(1, at_once))
