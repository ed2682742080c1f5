"""What exploring a space takes: how many distinct calls are missing.

Pipelines are walked as in a run, with answers of the ledger where it has them: what it answers is counted exactly.
From the first call that is missing, a walk goes on with stand-ins, and what follows is an estimate.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.roles import Role
from tradespace.evals.measures.calling import CallingMeasure
from tradespace.explorer.planning.dry_run import DryRun
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.call_scorer import CallScorer
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_scorer import calling
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.explorer.running.runner import Traces, stream
from tradespace.explorer.storage.base import Ledger
from tradespace.search_space.specification import Specification
from tradespace.types import Question

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
        judging_calls, judging_usd: the missing calls that measures make to score answers, and their part of `usd`.
        walking: seconds that it takes here to walk the pipelines through all questions: what whoever hands out calls
            and takes in outcomes is busy with, about, apart from the calls.
    """

    pipelines: int
    questions: int
    asked: int
    missing: Mapping[Component, int]
    known: Mapping[Component, int]
    examples: Mapping[str, Sequence[Call]]
    usd: float = 0.0
    complete: int = 0
    judging_calls: int = 0
    judging_usd: float = 0.0
    walking: float = 0.0

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


@dataclass(frozen=True, slots=True)
class PlannedScoring:
    """Measures that make calls, and the questions that they score, as they are planned for."""

    measures: Sequence[CallingMeasure] = ()
    questions: Sequence[Question] = ()


NO_SCORING = PlannedScoring()


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


def planned_scoring(specification: Specification, questions: Sequence[Question]) -> PlannedScoring:
    """The measures that pipelines are judged by and that make calls, with the questions that they score."""
    return PlannedScoring(calling(map(specification.measure, specification.goals.scores)), questions)


def plan(
    pipelines: Sequence[Pipeline],
    questions: Sequence[str],
    opened_components: OpenedComponents,
    ledger: Ledger | None = None,
    bill: Callable[[Sequence[PaidCall]], float] = lambda calls: 0.0,
    *,
    seconds: float = math.inf,
    scoring: PlannedScoring = NO_SCORING,
) -> Plan:
    """Count the calls that evaluating pipelines on questions takes beyond those in the ledger.

    `bill` says what calls of language models cost, as in a run. Where there are not `seconds` enough to walk all
    questions, those that were walked stand for the others.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    dry_run, walked, began = DryRun(opened_components, ledger, bill=bill), 0, time.monotonic()
    judging = DryRun(opened_components, ledger, bill=bill)
    scorer = CallScorer(scoring.measures, judging, opened_components.nothing)
    complete = set(pipelines)
    for block in stream(dry_run, pipelines, questions if ledger else questions[:WALKED]):
        complete -= _lacking_calls(block, scorer, scoring.questions[walked:])
        walked += max(map(len, block.values()), default=0)
        if time.monotonic() > began + seconds:
            break
    walking = time.monotonic() - began - dry_run.cutting
    scale = len(questions) / max(1, walked)
    judged = sum(map(len, judging.missing.values()))
    return Plan(
        len(pipelines),
        len(questions),
        round((dry_run.asked + judging.asked) * scale),
        _scaled(scale, dry_run.missing, judging.missing),
        _scaled(scale, dry_run.known, judging.known),
        _examples(dry_run, judging),
        (dry_run.usd + judging.usd) * scale,
        len(complete),
        round(judged * scale),
        judging.usd * scale,
        walking * scale,
    )


def _lacking_calls(block: Traces, scorer: CallScorer, questions: Sequence[Question]) -> set[Pipeline]:
    """Who lacks a call on the next questions, of its own or to be scored; the latter are counted."""
    lacking = {pipeline for pipeline, traces in block.items() if any(trace.lacking.missing for trace in traces)}
    if not scorer.measures:
        return lacking
    rows = [(pipeline, place) for pipeline, traces in block.items() for place in range(len(traces))]
    asked, traces = [questions[place] for _, place in rows], [block[pipeline][place] for pipeline, place in rows]
    by_calls = scorer.score(asked, traces)
    for column in by_calls.values():
        for (pipeline, _), score in zip(rows, column, strict=True):
            scorer.answers.count(0 if score is None else score.calls)
            if score is not None and score.missing:
                lacking.add(pipeline)
    return lacking


def _scaled(scale: float, *counts: Mapping[Component, Collection[bytes]]) -> dict[Component, int]:
    """How many distinct calls there are of each component, on all questions."""
    together: defaultdict[Component, set[bytes]] = defaultdict(set)
    for count in counts:
        for component, keys in count.items():
            together[component] |= set(keys)
    return {component: round(len(keys) * scale) for component, keys in together.items()}


def _examples(*dry_runs: DryRun) -> dict[str, list[Call]]:
    kinds = dict.fromkeys(kind for dry_run in dry_runs for kind in dry_run.examples)
    return {kind: [call for dry_run in dry_runs for call in dry_run.examples.get(kind, ())] for kind in kinds}


def by_role(calls: Mapping[Component, int]) -> Counter[Role]:
    """Calls by the role of what is called, in the order of the roles."""
    counted: Counter[Role] = Counter()
    for component, number in sorted(calls.items(), key=lambda pair: list(Role).index(pair[0].role)):
        counted[component.role] += number
    return counted
