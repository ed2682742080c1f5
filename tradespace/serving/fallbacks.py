"""Who answers where a group of stages failed: one replica with the fallback in the place of the group's last stage."""

from __future__ import annotations

from dataclasses import replace

from tradespace.components.base import Component, Pipeline
from tradespace.components.notation import parse
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.search_space.deployment import PATIENT, StageGroup
from tradespace.serving.groups import ServedGroup
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.server_settings import ServerSettings
from tradespace.serving.visits import Visited
from tradespace.types import Request


class FallbackGroup:
    """Answers for a group with the component that its tail policy names."""

    def __init__(
        self, group: StageGroup, setup: ReplicaSetup, settings: ServerSettings, metrics: ServerMetrics
    ) -> None:
        (component,) = parse(group.tail.fallback).components
        self._stand_ins = {pipeline: _with(pipeline, group.stages[-1], component) for pipeline in setup.pipelines}
        stand_ins = tuple(dict.fromkeys(self._stand_ins.values()))
        self._alone = replace(group, replicas=1, batch=1, wait=0.0, tail=PATIENT)
        self.group = ServedGroup(
            self._alone, replace(setup, pipelines=stand_ins), settings, metrics, f"{group.name} (fallback)"
        )

    def open(self) -> None:
        """Start its replica."""
        self.group.change(self._alone)

    async def ask(self, request: Request, pipeline: Pipeline) -> Visited:
        """Answer as the group would have, had it not failed."""
        return await self.group.ask(request, self._stand_ins[pipeline])


def _with(pipeline: Pipeline, stage: str, component: Component) -> Pipeline:
    """The pipeline with another component in a stage, if it has that."""
    return Pipeline(tuple(component if name == stage else each for name, each in pipeline.stages.items()))
