"""Sending requests through the groups of a deployed pipeline, which may be changed while they are under way."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, repeat
from math import inf

from tradespace.components.base import Pipeline
from tradespace.encoding import encodable
from tradespace.errors import InputError, RequestRefusedError
from tradespace.explorer.running.jobs import TokensUsed
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.search_space.deployment import PATIENT, Deployment, StageGroup
from tradespace.serving.fallbacks import FallbackGroup
from tradespace.serving.groups import ServedGroup
from tradespace.serving.metrics import RequestOutcome, ServerMetrics
from tradespace.serving.server_settings import ServerSettings
from tradespace.serving.tails import asked_under
from tradespace.serving.visits import Visited
from tradespace.types import Answer, Ranking, Request

KEPT_ARRIVALS = 100_000
DRAIN_POLL_SECONDS = 0.01
Hedges = Callable[[Pipeline, StageGroup], float | None]
"""After how many seconds a group of stages of a pipeline is asked again; None where it is not."""


def no_hedges(pipeline: Pipeline, group: StageGroup) -> None:
    """No group is asked again."""


@dataclass(frozen=True, slots=True)
class ServingConfiguration:
    """What new requests are answered by, and how that is deployed."""

    pipeline: Pipeline
    deployment: Deployment


@dataclass(frozen=True, slots=True)
class ServedSpan:
    """One stage of an answer.

    Attributes:
        queued: seconds that the request waited for a replica before it.
        seconds: that it took, for the whole batch that the request was in.
    """

    stage: str
    component: str
    queued: float
    seconds: float


@dataclass(frozen=True, slots=True)
class ServedAnswer:
    """What a request came to. A pipeline that only retrieves answers nothing.

    Attributes:
        tokens: that language models read and wrote for it.
    """

    answer: Answer | None
    passages: Ranking
    spans: tuple[ServedSpan, ...]
    pipeline: Pipeline
    tokens: TokensUsed


@dataclass(frozen=True, slots=True)
class _Route:
    """The way of a request: the groups that have stages of its pipeline, as they are deployed when it arrives."""

    pipeline: Pipeline
    notation: str
    steps: tuple[tuple[ServedGroup, StageGroup], ...]


class Dispatcher:
    """Owns the queues of a deployed pipeline, and takes every request through them.

    Attributes:
        configuration: what new requests are answered by; changed by `apply`.
        groups: of stages, in their order.
        admit: chooses the pipeline of each request when it comes; None where that of the configuration answers all.
        accepting: whether new requests are taken.
        in_flight: requests that were taken, and neither answered nor given up.
        arrivals: when the last requests came, by `time.monotonic`, refused ones included.
    """

    def __init__(
        self,
        setup: ReplicaSetup,
        configuration: ServingConfiguration,
        settings: ServerSettings,
        metrics: ServerMetrics,
        hedges: Hedges = no_hedges,
    ) -> None:
        """Starts nothing; `open` does. `setup` has all pipelines that may ever be asked; the deployment names all of
        their stages."""
        self.configuration = configuration
        self.admit: Callable[[], Pipeline] | None = None
        self.accepting = False
        self.in_flight = 0
        self.arrivals: deque[float] = deque(maxlen=KEPT_ARRIVALS)
        self._settings, self._metrics, self._hedges = settings, metrics, hedges
        deployment = configuration.deployment
        of_groups = [(group, replace(setup, stages=group.stages, threads=deployment.threads(group.host)))
                     for group in deployment.groups]  # fmt: skip
        self.groups = tuple(ServedGroup(group, own, settings, metrics) for group, own in of_groups)
        self._fallbacks = {
            group.name: FallbackGroup(group, own, settings, metrics) for group, own in of_groups if group.tail.fallback
        }
        self._routes: dict[Pipeline, _Route] = {}
        self._route = self._route_of(configuration)
        metrics.in_flight.set_function(lambda: self.in_flight)

    async def open(self) -> None:
        """Start all replicas, wait until they are open, and accept requests from then on.

        Raises:
            ComponentError: a replica could not open its stages.
        """
        self.apply(self.configuration)
        for fallback in self._fallbacks.values():
            fallback.open()
        await asyncio.gather(*(keeper.opened for group in self._all_groups for keeper in group.keepers))
        self.accepting = True

    @property
    def is_ready(self) -> bool:
        """Whether requests are accepted, and each group has a replica for them."""
        return self.accepting and all(group.open_replicas for group in self._all_groups)

    def apply(self, configuration: ServingConfiguration) -> None:
        """Answer new requests by another pipeline, or in another deployment of the same groups. No request is dropped:
        those under way go on as they began, and replicas that are too many end after their batch.

        A group that the deployment does not mention stays as it is. Replicas keep the threads that they began with.

        Raises:
            InputError: the deployment has other groups, or no replica holds the pipeline.
        """
        self._route, self._routes = self._route_of(configuration), {}
        self.configuration = configuration
        for served, group in self._route.steps:
            served.change(group)

    def _route_of(self, configuration: ServingConfiguration) -> _Route:
        pipeline, groups = configuration.pipeline, configuration.deployment.groups
        if not all(served.holds(pipeline) for served in self.groups):
            raise InputError(f"the replicas must hold the pipeline {pipeline}: name it when the server starts")
        steps = []
        for served in self.groups:
            if stages := served.stages_of(pipeline):
                step = next((group for group in groups if stages.keys() <= set(group.stages)), None)
                if step is None:
                    known, given = ", ".join(each.name for each in self.groups), ", ".join(each.name for each in groups)
                    raise InputError(f"a server keeps its groups of stages, which are {known}; given: {given}")
                steps.append((served, step))
        return _Route(pipeline, str(pipeline), tuple(steps))

    def _route_now(self) -> _Route:
        """The way of a request that comes now."""
        if self.admit is None:
            return self._route
        pipeline = self.admit()
        if pipeline not in self._routes:
            self._routes[pipeline] = self._route_of(replace(self.configuration, pipeline=pipeline))
        return self._routes[pipeline]

    async def answer(self, question: str, seconds: float | None = None) -> ServedAnswer:
        """Answer a question by the configuration of its arrival, within some seconds, or those of the settings at most.

        Raises:
            RequestRefusedError: no request is accepted now, or too many wait.
            TimeoutError: it took too long.
            ComponentError: a component failed.
        """
        if not self.accepting:
            raise RequestRefusedError("this server is starting, or about to end: ask again later, or another one")
        start = time.monotonic()
        self.arrivals.append(start)
        self.in_flight += 1
        outcome: RequestOutcome = "failed"
        try:
            async with asyncio.timeout(min(seconds or inf, self._settings.seconds)):
                route = self._route_now()
                answer = await self._answered(Request(encodable(question)), route)
            outcome = "answered"
            self._metrics.answers.labels(route.notation).inc()
            return answer
        except RequestRefusedError:
            outcome = "refused"
            raise
        except TimeoutError:
            outcome = "timed_out"
            raise
        finally:
            self.in_flight -= 1
            self._metrics.ended(outcome, time.monotonic() - start)

    async def drain(self, seconds: float) -> bool:
        """Accept no more, and wait for what was accepted; whether all of it ended within these seconds."""
        self.accepting = False
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.in_flight:
                    await asyncio.sleep(DRAIN_POLL_SECONDS)
        return not self.in_flight

    async def close(self) -> None:
        """End all replicas."""
        self.accepting = False
        await asyncio.gather(*(keeper.end() for group in self._all_groups for keeper in tuple(group.keepers)))

    @property
    def _all_groups(self) -> list[ServedGroup]:
        return [*self.groups, *(fallback.group for fallback in self._fallbacks.values())]

    async def _answered(self, request: Request, route: _Route) -> ServedAnswer:
        answer: Answer | None = None
        passages: Ranking = ()
        spans: list[ServedSpan] = []
        read = written = 0
        for served, group in route.steps:
            visited = await self._visited(served, group, request, route.pipeline)
            spans += _spans(visited)
            passages = visited.ranking or passages
            read, written = read + visited.tokens.read, written + visited.tokens.written
            if isinstance(visited.result, Answer):
                answer = visited.result
            else:
                request = visited.result
        return ServedAnswer(answer, passages, tuple(spans), route.pipeline, TokensUsed(read, written))

    async def _visited(self, served: ServedGroup, group: StageGroup, request: Request, pipeline: Pipeline) -> Visited:
        if group.tail == PATIENT:
            return await served.ask(request, pipeline)
        fallback = self._fallbacks.get(served.name) if group.tail.fallback else None
        return await asked_under(
            group.tail,
            self._hedges(pipeline, group),
            lambda: served.ask(request, pipeline),
            (lambda: fallback.ask(request, pipeline)) if fallback else None,
        )


def _spans(visited: Visited) -> list[ServedSpan]:
    """The stages of a group; the first of them bears the wait."""
    waits = chain([visited.queued], repeat(0.0))
    return [
        ServedSpan(span.stage, span.component, wait, span.seconds)
        for span, wait in zip(visited.spans, waits, strict=False)
    ]
