"""The choice at admission: among pipelines that can't be told apart, the queue decides for each request.

After METIS (SOSP 2025), which picks a configuration for each query among those of good quality by what the server can
take just now, and Aragog (2025), which does so for the models of a workflow.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.foretelling import Foreteller
from tradespace.serving.adaptation.menu import Menu, Option, Variant
from tradespace.serving.adaptation.policies.base import AdaptationPolicy, Chooser, Situation
from tradespace.serving.adaptation.queue_rule import QueueRule, in_time


class PerRequest(AdaptationPolicy):
    """Keeps one deployment, in which the fastest of the tied pipelines keeps the bound at the peak. A request is given
    the most accurate of them that is expected to be done in time; the fastest where none is."""

    name: ClassVar[str] = "per_request"

    tied_within: float = Field(
        default=0.03, ge=0, le=1, description="pipelines are tied whose scores are this close to the highest"
    )

    def begin(self, menu: Menu, peak: ExpectedLoad) -> Chooser:
        best = menu.variants[-1].accuracy
        tied = [variant for variant in menu.variants if variant.accuracy >= best - self.tied_within]
        fastest = min(tied, key=lambda variant: sum(variant.means))
        laid_out = Foreteller(menu).cheapest(fastest, peak) or menu.strongest(fastest)
        return PerRequestChooser(laid_out, in_time(tied, menu.bound))


class PerRequestChooser(Chooser):
    """One option; the pipeline is chosen when a request comes."""

    admits: ClassVar[bool] = True

    def __init__(self, option: Option, rule: QueueRule) -> None:
        self._option, self._rule = option, rule

    def choose(self, situation: Situation) -> Option:
        return self._option

    def admit(self, option: Option, ahead: Ahead) -> Variant:
        return self._rule(ahead)
