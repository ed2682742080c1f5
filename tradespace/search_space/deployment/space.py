"""The deployments that a search-space file describes, and what each of them is for one pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, product
from math import prod

from tradespace.data.traffic import ArrivalTrace
from tradespace.search_space.deployment.values import Deployment, Host, Load, StageGroup
from tradespace.search_space.goals import Goals


@dataclass(frozen=True)
class DeploymentSpace:
    """Ways to deploy the pipelines of a space, and the loads that they are to bear.

    Attributes:
        loads: at least one; a latency is that under one of them.
        groups: for each group of stages, in the order of a pipeline, its alternatives, each once.
        hosts: at least one; the first is that of groups which name none.
        goals: as written. What a pipeline can be judged by before it is deployed is `Specification.goals`.
        traces: what the loads name, by the name that they give.
    """

    loads: tuple[Load, ...]
    groups: tuple[tuple[StageGroup, ...], ...]
    hosts: tuple[Host, ...]
    goals: Goals
    traces: Mapping[str, ArrivalTrace] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many deployments there are."""
        return prod(map(len, self.groups))

    @property
    def fallbacks(self) -> tuple[str, ...]:
        """The notations of all components that answer where a group failed, each once."""
        found = dict.fromkeys(group.tail.fallback for alternatives in self.groups for group in alternatives)
        return tuple(fallback for fallback in found if fallback)

    def deployments(self) -> Iterator[Deployment]:
        """Every deployment, lazily and always in the same order: that of the file, the last group varying fastest.

        They have the groups that the file names; `deployed` fits one to a pipeline.
        """
        return (Deployment(groups, self.hosts) for groups in product(*self.groups))

    def deployments_of(self, stages: Sequence[str]) -> Iterator[Deployment]:
        """The distinct deployments of pipelines with these online stages, as `deployed` fits them, in the same order.

        Args:
            stages: the names of the online stages, in their order: `tuple(pipeline.online)`.
        """
        fitted = [dict.fromkeys(_fitted(group, stages) for group in alternatives) for alternatives in self.groups]
        return (_arranged(groups, self.hosts, stages) for groups in product(*fitted))


def deployed(deployment: Deployment, stages: Sequence[str]) -> Deployment:
    """The deployment of a pipeline with these online stages: each is in one group, and the groups are in its order.

    Groups of which the pipeline has no stage are left out, and groups of which it has some keep these; without the last
    one they have no fallback. Stages that no group names, next to each other, are a group of one replica that takes one
    request at a time, on the first host.

    >>> one = Deployment((StageGroup(("rerank", "generate"), replicas=2, host="cpu"),), (Host("cpu"),))
    >>> [(group.name, group.replicas) for group in deployed(one, ["retrieve", "generate"]).groups]
    [('retrieve', 1), ('generate', 2)]
    """
    return _arranged([_fitted(group, stages) for group in deployment.groups], deployment.hosts, stages)


def _fitted(group: StageGroup, stages: Sequence[str]) -> StageGroup | None:
    """A group as far as a pipeline has its stages; None where it has none of them."""
    kept = tuple(stage for stage in group.stages if stage in stages)
    tail = group.tail if kept[-1:] == group.stages[-1:] else replace(group.tail, fallback="")
    return replace(group, stages=kept, tail=tail) if kept else None


def _arranged(groups: Iterable[StageGroup | None], hosts: tuple[Host, ...], stages: Sequence[str]) -> Deployment:
    owners = {stage: group for group in groups if group for stage in group.stages}
    unnamed = StageGroup((), host=hosts[0].name)
    runs = groupby(stages, key=lambda stage: owners.get(stage, unnamed))
    return Deployment(tuple(replace(group, stages=tuple(run)) for group, run in runs), hosts)
