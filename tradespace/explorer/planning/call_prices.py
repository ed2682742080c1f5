"""What calls cost before they are made, and which of them are so cheap that a search makes them all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from tradespace.components.base import Call, Component
from tradespace.components.calls import kind_giving
from tradespace.explorer.planning.plan import Plan
from tradespace.explorer.planning.speeds import Speed, kind_of
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.call_answers import Assumed
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.search_space.sections import Prices

CHEAP_SHARE, CHEAP_SECONDS = 0.1, 3.0
"""What all cheap calls of a search may take together: a share of all its calls, or so many seconds."""
UNTRIED_SECONDS = 1.0
"""What a call of a component is taken to take that nobody had the time to try."""


@dataclass(frozen=True)
class CallPrices:
    """Prices of calls, in dollars where language models have prices, else in seconds.

    Attributes:
        planned: the calls that the search may make.
        speeds: seconds of a call, by kind of component.
        bill: dollars of calls of language models.
        prices: what running costs; None where that is unknown.
    """

    planned: Plan
    speeds: Mapping[str, Speed]
    bill: Callable[[Sequence[PaidCall]], float]
    prices: Prices | None = None

    @cached_property
    def unit(self) -> str:
        """What prices are in: "usd" or "s"."""
        return "usd" if self.prices and self.prices.models else "s"

    def price(self, assumed: Assumed) -> float:
        """The price of a call: longer texts take longer, and a completion is taken to be as long as it may be."""
        seconds = self._seconds(assumed.call)
        if self.unit == "s" or self.prices is None:
            return seconds
        dollars = self.bill([PaidCall(assumed.call, assumed.outcome)])
        return dollars + seconds * self.prices.host_usd_per_hour / 3600

    def is_dear(self, unit: Component) -> bool:
        """Whether calls of a component are bought one by one: those of servers always, of others what takes most."""
        return is_remote(unit) or kind_of(unit) not in self._cheap

    @cached_property
    def _cheap(self) -> frozenset[str]:
        """The kinds of components whose calls together take no more than a small share of all."""
        totals: defaultdict[str, float] = defaultdict(float)
        for unit, number in [*self.planned.missing.items(), *self.planned.known.items()]:
            totals[kind_of(unit)] += number * self._speed(unit)
        allowed = max(CHEAP_SECONDS, CHEAP_SHARE * sum(totals.values()))
        cheap, spent = [], 0.0
        for kind, seconds in sorted(totals.items(), key=lambda pair: pair[1]):
            spent += seconds
            if spent <= allowed:
                cheap.append(kind)
        return frozenset(cheap)

    def _speed(self, unit: Component) -> float:
        speed = self.speeds.get(kind_of(unit))
        return speed.call if speed else UNTRIED_SECONDS

    def _seconds(self, call: Call) -> float:
        seconds, usual = self._speed(call.component), self._usual_lengths.get(kind_of(call.component))
        return seconds * (_length(call) + 1) / (usual + 1) if usual else seconds

    @cached_property
    def _usual_lengths(self) -> dict[str, float]:
        return {kind: fmean(map(_length, calls)) for kind, calls in self.planned.examples.items() if calls}


def _length(call: Call) -> int:
    return sum(map(len, kind_giving(type(call.request)).texts(call.request)))
