"""What is adapted, and how, from what the command line says: of `tradespace serve --adapt`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradespace.commands.preferences import Preferences
from tradespace.components.notation import parse
from tradespace.explorer.files import specification_of
from tradespace.explorer.load.station_profiles import NOT_PROFILED, StationProfiles
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.adaptation.forecasts import FORECASTS
from tradespace.serving.adaptation.menu import Menu
from tradespace.serving.adaptation.named import by_name
from tradespace.serving.adaptation.policies import POLICIES
from tradespace.serving.adaptation.study_menu import MenuWishes, menu_of

if TYPE_CHECKING:
    from tradespace.serving.adaptation.live import AdaptationPlan


@dataclass(frozen=True)
class LiveAdaptation:
    """What the command line says of a server that adapts.

    Attributes:
        policy, forecast: as they are written.
        sla: another bound than the study's.
        budget: dollars an hour that replicas may cost.
        interval: seconds between decisions.
    """

    policy: str = "frontier"
    forecast: str = "moving_maximum"
    sla: str | None = None
    budget: float | None = None
    interval: int = 10

    def plan(self, study: StudyFolder, replicas: int | None) -> AdaptationPlan:
        """How a server of the study adapts, with so many replicas at most.

        Raises:
            InputError: a name is unknown, or the study leaves no choice.
        """
        from tradespace.serving.adaptation.live import AdaptationPlan

        policy, forecast = by_name(self.policy, POLICIES), by_name(self.forecast, FORECASTS)
        menu = study_menu(study, self.sla, None, MenuWishes(replicas, self.budget))
        pipelines = {variant.pipeline: parse(variant.pipeline) for variant in menu.variants}
        return AdaptationPlan(menu, policy, forecast, pipelines, self.interval)


def study_menu(study: StudyFolder, sla: str | None, host: str | None, wishes: MenuWishes) -> Menu:
    """What a study lets choose from, with another bound or another host's timings.

    Raises:
        InputError: it leaves no choice, or has no bound.
    """
    file = specification_of(study)
    results = Preferences(sla).applied(study.results(host))
    profiles = _profiles(study, results.provenance.host)
    return menu_of(results, file.deployment, wishes, file.prices.host_usd_per_hour if file.prices else 0.0, profiles)


def _profiles(study: StudyFolder, host: str) -> StationProfiles:
    """What the study measured of stages in company, on the host that its timings are of."""
    deployments = study.deployments()
    return deployments.profiles if deployments and study.manifest().provenance.host == host else NOT_PROFILED
