"""What holds for every policy that adapts, and for every forecast that it may be given."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.forecasts import ExpectedLoad, LastValue, LoadForecast
from tradespace.serving.adaptation.menu import Menu, Option
from tradespace.serving.adaptation.policies import AdaptationPolicy, Chooser, Situation
from tradespace.serving.adaptation.replaying import replay_trace
from tradespace.testing.adaptation_menus import steady_requests, synthetic_menu

PEAK = ExpectedLoad(60.0, 75.0)
LOADS = [ExpectedLoad(0.0, 0.0), ExpectedLoad(5.0, 9.0), ExpectedLoad(60.0, 75.0, 2.0), ExpectedLoad(1e5, 2e5)]
"""None, little, much in bursts, and more than can be carried."""


def choices_of(chooser: Chooser, loads: list[ExpectedLoad]) -> list[Option]:
    """What is chosen for one load after the other."""
    options: list[Option] = []
    for load in loads:
        options.append(chooser.choose(Situation(load, options[-1] if options else None)))
    return options


class AdaptationPolicyContract:
    """Inherit it; parametrize `policy`."""

    @pytest.fixture
    def menu(self) -> Menu:
        """What is chosen from."""
        return synthetic_menu(replicas=(1, 2, 4), batches=(1,), budget=0.06)

    def test_what_is_chosen_is_on_the_menu(self, policy: AdaptationPolicy, menu: Menu) -> None:
        """Whatever the load: an affordable deployment, and one of the pipelines."""
        for option in choices_of(policy.begin(menu, PEAK), LOADS):
            assert option.deployment in menu.deployments
            assert option.variant in menu.variants
            assert option.usd_per_hour <= 0.06 + 1e-9

    def test_what_a_request_is_given_is_on_the_menu(self, policy: AdaptationPolicy, menu: Menu) -> None:
        """With nothing before it, a queue, and a long one while no replica is ready."""
        chooser = policy.begin(menu, PEAK)
        (option,) = choices_of(chooser, [PEAK])
        for ahead in [
            Ahead((0, 0), (0, 0), (1, 1)),
            Ahead((9, 4), (0.3, 0.1), (2, 1)),
            Ahead((999, 1), (9, 1), (0, 0)),
        ]:
            assert chooser.admit(option, ahead) in menu.variants

    def test_only_who_says_so_chooses_by_request(self, policy: AdaptationPolicy, menu: Menu) -> None:
        """A chooser that does not admit leaves the pipeline of the option, so it need not be asked."""
        chooser = policy.begin(menu, PEAK)
        (option,) = choices_of(chooser, [PEAK])
        assert chooser.admits or chooser.admit(option, Ahead((99, 99), (9, 9), (1, 1))) is option.variant

    def test_equal_pasts_lead_to_equal_choices(self, policy: AdaptationPolicy, menu: Menu) -> None:
        """A replay can be repeated."""
        first, again = (choices_of(policy.begin(menu, PEAK), LOADS) for _ in range(2))
        assert first == again

    def test_no_request_is_lost(self, policy: AdaptationPolicy) -> None:
        """While replicas come and go, every request is answered."""
        offered = steady_requests([5, 60, 10], 10)
        replayed = replay_trace(
            synthetic_menu(replicas=(1, 3), batches=(1,), startup=2.0), policy, LastValue(), offered, interval=5
        )
        assert replayed.outcome.requests == len(offered.arrivals)
        assert sum(interval.outcome.requests for interval in replayed.intervals) == len(offered.arrivals)
        assert math.isfinite(replayed.slowest)


class ForecastContract:
    """Inherit it; parametrize `forecast`."""

    @pytest.mark.parametrize("counts", [[0], [3], [0] * 40, [7] * 25, [*range(60)]], ids=str)
    def test_a_load_is_foretold_from_any_past(self, forecast: LoadForecast, counts: list[int]) -> None:
        """From one second to a minute; never less than nothing, and its peak not below its rate."""
        outlook = forecast.outlook(np.array(counts, dtype=float), 10)
        assert 0 <= outlook.rate <= outlook.peak < math.inf
        assert outlook.burstiness >= 1

    def test_a_steady_past_goes_on(self, forecast: LoadForecast) -> None:
        """What never changed is foretold to stay."""
        assert forecast.outlook(np.full(120, 4.0), 10) == ExpectedLoad(4.0, 4.0)

    def test_it_depends_on_the_past_alone(self, forecast: LoadForecast) -> None:
        """A forecast has no memory of its own."""
        past = np.arange(50.0)
        first = forecast.outlook(past, 10)
        forecast.outlook(np.zeros(90), 10)
        assert forecast.outlook(past, 10) == first
