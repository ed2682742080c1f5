"""The protocol of adaptation: a policy is told the outlook, and chooses an option; it may choose again for a request.

A policy is a value with settings. Begun with a menu it gives a `Chooser`, which may remember what it chose. The same
chooser decides in a replay and in a server.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.menu import Menu, Option, Variant
from tradespace.serving.adaptation.named import NamedSettings


@dataclass(frozen=True, slots=True)
class Situation:
    """What a policy decides on.

    Attributes:
        outlook: the load that is expected until the next decision.
        option: what is in force; None before the first decision.
    """

    outlook: ExpectedLoad
    option: Option | None = None


class Chooser(ABC):
    """A policy at work.

    Class attributes:
        admits: whether it chooses a pipeline for each request; if not, it is not asked.
    """

    admits: ClassVar[bool] = False

    @abstractmethod
    def choose(self, situation: Situation) -> Option:
        """The option until the next decision, one of the menu's."""

    def admit(self, option: Option, ahead: Ahead) -> Variant:
        """The pipeline for a request that has just come; that of the option unless a policy does better."""
        return option.variant


class AdaptationPolicy(NamedSettings, ABC):
    """A way to adapt, with its settings.

    >>> class Cheapest(AdaptationPolicy):
    ...     name = "always_cheapest"
    ...
    ...     def begin(self, menu, peak):
    ...         return CheapestChooser(menu.options[0])
    >>> class CheapestChooser(Chooser):
    ...     def __init__(self, option):
    ...         self.option = option
    ...
    ...     def choose(self, situation):
    ...         return self.option
    """

    @abstractmethod
    def begin(self, menu: Menu, peak: ExpectedLoad) -> Chooser:
        """Begin to choose from a menu.

        Args:
            menu: what may be chosen.
            peak: the highest load that is to be reckoned with, which whatever is fixed is laid out for.
        """
