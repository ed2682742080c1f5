"""Which deployment is worth most at a load, and with which rule for requests: by simulation, bounds first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from tradespace.search_space.deployment import Deployment
from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.foretelling import Foreteller
from tradespace.serving.adaptation.menu import Menu, Option, ServiceBound, Variant
from tradespace.serving.adaptation.mixtures import MixtureBound
from tradespace.serving.adaptation.queue_rule import QueueRule, in_proportion, in_time

READINESS = (1.0, 3.0, 10.0, math.inf)
"""How ready to let requests queue for accuracy the rules are that are tried in each deployment."""
LENIENCE = (1.0, 2.0)
"""Of further rules: within how many times the bound the typical answer is expected. They spend the share of answers
that may be late."""
TYPICAL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class DeploymentPlan:
    """A deployment with a rule, and what it is worth: minus infinity where it misses the bound."""

    worth: float
    option: Option
    rule: QueueRule


class DeploymentPlanner:
    """Simulates what a decision needs, and remembers it.

    Args:
        menu: what may be chosen.
        margin: by how much another deployment must be worth more than the one in force.
        late_worth: what a late answer is worth, as a share of one in time.
    """

    def __init__(self, menu: Menu, margin: float, late_worth: float) -> None:
        self._menu, self._margin, self._late_worth = menu, margin, late_worth
        self._foreteller = Foreteller(menu)
        self._bound = MixtureBound(menu)
        self._rules = {deployment: tuple(_rules(menu, deployment)) for deployment in menu.deployments}

    @property
    def first_rule(self) -> QueueRule:
        """Before there is a plan."""
        return self._rules[self._menu.deployments[0]][0]

    def best(self, outlook: ExpectedLoad, current: Option | None) -> DeploymentPlan:
        """The plan of highest worth; with the deployment in force unless another is better by the margin."""
        plan = self._best(outlook)
        if current is not None and current.deployment != plan.option.deployment:
            kept = self._plan(current.deployment, outlook)
            plan = kept if math.isfinite(kept.worth) and kept.worth + self._margin >= plan.worth else plan
        return plan

    def _best(self, outlook: ExpectedLoad) -> DeploymentPlan:
        """Of all deployments, the most promising looked at first, until no other can be better."""
        best = self._strongest()
        for promise, deployment in self._promising(outlook):
            if promise <= best.worth:
                break
            best = max(best, self._plan(deployment, outlook), key=lambda plan: plan.worth)
        return best

    def _promising(self, outlook: ExpectedLoad) -> list[tuple[float, Deployment]]:
        promises = [(self._bound.worth(each, outlook.rate), each) for each in self._menu.deployments]
        return sorted(promises, key=lambda promise: -promise[0])

    def _plan(self, deployment: Deployment, outlook: ExpectedLoad) -> DeploymentPlan:
        """A deployment with the best rule for it."""
        plans = (self._foretold(deployment, rule, outlook) for rule in self._rules[deployment])
        return max(plans, key=lambda plan: plan.worth)

    def _foretold(self, deployment: Deployment, rule: QueueRule, outlook: ExpectedLoad) -> DeploymentPlan:
        foretold = self._foreteller.foretold(self._menu.option(rule.fastest, deployment), outlook, rule)
        keeps = foretold.attained >= self._menu.bound.share
        worth = self._menu.worth(foretold.accuracy_with(self._late_worth), deployment) if keeps else -math.inf
        return DeploymentPlan(worth, self._menu.option(self._typical(foretold.accuracy), deployment), rule)

    def _typical(self, accuracy: float) -> Variant:
        """The most accurate pipeline that is not above the mean of those that are given."""
        below = [variant for variant in self._menu.variants if variant.accuracy <= accuracy + 1e-9]
        return below[-1] if below else self._menu.variants[0]

    def _strongest(self) -> DeploymentPlan:
        """What carries most, where nothing keeps the bound."""
        option = max(map(self._menu.strongest, self._menu.variants), key=lambda option: option.throughput)
        return DeploymentPlan(-math.inf, option, self._rules[option.deployment][0])


def _rules(menu: Menu, deployment: Deployment) -> Iterator[QueueRule]:
    yield from (in_proportion(menu.variants, menu.bound, deployment, readiness) for readiness in READINESS)
    for times in LENIENCE:
        yield in_time(menu.variants, ServiceBound(times * menu.bound.seconds, TYPICAL_SHARE))
