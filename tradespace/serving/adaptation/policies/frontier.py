"""Ours: what the simulator foretells in the place of a worst case, and a pipeline for each request by the queue."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from tradespace.search_space.deployment import Deployment
from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.foretelling import Foreteller
from tradespace.serving.adaptation.menu import Menu, Option, Variant
from tradespace.serving.adaptation.mixtures import MixtureBound
from tradespace.serving.adaptation.policies.base import AdaptationPolicy, Chooser, Situation
from tradespace.serving.adaptation.queue_rule import QueueRule, in_proportion

READINESS = (1.0, 3.0, 10.0, math.inf)
"""How ready to let requests queue for accuracy the rules are that are tried in each deployment."""


class FrontierPolicy(AdaptationPolicy):
    """The deployment, and the rule for requests, of highest worth among those of which the simulator foretells that
    enough answers keep the bound. They are left only for what is better by more than `hysteresis`."""

    name: ClassVar[str] = "frontier"

    hysteresis: float = Field(
        default=0.25, ge=0, description="in replicas: how much more another deployment must be worth to be switched to"
    )

    def begin(self, menu: Menu, peak: ExpectedLoad) -> Chooser:
        return FrontierChooser(menu, self.hysteresis * menu.weights.cost)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A deployment with a rule, and what it is worth: minus infinity where it misses the bound."""

    worth: float
    option: Option
    rule: QueueRule


class FrontierChooser(Chooser):
    """Simulates what a decision needs, and remembers it."""

    admits: ClassVar[bool] = True

    def __init__(self, menu: Menu, margin: float) -> None:
        self._menu, self._margin = menu, margin
        self._foreteller = Foreteller(menu)
        self._bound = MixtureBound(menu)
        self._rules = {deployment: tuple(_rules(menu, deployment)) for deployment in menu.deployments}
        self._rule = self._rules[menu.deployments[0]][0]

    def choose(self, situation: Situation) -> Option:
        plan, current = self._best(situation.outlook), situation.option
        if current is not None and current.deployment != plan.option.deployment:
            kept = self._plan(current.deployment, situation.outlook)
            plan = kept if math.isfinite(kept.worth) and kept.worth + self._margin >= plan.worth else plan
        self._rule = plan.rule
        return plan.option

    def admit(self, option: Option, ahead: Ahead) -> Variant:
        return self._rule(ahead)

    def _best(self, outlook: ExpectedLoad) -> _Plan:
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

    def _plan(self, deployment: Deployment, outlook: ExpectedLoad) -> _Plan:
        """A deployment with the best rule for it."""
        plans = (self._foretold(deployment, rule, outlook) for rule in self._rules[deployment])
        return max(plans, key=lambda plan: plan.worth)

    def _foretold(self, deployment: Deployment, rule: QueueRule, outlook: ExpectedLoad) -> _Plan:
        foretold = self._foreteller.foretold(self._menu.option(rule.fastest, deployment), outlook, rule)
        keeps = foretold.attained >= self._menu.bound.share
        worth = self._menu.worth(foretold.accuracy, deployment) if keeps else -math.inf
        return _Plan(worth, self._menu.option(self._typical(foretold.accuracy), deployment), rule)

    def _typical(self, accuracy: float) -> Variant:
        """The most accurate pipeline that is not above the mean of those that are given."""
        below = [variant for variant in self._menu.variants if variant.accuracy <= accuracy + 1e-9]
        return below[-1] if below else self._menu.variants[0]

    def _strongest(self) -> _Plan:
        """What carries most, where nothing keeps the bound."""
        option = max(map(self._menu.strongest, self._menu.variants), key=lambda option: option.throughput)
        return _Plan(-math.inf, option, self._rules[option.deployment][0])


def _rules(menu: Menu, deployment: Deployment) -> Iterator[QueueRule]:
    return (in_proportion(menu.variants, menu.bound, deployment, readiness) for readiness in READINESS)
