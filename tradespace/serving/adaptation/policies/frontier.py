"""Ours: what the simulator foretells in the place of a worst case, and a pipeline for each request by the queue."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.menu import Menu, Option, Variant
from tradespace.serving.adaptation.planning import DeploymentPlan, DeploymentPlanner
from tradespace.serving.adaptation.policies.base import AdaptationPolicy, Chooser, Situation

CHEAP = 0.1
"""How much less a replica weighs while there are savings to spend."""
LASTING = 6
"""For how many intervals savings must last before they are spent on another deployment: each one starts up first."""


class FrontierPolicy(AdaptationPolicy):
    """The deployment, and the rule for requests, of highest worth among those of which the simulator foretells that
    enough answers keep the bound. They are left only for what is better by more than `hysteresis`.

    With `mean_replicas`, what the deployments so far have left of that is spent: for as long as it lasts the deployment
    is chosen as if replicas were cheap. It does not limit the usual choice; the weight of a replica does that.
    """

    name: ClassVar[str] = "frontier"

    hysteresis: float = Field(
        default=0.25, ge=0, description="in replicas: how much more another deployment must be worth to be switched to"
    )
    mean_replicas: float | None = Field(
        default=None,
        gt=0,
        description="in replicas of the cheapest host: what the usual choice leaves of these is spent later",
    )
    late_worth: float = Field(
        default=0.0, ge=0, le=1, description="what a late answer is worth, as a share of one in time; IPA counts 1"
    )

    def begin(self, menu: Menu, peak: ExpectedLoad) -> Chooser:
        return FrontierChooser(self, menu)


class FrontierChooser(Chooser):
    """Chooses between what is best and, with savings, what would be best if replicas were cheap."""

    admits: ClassVar[bool] = True

    def __init__(self, policy: FrontierPolicy, menu: Menu) -> None:
        cheap = replace(menu, weights=replace(menu.weights, cost=CHEAP * menu.weights.cost))
        self._menu, self._budget, self._saved = menu, policy.mean_replicas, 0.0
        self._usual, self._rich = (
            DeploymentPlanner(each, policy.hysteresis * each.weights.cost, policy.late_worth) for each in (menu, cheap)
        )
        self._rule = self._usual.first_rule

    def choose(self, situation: Situation) -> Option:
        plan = self._usual.best(situation.outlook, situation.option)
        if self._budget is not None:
            plan = self._afforded(plan, situation, self._budget)
        self._rule = plan.rule
        return plan.option

    def admit(self, option: Option, ahead: Ahead) -> Variant:
        return self._rule(ahead)

    def _afforded(self, plan: DeploymentPlan, situation: Situation, budget: float) -> DeploymentPlan:
        """The richer plan, where there are savings for it: to go on with it, or to change to it for a while."""
        current = situation.option.deployment if situation.option else None
        self._saved += budget - self._menu.cost(current) if current else 0.0
        richer = self._rich.best(situation.outlook, situation.option)
        intervals = 1 if current == richer.option.deployment else LASTING
        extra = self._menu.cost(richer.option.deployment) - budget
        return richer if self._saved >= intervals * max(extra, 0.0) else plan
