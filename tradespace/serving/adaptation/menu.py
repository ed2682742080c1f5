"""What adaptation chooses from: pipelines of a study's frontier, each in several deployments."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.profiles import ALONE, BatchProfile
from tradespace.explorer.load.stations import ReplicaStation
from tradespace.search_space.deployment import Deployment, Host, StageGroup


@dataclass(frozen=True, eq=False)
class Variant:
    """A pipeline that may answer, with what it scores and takes.

    Attributes:
        pipeline: its notation.
        accuracy: its mean score, from 0 to 1.
        seconds: that each question takes alone in each group of stages, of shape (questions, groups).
        profiles: what batches of it take, by group; those that nobody measured take what their requests take in turn.
        components: that answer it, by group: requests of pipelines with the same ones share batches there.
    """

    pipeline: str
    accuracy: float
    seconds: Floats
    profiles: tuple[BatchProfile, ...] = ()
    components: tuple[tuple[str, ...], ...] = ()

    @cached_property
    def means(self) -> tuple[float, ...]:
        """Mean seconds of a question in each group."""
        return tuple(self.seconds.mean(axis=0).tolist())

    @cached_property
    def rows(self) -> list[list[float]]:
        """The same seconds as lists, which are read faster one by one."""
        return self.seconds.tolist()  # type: ignore[no-any-return]

    @cached_property
    def kinds(self) -> tuple[Hashable, ...]:
        """Only requests of one kind are in a batch together, by group; of no other pipeline where components are not
        known."""
        return self.components or (self.pipeline,) * self.seconds.shape[1]

    def profile(self, group: int) -> BatchProfile:
        """What its batches take in a group."""
        return self.profiles[group] if self.profiles else ALONE

    def batch_seconds(self, group: int, size: int) -> float:
        """What a batch of so many mean questions takes in a group."""
        return self.profile(group).seconds([self.means[group]] * size)

    def slowed(self, factors: Sequence[float]) -> Variant:
        """The same on replicas that take so many times as long, by group."""
        profiles = (
            replace(each, start=each.start * factor)
            for each, factor in zip(self.profiles, factors, strict=bool(self.profiles))
        )
        return replace(self, seconds=self.seconds * np.asarray(factors), profiles=tuple(profiles))

    def quantile(self, share: float) -> float:
        """The seconds within which this share of questions is answered, alone, in all groups together."""
        starts = sum(profile.start for profile in self.profiles)
        return starts + float(np.quantile(self.seconds.sum(axis=1), share))


@dataclass(frozen=True, slots=True)
class ServiceBound:
    """What answers must keep: `share` of them within `seconds`."""

    seconds: float
    share: float = 0.95


@dataclass(frozen=True, slots=True)
class Weights:
    """What accuracy, replicas and batches are worth against each other, as in the objective of IPA.

    Attributes:
        accuracy: of a percentage point of the mean score.
        cost: of one replica of the cheapest host for as long as the option is kept.
        batch: of one more request in a batch.
    """

    accuracy: float = 2.0
    cost: float = 1.0
    batch: float = 1e-6


@dataclass(frozen=True, slots=True)
class Option:
    """A pipeline in a deployment, and what the deployment costs."""

    variant: Variant
    deployment: Deployment
    usd_per_hour: float

    @property
    def replicas(self) -> tuple[int, ...]:
        """By group."""
        return tuple(group.replicas for group in self.deployment.groups)

    @property
    def batches(self) -> tuple[int, ...]:
        """The most requests of a batch, by group."""
        return tuple(group.batch for group in self.deployment.groups)

    @property
    def stations(self) -> tuple[ReplicaStation, ...]:
        """Its groups of stages as they are simulated."""
        return tuple(
            ReplicaStation(
                group.name, group.replicas, group.batch, group.wait, self.variant.profile(place), host=group.host
            )
            for place, group in enumerate(self.deployment.groups)
        )

    @property
    def throughput(self) -> float:
        """Requests a second that it can carry in the long run, its batches full."""
        return min(
            group.replicas * group.batch / self.variant.batch_seconds(place, group.batch)
            for place, group in enumerate(self.deployment.groups)
        )

    def __str__(self) -> str:
        groups = ", ".join(f"{group.name}: {_size(group.replicas, group.batch)}" for group in self.deployment.groups)
        return f"{self.variant.pipeline} [{groups}]"


def _size(replicas: int, batch: int) -> str:
    return f"{replicas} x batch {batch}" if batch > 1 else str(replicas)


@dataclass(frozen=True)
class Menu:
    """All that may be chosen, and what for.

    Attributes:
        variants: pipelines, the least accurate first.
        settings: of each group of stages, all in which it may be deployed.
        bound: what answers must keep.
        hosts: that groups name; the first is that of a group which names none.
        budget: dollars an hour that may be spent; None where there is no limit.
        weights: what accuracy is worth against cost.
        startup: seconds until a new replica answers.
    """

    variants: tuple[Variant, ...]
    settings: tuple[tuple[StageGroup, ...], ...]
    bound: ServiceBound
    hosts: tuple[Host, ...] = (Host("cpu"),)
    budget: float | None = None
    weights: Weights = field(default_factory=Weights)
    startup: float = 0.0

    @cached_property
    def deployments(self) -> tuple[Deployment, ...]:
        """Those within the budget, cheapest first; the cheapest of all where none is."""
        every = (Deployment(groups, self.hosts) for groups in itertools.product(*self.settings))
        ordered = sorted(every, key=lambda each: (self.cost(each), batch_sum(each)))
        within = [
            each for each in ordered if self.budget is None or self.usd_per_hour(each) <= self.budget * (1 + 1e-9)
        ]
        return tuple(within or ordered[:1])

    @property
    def options(self) -> Iterator[Option]:
        """Every pipeline in every affordable deployment, cheapest deployment first."""
        return (self.option(variant, each) for each in self.deployments for variant in self.variants)

    def option(self, variant: Variant, deployment: Deployment) -> Option:
        """That pipeline in that deployment."""
        return Option(variant, deployment, self.usd_per_hour(deployment))

    def usd_per_hour(self, deployment: Deployment) -> float:
        """What the replicas of a deployment cost."""
        return sum(self.replica_usd(group) * group.replicas for group in deployment.groups)

    def replica_usd(self, group: StageGroup) -> float:
        """Dollars an hour of one replica: it occupies a core of its host."""
        host = next((host for host in self.hosts if host.name == group.host), self.hosts[0])
        return host.usd_per_hour / host.cores

    def cost(self, deployment: Deployment) -> float:
        """What its replicas cost in those of the cheapest host; their number where nothing has a price."""
        unit = self._unit
        return sum(group.replicas * (self.replica_usd(group) / unit if unit else 1.0) for group in deployment.groups)

    @cached_property
    def _unit(self) -> float:
        prices = [self.replica_usd(group) for settings in self.settings for group in settings]
        return min((price for price in prices if price > 0), default=0.0)

    def worth(self, accuracy: float, deployment: Deployment) -> float:
        """What answers of this accuracy are worth from this deployment: the objective of IPA."""
        weights = self.weights
        gain = weights.accuracy * 100 * accuracy - weights.cost * self.cost(deployment)
        return gain - weights.batch * batch_sum(deployment)

    def slowed(self, factors: Sequence[float]) -> Menu:
        """The same on replicas that take so many times as long, by group."""
        return replace(self, variants=tuple(variant.slowed(factors) for variant in self.variants))

    def same(self, option: Option) -> Option:
        """The option with the same pipeline, of another menu, in the same deployment."""
        (variant,) = (each for each in self.variants if each.pipeline == option.variant.pipeline)
        return self.option(variant, option.deployment)

    @property
    def peak(self) -> float:
        """Requests a second that the most accurate pipeline carries in the largest deployment."""
        return self.strongest(self.variants[-1]).throughput

    def strongest(self, variant: Variant) -> Option:
        """That pipeline in the affordable deployment that carries most."""
        return max((self.option(variant, each) for each in self.deployments), key=lambda option: option.throughput)


def batch_sum(deployment: Deployment) -> int:
    """The batch sizes of all groups, summed, as the objective counts them."""
    return sum(group.batch for group in deployment.groups)


def by_accuracy(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """The least accurate first, as a menu lists them."""
    return tuple(sorted(variants, key=lambda variant: (variant.accuracy, variant.pipeline)))
