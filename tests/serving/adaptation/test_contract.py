"""What every policy and every forecast must do. A new one joins by being in its list."""

from __future__ import annotations

import pytest

from tradespace.serving.adaptation.forecasts import FORECASTS
from tradespace.serving.adaptation.policies import IPA, POLICIES, Static
from tradespace.testing.adaptation_contract import AdaptationPolicyContract, ForecastContract

SPECIAL = [
    Static(pipeline="cheapest"),
    Static(pipeline="better()"),
    IPA(variants="lightest"),
    IPA(variants="heaviest"),
    IPA(replicas="most"),
]


@pytest.mark.parametrize("policy", [*(policy() for policy in POLICIES.values()), *SPECIAL], ids=repr)
class TestPolicies(AdaptationPolicyContract):
    """Ours, with their usual settings and with others."""


@pytest.mark.parametrize("forecast", [forecast() for forecast in FORECASTS.values()], ids=repr)
class TestForecasts(ForecastContract):
    """Ours, with their usual settings."""
