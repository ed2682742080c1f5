"""A deployment of a pipeline, and the load that it is offered, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Load:
    """How requests arrive.

    Attributes:
        rate: requests a second, in the mean; None where a trace is taken at its own rate.
        burstiness: coefficient of variation of the gaps between arrivals: 1 is a Poisson process, more comes in bursts.
        trace: name of a bundled trace, or path of one's own; empty where arrivals are drawn. With a `rate` too, its
            times are stretched until it has that rate.
    """

    rate: float | None = None
    burstiness: float = 1.0
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """A kind of machine that replicas run on, such as `cpu`, with what one of them costs and has.

    A replica needs a core at least: where there are more replicas than cores, there are more such machines.
    """

    name: str
    usd_per_hour: float = 0.0
    cores: int = 1


@dataclass(frozen=True, slots=True)
class TailPolicy:
    """What is done about a slow or failing answer of a group of stages.

    Attributes:
        timeout: seconds from the request's entry into the group's queue until it is given up; None where it is waited
            for.
        hedge_after: the quantile of the group's seconds, such as 0.95, after which it is asked again, and the first
            answer taken; None where it is not.
        retries: how often it is asked again after a failure or a timeout.
        fallback: notation of the component that answers where all of this failed; empty where the request fails.
    """

    timeout: float | None = None
    hedge_after: float | None = None
    retries: int = 0
    fallback: str = ""


PATIENT = TailPolicy()
"""Waits for every answer, asks once, and lets a failure be one."""


@dataclass(frozen=True, slots=True)
class StageGroup:
    """Stages that follow each other and run in one process, of which there are some replicas behind one queue.

    Attributes:
        stages: their names, in the order of the pipeline.
        replicas: processes, or servers of a model, that take requests from the queue.
        batch: requests that one of them takes together, at most.
        wait: seconds that a free replica waits for a batch to fill, from the entry of its first request.
        host: name of the `Host` that its replicas run on.
        tail: what is done about slow answers.
    """

    stages: tuple[str, ...]
    replicas: int = 1
    batch: int = 1
    wait: float = 0.0
    host: str = ""
    tail: TailPolicy = PATIENT

    @property
    def name(self) -> str:
        """As in YAML: `retrieve + rerank`."""
        return " + ".join(self.stages)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The groups that the online stages of a pipeline are deployed in, in its order, and the hosts that there are.

    >>> groups = StageGroup(("retrieve",), host="cpu"), StageGroup(("generate",), replicas=4, host="cpu")
    >>> deployment = Deployment(groups, (Host("cpu", usd_per_hour=0.2, cores=2),))
    >>> deployment.machines["cpu"], round(deployment.usd_per_hour, 2), deployment.threads("cpu")
    (3, 0.6, 1)
    """

    groups: tuple[StageGroup, ...]
    hosts: tuple[Host, ...] = ()

    def replicas(self, host: str) -> int:
        """How many replicas, of all groups, run on machines of this kind."""
        return sum(group.replicas for group in self.groups if group.host == host)

    @property
    def machines(self) -> dict[str, int]:
        """How many machines of each kind it takes, whole ones: as many as have a core for each replica."""
        return {host.name: ceil(self.replicas(host.name) / host.cores) for host in self.hosts}

    @property
    def usd_per_hour(self) -> float:
        """What these machines cost; those that nothing runs on cost nothing."""
        machines = self.machines
        return sum(machines[host.name] * host.usd_per_hour for host in self.hosts)

    def threads(self, host: str) -> int:
        """How many threads each replica on machines of this kind has: its share of the cores, at least one."""
        cores = next(each.cores for each in self.hosts if each.name == host)
        return max(1, cores // max(1, self.replicas(host)))
