"""IPA's integer program (Ghafouri et al., IPA: Inference Pipeline Adaptation to Achieve High Accuracy and
Cost-Efficiency, Journal of Systems Research 4(1), 2024).

For each stage it chooses a model variant, a batch size and replicas. Its equations, as the paper states them:

- maximise alpha * accuracy - beta * (sum of replicas' cost) - delta * (sum of batch sizes);
- the sum over stages of latency(batch) + queueing(batch) keeps the SLA, where queueing = (batch - 1) / rate is the
  worst wait for a batch to fill;
- in every stage, replicas * throughput(batch) carry the rate, where throughput = batch / latency(batch).

The paper multiplies the accuracies of stages whose variants were measured apart. Ours are measured end to end: a
variant is a pipeline of the frontier, chosen for all groups of stages at once, and its accuracy is its mean score in
percentage points. Latencies are means, as profiled. (The released code sets the queueing to 0 and loosens the SLA; this
does neither.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field
from scipy.optimize import Bounds, LinearConstraint, milp

from tradespace.explorer.arrays import Floats
from tradespace.search_space.deployment import Deployment, StageGroup
from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.menu import Menu, Option, Variant
from tradespace.serving.adaptation.policies.base import AdaptationPolicy, Chooser, Situation

LEAST_RATE = 1e-3
"""Requests a second below which a batch is not waited for: nothing comes."""


class IPA(AdaptationPolicy):
    """The integer program of Ghafouri et al. (2024), and the two systems that they compare with as special cases."""

    name: ClassVar[str] = "ipa"

    variants: Literal["all", "lightest", "heaviest"] = Field(
        default="all", description="which pipelines may be chosen; one alone is FA2 (Razavi et al., RTAS 2022)"
    )
    replicas: Literal["adapt", "most"] = Field(
        default="adapt", description="whether replicas adapt; with `most` it is RIM (Hu et al., RTSS 2021)"
    )

    def begin(self, menu: Menu, peak: ExpectedLoad) -> Chooser:
        return IPAChooser(self, menu)

    def among(self, menu: Menu) -> tuple[Variant, ...]:
        """The variants of the program."""
        by_work = sorted(menu.variants, key=lambda variant: sum(variant.means))
        return {"all": menu.variants, "lightest": (by_work[0],), "heaviest": (by_work[-1],)}[self.variants]


class IPAChooser(Chooser):
    """Solves the program for each outlook."""

    def __init__(self, policy: IPA, menu: Menu) -> None:
        self._menu = menu
        self._variants = policy.among(menu)
        self._columns = [
            _Column(menu, self._variants[place], place, group, setting)
            for group, settings in enumerate(menu.settings)
            for setting in settings
            if policy.replicas == "adapt" or setting.replicas == max(each.replicas for each in settings)
            for place in range(len(self._variants))
        ]

    def choose(self, situation: Situation) -> Option:
        return self.solved(situation.outlook.peak) or self._carrying_most()

    def solved(self, rate: float) -> Option | None:
        """The option of highest worth that keeps all constraints at a rate; None where there is none."""
        carrying = [column for column in self._columns if column.throughput >= rate]
        if not carrying:
            return None
        constraints = [self._one_variant(carrying), self._sla(carrying, rate), *self._budget(carrying)]
        worths = np.array([column.worth for column in carrying])
        solution = milp(-worths, integrality=1, bounds=Bounds(0, 1), constraints=constraints)
        return self._option(carrying, solution.x) if solution.x is not None else None

    def _one_variant(self, columns: Sequence[_Column]) -> LinearConstraint:
        """Every group has one setting and, the first one apart, the variant of the group before it."""
        groups, variants = len(self._menu.settings), len(self._variants)
        once = [[float(column.group == 0) for column in columns]]
        alike = [
            [float(column.variant == variant) * _sign(column.group, group) for column in columns]
            for group in range(1, groups)
            for variant in range(variants)
        ]
        return LinearConstraint(np.array(once + alike), [1, *[0] * len(alike)], [1, *[0] * len(alike)])

    def _sla(self, columns: Sequence[_Column], rate: float) -> LinearConstraint:
        seconds = [column.latency + (column.setting.batch - 1) / max(rate, LEAST_RATE) for column in columns]
        return LinearConstraint(np.array([seconds]), ub=self._menu.bound.seconds)

    def _budget(self, columns: Sequence[_Column]) -> list[LinearConstraint]:
        if self._menu.budget is None:
            return []
        return [LinearConstraint(np.array([[column.usd for column in columns]]), ub=self._menu.budget)]

    def _option(self, columns: Sequence[_Column], solution: Floats) -> Option:
        chosen = sorted(
            (columns[place] for place in np.flatnonzero(solution > 0.5).tolist()), key=lambda column: column.group
        )
        deployment = Deployment(tuple(column.setting for column in chosen), self._menu.hosts)
        return self._menu.option(self._variants[chosen[0].variant], deployment)

    def _carrying_most(self) -> Option:
        """Where nothing is feasible; the paper does not say what then."""
        return max(map(self._menu.strongest, self._variants), key=lambda option: option.throughput)


class _Column:
    """One variable of the program: whether a variant is chosen with this setting of this group."""

    def __init__(self, menu: Menu, variant: Variant, place: int, group: int, setting: StageGroup) -> None:
        self.variant, self.group, self.setting = place, group, setting
        self.latency = variant.batch_seconds(group, setting.batch)
        self.throughput = setting.replicas * setting.batch / self.latency
        self.usd = menu.replica_usd(setting) * setting.replicas
        alone = Deployment((setting,), menu.hosts)
        self.worth = menu.worth(variant.accuracy if group == 0 else 0.0, alone)


def _sign(group: int, later: int) -> int:
    """Of a column in the constraint that a later group has the variant of the one before it."""
    return int(group == later) - int(group == later - 1)
