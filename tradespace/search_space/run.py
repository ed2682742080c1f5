"""The section `run`: where an exploration makes its calls. No outcome, and no evaluation, depends on it."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from tradespace.components.base import Component
from tradespace.components.registry import components
from tradespace.components.roles import Role
from tradespace.errors import nearest
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.document import Route, YamlDocument
from tradespace.search_space.sections import Section, read_section


class WorkerResources(Section):
    """What a worker has of its node, as Ray counts it."""

    num_cpus: float = Field(default=1.0, ge=0, description="cores, which it also computes in")
    num_gpus: float = Field(default=0.0, ge=0, description="GPUs, or shares of one")
    custom: dict[str, float] = Field(default={}, description="resources that the nodes of the cluster declare")
    labels: dict[str, str] = Field(default={}, description="labels that its node must have, with their values")

    @model_validator(mode="after")
    def _whole_above_one(self) -> WorkerResources:
        for name, wanted in {"num_cpus": self.num_cpus, "num_gpus": self.num_gpus, **self.custom}.items():
            if wanted < 0 or (wanted > 1 and wanted != int(wanted)):
                raise ValueError(f"{name} must be at least 0, and a whole number where it is more than 1")
        return self

    def __hash__(self) -> int:
        return hash((self.num_cpus, self.num_gpus, *sorted(self.custom.items()), *sorted(self.labels.items())))


class RunSection(Section):
    """Where calls are made. `--on` and `--workers` of `tradespace explore` come before it."""

    on: CallPlace = Field(default=CallPlace.PROCESS, description="ray: on the nodes of a Ray cluster")
    workers: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="the most workers of each kind; by default as many as there are cores",
    )
    resources: dict[str, WorkerResources] = Field(
        default={}, description="what workers need, by stage or by component; `generate` stands for language models too"
    )
    timing: str | None = Field(
        default=None,
        min_length=1,
        description="the node whose latencies count, which makes no calls: the name or address of its host, or a label "
        "as in gpu=a10; by default the one that the command runs on",
    )

    def resources_of(self, component: Component) -> WorkerResources:
        """What a worker needs that makes calls of a component: what is said of it, or else of its role.

        >>> from tradespace.components.notation import parse
        >>> wanted = RunSection(resources={"generate": WorkerResources(num_gpus=1)})
        >>> [wanted.resources_of(each).num_gpus for each in parse("bm25() >> sentence()")]
        [0.0, 1.0]
        """
        roles = [component.role, *([Role.GENERATE] if component.role is Role.LLM else [])]
        named = [name for name in (component.name, *map(str, roles)) if name in self.resources]
        return self.resources[named[0]] if named else WorkerResources()

    def overridden(self, on: CallPlace | None, workers: int | None) -> RunSection:
        """The same with what the command line says in its place; None says nothing."""
        said = {"on": on, "workers": workers}
        return self.model_copy(update={name: value for name, value in said.items() if value is not None})


def read_run(section: Any, route: Route, document: YamlDocument) -> RunSection | None:
    """Read the section; None, with the faults noted, where it does not fit."""
    read = read_section(RunSection, section, route, document)
    valid = [*map(str, Role), *components()]
    for name in read.resources if read else ():
        if name not in valid:
            message = f"no stage and no component is called {name!r}; {nearest(name, valid)}"
            document.fault((*route, "resources", name), message)
    return read
