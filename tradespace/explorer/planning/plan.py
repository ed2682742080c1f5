"""What exploring a space takes: how many distinct calls are missing.

Pipelines are walked as in a run, with answers of the ledger where it has them: what it answers is counted exactly.
From the first call that is missing, a walk goes on with stand-ins, and what follows is an estimate.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.roles import Role
from tradespace.explorer.planning.dry_run import DryRun
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.explorer.running.runner import stream
from tradespace.explorer.storage.base import Ledger
from tradespace.search_space.specification import Specification

PLANNED = 500
"""Pipelines that calls are counted for, at most; a larger search is planned by a sample of this size."""
WALKED = 4
"""Questions that are walked, and stand for all, where no ledger knows any answer."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What evaluating pipelines on questions takes.

    Attributes:
        asked: calls, had each pipeline run alone: no run makes more.
        missing: distinct calls that are to be made, by component; about as many, where they depend on each other.
        known: distinct calls that the ledger answers, by component.
        examples: some of the missing calls, by kind of component.
        usd: the most that missing calls of language models with prices of their own cost, about.
        complete: pipelines that lack no call.
    """

    pipelines: int
    questions: int
    asked: int
    missing: Mapping[Component, int]
    known: Mapping[Component, int]
    examples: Mapping[str, Sequence[Call]]
    usd: float = 0.0
    complete: int = 0

    @property
    def calls(self) -> int:
        """Distinct calls, missing or not."""
        return sum(self.missing.values()) + sum(self.known.values())

    @property
    def known_share(self) -> float:
        """The share of these that the ledger answers."""
        return sum(self.known.values()) / max(1, self.calls)

    @property
    def evaluations(self) -> int:
        """Pipelines times questions."""
        return self.pipelines * self.questions

    @property
    def remote(self) -> int:
        """Missing calls that somebody else's machine answers."""
        return sum(number for component, number in self.missing.items() if is_remote(component))


def planned_pipelines(specification: Specification) -> list[Pipeline]:
    """As many pipelines as a search may try, at most `PLANNED`; drawn at random where that is not the whole space."""
    space = specification.space
    bounds = [PLANNED, specification.search.budget.pipelines, space.size()]
    count = min(bound for bound in bounds if bound is not None)
    if count == space.size():
        return list(space.members())
    generator = random.Random(specification.search.seed)
    drawn = (space.draw(generator) for _ in range(100 * count))
    return list(islice(dict.fromkeys(pipeline for pipeline in drawn if isinstance(pipeline, Pipeline)), count))


def plan(
    pipelines: Sequence[Pipeline],
    questions: Sequence[str],
    opened_components: OpenedComponents,
    ledger: Ledger | None = None,
    bill: Callable[[Sequence[PaidCall]], float] = lambda calls: 0.0,
    *,
    seconds: float = math.inf,
) -> Plan:
    """Count the calls that evaluating pipelines on questions takes beyond those in the ledger.

    `bill` says what calls of language models cost, as in a run. Where there are not `seconds` enough to walk all
    questions, those that were walked stand for the others.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    dry_run, walked, end = DryRun(opened_components, ledger, bill=bill), 0, time.monotonic() + seconds
    complete = set(pipelines)
    for block in stream(dry_run, pipelines, questions if ledger else questions[:WALKED]):
        walked += max(map(len, block.values()), default=0)
        complete -= {pipeline for pipeline in complete if any(trace.lacking.missing for trace in block[pipeline])}
        if time.monotonic() > end:
            break
    scale = len(questions) / max(1, walked)
    return Plan(
        len(pipelines),
        len(questions),
        round(dry_run.asked * scale),
        {component: round(len(keys) * scale) for component, keys in dry_run.missing.items()},
        {component: round(len(keys) * scale) for component, keys in dry_run.known.items()},
        dry_run.examples,
        dry_run.usd * scale,
        len(complete),
    )


def by_role(calls: Mapping[Component, int]) -> Counter[Role]:
    """Calls by the role of what is called, in the order of the roles."""
    counted: Counter[Role] = Counter()
    for component, number in sorted(calls.items(), key=lambda pair: list(Role).index(pair[0].role)):
        counted[component.role] += number
    return counted
