"""Reading the `deployment` section: loads, hosts, and how groups of stages may be deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import Field

from tradespace.components.threads import cores
from tradespace.data.traffic import ArrivalTrace, find_trace
from tradespace.errors import InputError
from tradespace.search_space.deployment.alternatives import alternatives, check_names
from tradespace.search_space.deployment.groups import GroupReader
from tradespace.search_space.deployment.settings import LOAD_SETTINGS
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.deployment.values import Host, Load, StageGroup
from tradespace.search_space.document import Route, YamlDocument, read_file
from tradespace.search_space.goals import Goals
from tradespace.search_space.sections import Section, read_section
from tradespace.search_space.tree import Node

DEPLOYMENT_PARTS = ("load", "stages", "hosts")
THIS_MACHINE = "this machine"


class HostSection(Section):
    """What a kind of machine costs and has; a machine like this one has its cores."""

    usd_per_hour: float = Field(default=0.0, ge=0, description="dollars for an hour of one of them")
    cores: int = Field(default_factory=cores, ge=1, le=4096, description="cores that one of them has")


class DeploymentReader:
    """Reads the section. Whatever is wrong is noted in the document, and reading goes on."""

    def __init__(self, document: YamlDocument, stages: Mapping[str, Node], folder: Path) -> None:
        self.document = document
        self.stages = stages
        self.folder = folder
        self.traces: dict[str, ArrivalTrace] = {}

    def read(self, section: Any, route: Route, goals: Goals, usd_per_hour: float | None) -> DeploymentSpace | None:
        """The whole section; None when a fault was noted that leaves nothing to go on with.

        Args:
            section: as it is in YAML.
            route: to it.
            goals: of the file.
            usd_per_hour: of this machine, where the file has its price.
        """
        if not isinstance(section, Mapping) or "load" not in section:
            self._fault(route, f"needs a `load`, such as {{load: {{rate: 2 per s}}}}; given: {section!r}")
            return None
        before = len(self.document.faults)
        loads = self._loads(section["load"], (*route, "load"))
        groups, hosts = self.read_groups(section, route, usd_per_hour)
        self._check_prices(section.get("hosts"), route, goals, usd_per_hour)
        if len(self.document.faults) > before:
            return None
        return DeploymentSpace(loads, groups, hosts, goals, self.traces)

    def read_groups(
        self, section: Any, route: Route, usd_per_hour: float | None = None
    ) -> tuple[tuple[tuple[StageGroup, ...], ...], tuple[Host, ...]]:
        """The alternatives of each group of stages, and the hosts that they run on."""
        if not isinstance(section, Mapping):
            example = "{stages: {generate: {replicas: 2}}}"
            self._fault(route, f"a deployment must be a mapping, such as {example}; given: {section!r}")
            return (), ()
        check_names(section, DEPLOYMENT_PARTS, route, "a deployment", self.document)
        hosts = self._hosts(section.get("hosts"), (*route, "hosts"), usd_per_hour)
        names = [host.name for host in hosts]
        groups = GroupReader(self.document, self.stages, names).read(section.get("stages"), (*route, "stages"))
        return groups, hosts

    def _fault(self, route: Route, message: str) -> None:
        self.document.fault(route, message)

    def _hosts(self, section: Any, route: Route, usd_per_hour: float | None) -> tuple[Host, ...]:
        if section is None:
            return (Host(THIS_MACHINE, usd_per_hour or 0.0, cores()),)
        if not isinstance(section, Mapping) or not section:
            self._fault(route, f"must name hosts, as in {{cpu: {{usd_per_hour: 0.2, cores: 2}}}}; given: {section!r}")
            return ()
        read = {name: read_section(HostSection, each, (*route, name), self.document) for name, each in section.items()}
        return tuple(Host(name, each.usd_per_hour, each.cores) if each else Host(name) for name, each in read.items())

    def _check_prices(self, hosts: Any, route: Route, goals: Goals, usd_per_hour: float | None) -> None:
        """Dollars that deployments are judged by must be known of every host."""
        if goals.of_pipelines == goals:
            return
        if hosts is None and usd_per_hour is None:
            example = "hosts: {cpu: {usd_per_hour: 0.2, cores: 2}}"
            self._fault(route, f"usd_per_hour needs the price of the machines, such as {example}")
        for name, host in hosts.items() if isinstance(hosts, Mapping) else ():
            if not (isinstance(host, Mapping) and "usd_per_hour" in host):
                self._fault((*route, "hosts", name), "usd_per_hour needs the price of every host, as `usd_per_hour`")

    def _loads(self, section: Any, route: Route) -> tuple[Load, ...]:
        """One mapping or several, each with its alternatives."""
        entries = [(section, route)]
        if isinstance(section, list):
            entries = [(each, (*route, place)) for place, each in enumerate(section)]
        if not entries:
            self._fault(route, "must have at least one load, such as {rate: 2 per s}")
        return tuple(dict.fromkeys(load for entry in entries for load in self._load(*entry)))

    def _load(self, section: Any, route: Route) -> Iterator[Load]:
        if not isinstance(section, Mapping) or not section.keys() & {"rate", "trace"}:
            self._fault(route, f"a load needs a `rate`, such as 2 per s, or a `trace`; given: {section!r}")
            return
        if "trace" in section and "burstiness" in section:
            self._fault((*route, "burstiness"), "a trace is as bursty as it was recorded; leave one of the two out")
        values = alternatives(LOAD_SETTINGS, section, route, "a load", self.document)
        for place, name in enumerate(values["trace"]):
            self._find_trace(name, (*route, "trace", place))
        for rate, burstiness, trace in product(*values.values()):
            yield Load(rate, burstiness, trace)

    def _find_trace(self, name: str, route: Route) -> None:
        if not name or name in self.traces:
            return
        try:
            self.traces[name] = find_trace(name, self.folder)
        except InputError as error:
            for fault in error.faults:
                self._fault(route, str(fault))


def read_deployment_file(path: Path, stages: Mapping[str, Node], goals: Goals) -> DeploymentSpace:
    """Read a file with a section `deployment`, for pipelines with these stages, judged by these goals.

    Raises:
        FileError: it cannot be read.
        SpaceError: something is wrong; it carries every fault that was found.
    """
    document = read_file(path)
    sections = document.data if isinstance(document.data, Mapping) else {}
    reader = DeploymentReader(document, stages, path.parent)
    space = reader.read(sections.get("deployment"), ("deployment",), goals, None)
    document.raise_faults()
    assert space is not None  # or a fault would have been raised
    return space
