"""What exploring a space takes: how many calls, at most, and how long they take on this machine.

Calls are counted by walking the pipelines with stand-ins for the passages: every retriever finds passages of its own.
Real retrievers agree on many, whose calls are then shared, so the count is an upper bound. Seconds per call are
measured in a small probe with the real components on some of the real documents.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tradespace.components.base import Call, Component, Operator, Role, ranking_of, run_directly
from tradespace.components.corpus import Corpus
from tradespace.components.pipeline import Pipeline
from tradespace.data import Dataset
from tradespace.explorer.workbench import Workbench
from tradespace.types import Answer, Completion, Message, Outcome, Passage, Prompt, Request, ScoredPassage

PROBE_DOCUMENTS = 64
PROBE_QUESTIONS = 16
FOUND = 10
"""Passages that a retriever without a `top_k` is taken to find."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Evaluations that are asked for, and the distinct calls that they need at most, by the role of what is called."""

    pipelines: int
    questions: int
    calls: Counter[Role]
    units: Counter[Component]

    @property
    def evaluations(self) -> int:
        """Pipelines times questions."""
        return self.pipelines * self.questions


def plan(pipelines: Sequence[Pipeline], questions: int) -> Plan:
    """Count the distinct calls of evaluating pipelines on a number of questions, from above."""
    calls = {(pipeline.stages.get(Role.CHUNK), call) for pipeline in pipelines for call in _calls(pipeline)}
    units = Counter(call.component for _, call in calls)
    by_role: Counter[Role] = Counter()
    for component, count in units.items():
        by_role[component.role] += count * questions
    return Plan(len(pipelines), questions, by_role, Counter({unit: n * questions for unit, n in units.items()}))


def estimate_seconds(planned: Plan, pipelines: Iterable[Pipeline], dataset: Dataset) -> float:
    """Seconds that the calls of a plan take on this machine, building what they need included, from a probe.

    Raises:
        ComponentError: a component could not be opened, or raised.
    """
    chunkings = {pipeline.stages.get(Role.CHUNK): pipeline for pipeline in pipelines}
    some = dataset.documents[:PROBE_DOCUMENTS]
    texts = [question.text for question in islice(dataset.questions, PROBE_QUESTIONS)]
    kinds = {type(unit): unit for unit in planned.units}
    one_chunking = next(iter(chunkings.values()))
    with tempfile.TemporaryDirectory() as folder:
        _probe(Workbench(some[:1], Path(folder)), one_chunking, kinds.values(), texts)  # loads libraries and models
        probes = _probe(Workbench(some, Path(folder)), one_chunking, kinds.values(), texts)
    opening = sum(seconds for seconds, _ in probes.values()) * len(dataset.documents) / len(some) * len(chunkings)
    return opening + sum(probes[type(unit)][1] * count for unit, count in planned.units.items())


def _probe(
    workbench: Workbench, pipeline: Pipeline, units: Iterable[Component], texts: Sequence[str]
) -> dict[type[Component], tuple[float, float]]:
    """For each kind of component: seconds to open it on the probe's corpus, and seconds per call in a batch."""
    corpus = workbench.corpus(pipeline)
    return {type(unit): _probe_one(workbench, corpus, unit, texts) for unit in units}


def _probe_one(workbench: Workbench, corpus: Corpus, unit: Component, texts: Sequence[str]) -> tuple[float, float]:
    start = time.perf_counter()
    operator = workbench.operator(unit, corpus)
    opened = time.perf_counter()
    given = corpus.passages[:1] if unit.role in (Role.RERANK, Role.GENERATE) else ()
    asked = [Prompt((Message("user", text),)) if unit.role is Role.LLM else Request(text, given) for text in texts]
    operator(asked)
    return opened - start, (time.perf_counter() - opened) / len(texts)


def _calls(pipeline: Pipeline) -> list[Call]:
    """The calls that a pipeline makes for one question, with stand-ins for what is found."""
    made: list[Call] = []
    request = Request("?")
    for component in pipeline.online.values():
        outcome = run_directly(component.process(request), lambda unit: _stand_in(unit, made))
        if not isinstance(outcome, Answer):
            request = request.with_ranking(ranking_of(outcome))
    return made


def _stand_in(component: Component, made: list[Call]) -> Operator:
    def answer(request: Request | Prompt) -> Outcome:
        made.append(Call(component, request))
        if isinstance(request, Prompt):
            return Completion("", 0, 0)
        if component.role is Role.GENERATE:
            return Answer("", 0.0)
        if component.role is Role.RETRIEVE:
            found = [
                Passage(f"{component!r} {place}", "", "") for place in range(component.settings.get("top_k", FOUND))
            ]
            return tuple(ScoredPassage(passage, -float(place)) for place, passage in enumerate(found))
        return tuple(ScoredPassage(passage, 0.0) for passage in request.passages)

    return lambda requests: [answer(request) for request in requests]
