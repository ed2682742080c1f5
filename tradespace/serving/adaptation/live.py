"""Adaptation of a running server: it watches what arrives, and changes what answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Floats
from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.forecasts import ExpectedLoad, LoadForecast
from tradespace.serving.adaptation.menu import Menu, Option
from tradespace.serving.adaptation.observed_speed import observed_slowness
from tradespace.serving.adaptation.policies import AdaptationPolicy, Situation
from tradespace.serving.adaptation.replaying import USUAL_INTERVAL
from tradespace.serving.dispatcher import Dispatcher, ServingConfiguration

_LOG = logging.getLogger(__name__)
REMEMBERED = 600
"""Seconds of arrivals that a forecast is shown."""
WORTH_CORRECTING = 0.15
"""By what share replicas must differ from what is reckoned with before that is changed."""


@dataclass(frozen=True)
class AdaptationPlan:
    """How a server adapts.

    Attributes:
        pipelines: those of the menu, by their notation.
        interval: seconds between decisions.
    """

    menu: Menu
    policy: AdaptationPolicy
    forecast: LoadForecast
    pipelines: Mapping[str, Pipeline]
    interval: int = USUAL_INTERVAL

    def configuration(self, option: Option) -> ServingConfiguration:
        """An option as a server is told it."""
        return ServingConfiguration(self.pipelines[option.variant.pipeline], option.deployment)


class ServerAdapter:
    """Decides for a server, every few seconds and, where its policy does so, for each request.

    A decision may simulate, so it is made in another thread. The first option is for the peak: nothing has come yet.

    Where replicas take longer, or less long, than the menu says (another machine, neighbours), it goes on with a menu
    that says what they take.
    """

    def __init__(self, plan: AdaptationPlan, dispatcher: Dispatcher) -> None:
        """Starts nothing; `run` does."""
        self._plan, self._dispatcher = plan, dispatcher
        self._slower = (1.0,) * len(plan.menu.settings)
        self._expected = _peak(plan.menu)
        self._chooser = plan.policy.begin(plan.menu, self._expected)
        self._option = self._chooser.choose(Situation(self._expected))
        self._switches = 0

    async def run(self) -> None:
        """Adapt until it is cancelled."""
        self._apply()
        if self._chooser.admits:
            self._dispatcher.admit = self._admitted
        start = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(self._plan.interval)
            try:
                await self._decide(start)
            except Exception:  # noqa: BLE001 - a user's policy may raise anything; what was chosen last goes on
                _LOG.exception("the policy %s could not decide", self._plan.policy.name)

    @property
    def state(self) -> dict[str, Any]:
        """What is in force, and why, as JSON has it."""
        groups = self._option.deployment.groups
        return {
            "policy": self._plan.policy.name,
            "pipeline": self._option.variant.pipeline,
            "by_request": self._chooser.admits,
            "replicas": {group.name: group.replicas for group in groups},
            "batch": {group.name: group.batch for group in groups},
            "expected_rate": round(self._expected.rate, 3),
            "seconds_beside_foretold": {
                group.name: round(factor, 3) for group, factor in zip(groups, self._slower, strict=True)
            },
            "switches": self._switches,
        }

    async def _decide(self, start: float) -> None:
        await self._correct()
        foretold = self._plan.forecast.outlook(self._counts(start), self._plan.interval)
        self._expected = foretold.more(self._waiting / self._plan.interval)
        before = self._option
        self._option = await asyncio.to_thread(self._chooser.choose, Situation(self._expected, before))
        if self._option != before:
            self._switches += 1
            _LOG.info("%.3g requests a second are expected: from %s to %s", self._expected.rate, before, self._option)
            self._apply()

    async def _correct(self) -> None:
        """Go on with a menu of what replicas take, where that differs from what was last reckoned with."""
        variants = {self._plan.pipelines[each.pipeline]: each for each in self._plan.menu.variants}
        observed = tuple(
            observed_slowness(group.worked, place, variants) for place, group in enumerate(self._dispatcher.groups)
        )
        if all(abs(now / before - 1) <= WORTH_CORRECTING for now, before in zip(observed, self._slower, strict=True)):
            return
        menu = self._plan.menu.slowed(observed)
        self._chooser = await asyncio.to_thread(self._plan.policy.begin, menu, _peak(menu))
        self._slower, self._option = observed, menu.same(self._option)
        _LOG.info("replicas take %s times what was foretold", ", ".join(f"{factor:.2f}" for factor in observed))

    @property
    def _waiting(self) -> int:
        """Requests in queues, which are to be answered beside those that will come."""
        return sum(len(group.queue) for group in self._dispatcher.groups)

    def _apply(self) -> None:
        self._dispatcher.apply(self._plan.configuration(self._option))

    def _counts(self, start: float) -> Floats:
        """Arrivals in each of the last whole seconds."""
        seconds = int(asyncio.get_running_loop().time() - start)
        first = max(0, seconds - REMEMBERED)
        places = np.floor(np.array(self._dispatcher.arrivals) - start).astype(np.intp) - first
        counted = places[(places >= 0) & (places < seconds - first)]
        return np.bincount(counted, minlength=seconds - first).astype(np.float64)

    def _admitted(self) -> Pipeline:
        """The pipeline for a request that comes now."""
        return self._plan.pipelines[self._chooser.admit(self._option, self._ahead()).pipeline]

    def _ahead(self) -> Ahead:
        """What stands before it; what is at work in a group counts as whole, and all as the pipeline of the option."""
        groups = self._dispatcher.groups
        inside = np.cumsum([len(group.queue) + group.at_work for group in groups])
        variant, batches = self._option.variant, self._option.batches
        expected = [variant.batch_seconds(place, batch) / batch for place, batch in enumerate(batches)]
        return Ahead(
            tuple(inside.tolist()),
            tuple((inside * expected).tolist()),
            tuple(group.open_replicas for group in groups),
        )


def _peak(menu: Menu) -> ExpectedLoad:
    """The highest load that is reckoned with."""
    return ExpectedLoad(menu.peak, menu.peak)
