"""What the missing calls of a plan take: seconds and dollars of what is known, and in words what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from tradespace.components.base import Component, Pipeline
from tradespace.components.priced import PricedModel
from tradespace.components.remote.caller import RemoteCaller
from tradespace.explorer.planning.plan import Plan
from tradespace.explorer.planning.speeds import Trial, characters, kind_of
from tradespace.explorer.results import Outlay
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.plurals import count
from tradespace.search_space.sections import ModelPrice, Prices
from tradespace.types import Prompt


@dataclass(frozen=True, slots=True)
class SpendingEstimate:
    """What is known beforehand of what a plan takes.

    Attributes:
        outlay: of all calls that something is known of.
        opening: seconds of that to open components, and to build what they need.
        calls: seconds of that for one call in a batch, of each component that is called on this machine.
        waiting: seconds of that for models that run elsewhere, of whose calls as many are under way as they allow.
        untried: calls of this machine whose seconds it leaves out, as there was no time to try one, in words.
        untimed, unpriced: calls of remote models whose seconds, or dollars, it leaves out, in words.
    """

    outlay: Outlay
    untried: tuple[str, ...] = ()
    untimed: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()
    opening: float = 0.0
    calls: Mapping[Component, float] = field(default_factory=dict)
    waiting: float = 0.0


@dataclass(frozen=True)
class Estimator:
    """Estimates plans on this machine.

    Attributes:
        trial: says how fast components are.
        prices: what running costs; None where that is unknown.
        tokens_per_second: how fast remote models write, by their names, where it was tried; else `prices` may say.
    """

    trial: Trial
    prices: Prices | None = None
    tokens_per_second: Mapping[str, float] = field(default_factory=dict)

    def estimate(self, planned: Plan, pipelines: Sequence[Pipeline]) -> SpendingEstimate:
        """About what the missing calls of a plan take, building what they need included unless it was called before.

        Calls of remote models are counted and priced, but not made; their completions are taken to be as long as they
        may be.

        Raises:
            ComponentError: a component could not be opened, or raised.
        """
        here = [unit for unit in planned.missing if not is_remote(unit)]
        speeds = self.trial.speeds(here, planned.examples)
        built = set(map(kind_of, planned.known))
        corpora = len({pipeline.corpus_stages for pipeline in pipelines})
        size = characters(self.trial.opened_components.documents) * corpora
        opening = sum(speed.opening for kind, speed in speeds.items() if kind not in built) * size
        calls = {unit: speeds[kind].call for unit in here if (kind := kind_of(unit)) in speeds}
        calling = sum(seconds * planned.missing[unit] for unit, seconds in calls.items())
        remote = {
            unit: number for unit, number in planned.missing.items() if isinstance(unit, PricedModel) and unit.remote
        }
        busy = {unit: self._busy_seconds(unit, number, planned) for unit, number in remote.items()}
        waiting = sum(seconds / _side_by_side(unit) for unit, seconds in busy.items() if seconds is not None)
        seconds = opening + calling + waiting
        outlay = Outlay(planned.pipelines, sum(planned.missing.values()), seconds, self._usd(seconds, busy, planned))
        untried = [unit for unit in here if kind_of(unit) not in speeds]
        untimed = [model for model in remote if busy[model] is None]
        unpriced = [model for model in remote if self._costs_unknown(model, busy[model])]
        return SpendingEstimate(
            outlay,
            untried=_calls_of(untried, planned),
            untimed=_calls_of(untimed, planned),
            unpriced=_calls_of(unpriced, planned),
            opening=opening,
            calls=calls,
            waiting=waiting,
        )

    def _busy_seconds(self, model: PricedModel, number: int, planned: Plan) -> float | None:
        """Seconds that a remote model is busy with calls, one at a time; None where its speed is not known."""
        speed = self.tokens_per_second.get(model.listed_as) or (
            price.tokens_per_second if (price := self._price(model)) else None
        )
        requests = [call.request for call in planned.examples.get(kind_of(model), ())]
        written = [request.max_tokens for request in requests if isinstance(request, Prompt)]
        return number * fmean(written) / speed if speed and written else None

    def _usd(self, seconds: float, busy: Mapping[PricedModel, float | None], planned: Plan) -> float | None:
        """Dollars of the host, of tokens, and of models that are paid by the hour."""
        if self.prices is None:
            return None
        hourly = sum(
            taken * price.usd_per_hour / 3600
            for model, taken in busy.items()
            if taken is not None and (price := self._price(model)) and price.usd_per_hour is not None
        )
        return seconds * self.prices.host_usd_per_hour / 3600 + planned.usd + hourly

    def _costs_unknown(self, model: PricedModel, busy: float | None) -> bool:
        price = self._price(model)
        return price is None or (price.usd_per_hour is not None and busy is None)

    def _price(self, model: PricedModel) -> ModelPrice | None:
        return self.prices.models.get(model.listed_as) if self.prices else None


def _side_by_side(model: Component) -> int:
    return model.concurrency if isinstance(model, RemoteCaller) else 1


def _calls_of(units: Sequence[Component], planned: Plan) -> tuple[str, ...]:
    """How many calls of each kind of component there are, in words."""
    numbers: Counter[str] = Counter()
    for unit in units:
        numbers[unit.listed_as if isinstance(unit, PricedModel) else unit.name] += planned.missing[unit]
    return tuple(f"{count(number, 'call')} of {name}" for name, number in numbers.items())
