"""No adaptation: what is served without it, and what every other policy must beat."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tradespace.errors import InputError, nearest
from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.foretelling import Foreteller
from tradespace.serving.adaptation.menu import Menu, Option, Variant
from tradespace.serving.adaptation.policies.base import AdaptationPolicy, Chooser, Situation

MOST_ACCURATE, LEAST_WORK = "most_accurate", "cheapest"


class Static(AdaptationPolicy):
    """One pipeline in one deployment: the cheapest that keeps the bound at the peak, or the one that carries most."""

    name: ClassVar[str] = "static"

    pipeline: str = Field(
        default=MOST_ACCURATE, description=f"`{MOST_ACCURATE}`, `{LEAST_WORK}`, or a pipeline's notation"
    )

    def begin(self, menu: Menu, peak: ExpectedLoad) -> Chooser:
        variant = self._variant(menu)
        return StaticChooser(Foreteller(menu).cheapest(variant, peak) or menu.strongest(variant))

    def _variant(self, menu: Menu) -> Variant:
        if self.pipeline == MOST_ACCURATE:
            return menu.variants[-1]
        if self.pipeline == LEAST_WORK:
            return min(menu.variants, key=lambda variant: sum(variant.means))
        named = {variant.pipeline: variant for variant in menu.variants}
        if self.pipeline not in named:
            raise InputError(f"no pipeline to choose from is {self.pipeline!r}; {nearest(self.pipeline, list(named))}")
        return named[self.pipeline]


class StaticChooser(Chooser):
    """Chooses the same, always."""

    def __init__(self, option: Option) -> None:
        self._option = option

    def choose(self, situation: Situation) -> Option:
        return self._option
