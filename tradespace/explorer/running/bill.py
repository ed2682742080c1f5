"""What calls of models that count tokens cost by a price list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tradespace.components.base import Call
from tradespace.components.priced import PricedModel
from tradespace.explorer.results import Usage
from tradespace.search_space.sections import ModelPrice, Prices
from tradespace.types import Completion, Embedding, Given, Outcome, Prompt

ServedSeconds = Mapping[str, float]
"""Seconds that servers of one's own work alone for a stage on one question, by the key of the model that each has."""


class PaidCall(NamedTuple):
    """A call that was made, and what came back; `seconds` that it took, where that is known."""

    call: Call
    outcome: Outcome
    seconds: float | None = None


class Reading(NamedTuple):
    """Calls of one model that were made together with the same prompt.

    Attributes:
        read: those completions whose prompt tokens are paid for: one where samples are drawn from one reading.
        written: all completions.
        seconds: of the slowest: samples are drawn in parallel; None where that is not known.
    """

    model: PricedModel
    read: Sequence[Completion | Embedding]
    written: Sequence[Completion | Embedding]
    seconds: float | None


@dataclass(frozen=True)
class Bill:
    """Dollars by a price list; None leaves those unknown that no recording tells."""

    prices: Prices | None

    def total(self, calls: Sequence[PaidCall]) -> float:
        """Dollars of calls that were made together; those without a price of their own are left out."""
        return sum(self.dollars(reading) or 0.0 for reading in readings(calls))

    def dollars(self, reading: Reading) -> float | None:
        """What samples of one prompt cost; None where that is not known."""
        recorded = [completion.usd for completion in reading.written if completion.usd is not None]
        if len(recorded) == len(reading.written):
            return sum(recorded)
        price = self.price(reading.model)
        if price is None:  # the host's own price covers what runs on it
            return None if reading.model.remote else 0.0
        if price.usd_per_hour is not None:
            return None if reading.seconds is None else reading.seconds * price.usd_per_hour / 3600
        return _for_tokens(price, reading)

    def usage(self, used: Sequence[Reading]) -> Usage:
        """What readings take together."""
        usd = [self.dollars(reading) for reading in used]
        known = [dollars for dollars in usd if dollars is not None]
        return Usage(
            tokens_in=sum(completion.tokens_in for reading in used for completion in reading.read),
            tokens_out=sum(completion.tokens_out for reading in used for completion in reading.written),
            usd=sum(known) if len(known) == len(usd) else None,
            estimated=any(completion.tokens_estimated for reading in used for completion in reading.written),
        )

    def price(self, model: PricedModel) -> ModelPrice | None:
        """A model's own price; None where it has none."""
        return self.prices.models.get(model.listed_as) if self.prices else None


def readings(calls: Sequence[PaidCall]) -> Iterator[Reading]:
    """The calls of language models among some that were made together, samples of one prompt as one reading."""
    groups: defaultdict[tuple[PricedModel, object], list[PaidCall]] = defaultdict(list)
    for paid in calls:
        model, prompt = paid.call.component, paid.call.request
        if isinstance(model, PricedModel):
            groups[model, _read(prompt)].append(paid)
    for (model, _), group in groups.items():
        written = [paid.outcome for paid in group if isinstance(paid.outcome, Completion | Embedding)]
        seconds = max((paid.seconds for paid in group if paid.seconds is not None), default=None)
        yield Reading(model, written[:1] if model.reads_once else written, written, seconds)


def _read(given: Given) -> object:
    """What a model reads once, however many samples it draws from it."""
    return given.messages if isinstance(given, Prompt) else given


def _for_tokens(price: ModelPrice, reading: Reading) -> float:
    tokens_in = sum(completion.tokens_in for completion in reading.read)
    tokens_out = sum(completion.tokens_out for completion in reading.written)
    return (tokens_in * price.usd_per_million_in + tokens_out * price.usd_per_million_out) / 1e6
