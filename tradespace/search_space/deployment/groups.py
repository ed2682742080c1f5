"""Reading how groups of stages may be deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import Any

from tradespace.components.base import Component
from tradespace.components.notation import parse
from tradespace.components.roles import Role
from tradespace.errors import InputError, nearest
from tradespace.search_space.deployment.alternatives import alternatives
from tradespace.search_space.deployment.quantities import is_none
from tradespace.search_space.deployment.settings import GROUP_SETTINGS
from tradespace.search_space.deployment.values import StageGroup, TailPolicy
from tradespace.search_space.document import Route, YamlDocument
from tradespace.search_space.occurring import occurring
from tradespace.search_space.reading import SpaceReader
from tradespace.search_space.stages import stages_among
from tradespace.search_space.tree import Node

MOST_OF_GROUP = 100_000
"""Alternatives of one group of stages."""


class GroupReader:
    """Reads `deployment.stages`. Whatever is wrong is noted in the document, and reading goes on."""

    def __init__(self, document: YamlDocument, stages: Mapping[str, Node], hosts: Sequence[str]) -> None:
        self.document = document
        self.stages = stages
        self.online = {name: role for name, role in stages_among(stages).items() if role.online}
        self.hosts = hosts

    def read(self, section: Any, route: Route) -> tuple[tuple[StageGroup, ...], ...]:
        """The alternatives of each group, in the order of a pipeline."""
        if section is None:
            return ()
        if not isinstance(section, Mapping):
            example = "generate: {replicas: 2}"
            self._fault(route, f"must map groups of stages to settings, as in {example}; given: {section!r}")
            return ()
        named = {name: tuple(stage.strip() for stage in name.split("+")) for name in section}
        fine = [name for name in section if self._is_group(named[name], (*route, name))]
        for first, second in combinations(fine, 2):
            for stage in set(named[first]) & set(named[second]):
                self._fault((*route, second), f"{stage!r} is in the group `{first}` too; it must be in one only")
        in_order = sorted(fine, key=lambda name: list(self.online).index(named[name][0]))
        return tuple(self._group(named[name], section[name], (*route, name)) for name in in_order)

    def _is_group(self, stages: tuple[str, ...], route: Route) -> bool:
        """Whether these are online stages of the space that follow each other."""
        valid = list(self.online)
        unknown = [stage for stage in stages if stage not in valid]
        for stage in unknown:
            offline = f"`{stage}` works before any question arrives, and takes no load"
            what = offline if stage in self.stages else f"no pipeline of this space has a stage {stage!r}"
            self._fault(route, f"{what}; {nearest(stage, valid)}")
        if unknown:
            return False
        first = valid.index(stages[0])
        if list(stages) != valid[first : first + len(stages)]:
            order = " + ".join(valid)
            self._fault(route, f"a group must be stages next to each other in {order}; given: {' + '.join(stages)}")
            return False
        return True

    def _group(self, stages: tuple[str, ...], section: Any, route: Route) -> tuple[StageGroup, ...]:
        """The alternatives of a group, each once: without a batch there is no wait for one."""
        if not isinstance(section, Mapping | None):
            self._fault(route, f"must map settings to values, as in {{replicas: 2}}; given: {section!r}")
            return ()
        values = alternatives(GROUP_SETTINGS, section or {}, route, "a group of stages", self.document)
        self._check_hosts(values["host"], route)
        self._check_batches(values["batch"], stages, route)
        values["fallback"] = self._fallbacks(values["fallback"], self.online[stages[-1]], (*route, "fallback"))
        if (number := prod(map(len, values.values()))) > MOST_OF_GROUP:
            self._fault(route, f"a group has at most {MOST_OF_GROUP:,} alternatives; given: {number:,}")
            return ()
        combined = (dict(zip(values, chosen, strict=True)) for chosen in product(*values.values()))
        return tuple(dict.fromkeys(_stage_group(stages, each, self.hosts) for each in combined))

    def _check_hosts(self, named: Sequence[str], route: Route) -> None:
        for place, name in enumerate(named):
            if name and name not in self.hosts:
                self._fault((*route, "host", place), f"no host is called {name!r}; {nearest(name, self.hosts)}")

    def _check_batches(self, batches: Sequence[int], stages: Sequence[str], route: Route) -> None:
        for stage in stages:
            most = _most_together(self.stages[stage], self.online[stage])
            for place, batch in enumerate(batches):
                if batch > most:
                    message = f"nothing that fills `{stage}` takes more than {most} together; given: {batch}"
                    self._fault((*route, "batch", place), message)

    def _fallbacks(self, values: Sequence[Any], role: Role, route: Route) -> list[str]:
        return [self._fallback(value, role, (*route, place)) for place, value in enumerate(values)]

    def _fallback(self, value: Any, role: Role, route: Route) -> str:
        """The notation of what answers in the place of a group, as its last stage would."""
        if is_none(value) or value == "":
            return ""
        if isinstance(value, str) and "(" in value:
            component = self._parsed(value, route)
        else:
            component = SpaceReader(self.document).single(role, value, route, "the fallback")
        if component and component.role is not role:
            self._fault(route, f"a fallback stands for the stage `{role}`; {component} fills `{component.role}`")
        return str(component or "")

    def _parsed(self, notation: str, route: Route) -> Component | None:
        try:
            (component,) = parse(notation).components
        except InputError as error:
            for fault in error.faults:
                self._fault(route, fault.message)
        except ValueError:
            self._fault(route, f"a fallback must be one component, such as sentence(); given: {notation!r}")
        else:
            return component
        return None

    def _fault(self, route: Route, message: str) -> None:
        self.document.fault(route, message)


def _stage_group(stages: tuple[str, ...], chosen: Mapping[str, Any], hosts: Sequence[str]) -> StageGroup:
    tail = TailPolicy(chosen["timeout"], chosen["hedge_after"], chosen["retries"], chosen["fallback"])
    wait = chosen["wait"] if chosen["batch"] > 1 else 0.0
    return StageGroup(stages, chosen["replicas"], chosen["batch"], wait, chosen["host"] or hosts[0], tail)


def _most_together(node: Node, role: Role) -> int:
    """How many requests are taken together at most, by that which takes most of all that may fill a stage."""
    filling = [component for component in occurring(node) if component.role is role]
    return max((min(part.batch_size for part in component.parts()) for component in filling), default=1)
