"""What exploring a space takes: how many distinct calls are missing, and how long they take on this machine.

Pipelines are walked as in a run, with answers of the ledger where it has them: what it answers is counted exactly.
From the first call that is missing, a walk goes on with stand-ins, and what follows is an estimate. Seconds per call
are measured in a small probe with the real components on some of the real documents.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tradespace.components.base import Call, Component, Operator, Role
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.pipeline import Pipeline
from tradespace.data import Dataset
from tradespace.explorer.planning.foresight import Foresight
from tradespace.explorer.results import Outlay
from tradespace.explorer.running.naming import naming
from tradespace.explorer.running.runner import stream
from tradespace.explorer.running.walking import Called, is_remote
from tradespace.explorer.running.workbench import Workbench
from tradespace.explorer.storage.ledger import Ledger
from tradespace.search_space.specification import Specification
from tradespace.types import Prompt, Request

PLANNED = 500
"""Pipelines that calls are counted for, at most; a larger search is planned by a sample of this size."""
PROBE_DOCUMENTS, PROBE_PROMPTS, PROBES = 64, 4, 3
"""Documents that components are opened on; prompts of a language model; how often each is probed: the fastest counts,
for whatever else the machine does can only slow a probe down."""
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
    """

    pipelines: int
    questions: int
    asked: int
    missing: Mapping[Component, int]
    known: Mapping[Component, int]
    examples: Mapping[type[Component], Sequence[Call]]
    usd: float = 0.0

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
    return list(islice(dict.fromkeys(one for one in drawn if isinstance(one, Pipeline)), count))


def plan(
    pipelines: Sequence[Pipeline],
    questions: Sequence[str],
    workbench: Workbench,
    ledger: Ledger | None = None,
    bill: Callable[[Sequence[Called]], float] = lambda calls: 0.0,
) -> Plan:
    """Count the calls that evaluating pipelines on questions takes beyond those in the ledger.

    `bill` says what calls of language models cost, as in a run.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    walked = questions if ledger else questions[:WALKED]
    foresight = Foresight(workbench, ledger, bill=bill)
    for _ in stream(foresight, pipelines, walked):
        pass
    scale = len(questions) / max(1, len(walked))
    return Plan(
        len(pipelines),
        len(questions),
        round(foresight.asked * scale),
        {component: round(len(keys) * scale) for component, keys in foresight.missing.items()},
        {component: len(keys) for component, keys in foresight.known.items()},
        foresight.examples,
        foresight.usd * scale,
    )


def by_role(calls: Mapping[Component, int]) -> Counter[Role]:
    """Calls by the role of what is called, in the order of the roles."""
    counted: Counter[Role] = Counter()
    for component, number in sorted(calls.items(), key=lambda pair: list(Role).index(pair[0].role)):
        counted[component.role] += number
    return counted


def estimate(
    planned: Plan, pipelines: Sequence[Pipeline], dataset: Dataset, usd_per_hour: float | None = None
) -> Outlay:
    """About what the missing calls of a plan take on this machine, building what they need included, from a probe.

    Calls of remote models are counted and priced, but neither made nor timed.

    Raises:
        ComponentError: a component could not be opened, or raised.
    """
    some = dataset.documents[:PROBE_DOCUMENTS]
    units = {type(unit): unit for unit in planned.missing if not is_remote(unit)}
    with tempfile.TemporaryDirectory() as folder:
        _probe(Workbench(some[:1], Path(folder)), pipelines[0], units.values(), planned)  # loads libraries and models
        probes = _probe(Workbench(some, Path(folder)), pipelines[0], units.values(), planned)
    chunkings = len({pipeline.stages.get(Role.CHUNK) for pipeline in pipelines})
    opening = sum(opened for opened, _ in probes.values()) * len(dataset.documents) / max(1, len(some)) * chunkings
    calling = sum(probes[type(unit)][1] * number for unit, number in planned.missing.items() if type(unit) in probes)
    seconds = opening + calling
    usd = None if usd_per_hour is None else seconds * usd_per_hour / 3600 + planned.usd
    return Outlay(planned.pipelines, sum(planned.missing.values()), seconds, usd)


def _probe(
    workbench: Workbench, pipeline: Pipeline, units: Iterable[Component], planned: Plan
) -> dict[type[Component], tuple[float, float]]:
    """For each kind of component: seconds to open it on the probe's corpus, and seconds per call in a batch."""
    corpus = workbench.corpus(pipeline)
    return {type(unit): _probe_one(workbench, corpus, unit, planned.examples[type(unit)]) for unit in units}


def _probe_one(workbench: Workbench, corpus: Corpus, unit: Component, calls: Sequence[Call]) -> tuple[float, float]:
    start = time.perf_counter()
    operator = workbench.operator(unit, corpus)
    opened = time.perf_counter() - start
    requests = [_probed(call.request, corpus) for call in calls]
    if isinstance(unit, LanguageModel):
        requests = requests[:PROBE_PROMPTS]
    return opened, min(_seconds(unit, operator, requests) for _ in range(PROBES)) / len(requests)


def _probed(request: Request | Prompt, corpus: Corpus) -> Request | Prompt:
    """The same request with passages of the probe's corpus, which components know, in the place of stand-ins."""
    if isinstance(request, Prompt):
        return request
    return Request(request.question, tuple(islice(cycle(corpus.passages), len(request.passages))))


def _seconds(unit: Component, operator: Operator, requests: Sequence[Request | Prompt]) -> float:
    start = time.perf_counter()
    with naming(unit):
        operator(requests)
    return time.perf_counter() - start
