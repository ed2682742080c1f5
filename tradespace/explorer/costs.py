"""What pipelines would cost in service: a query over the ledger, so that a new price list needs no model.

A call that was answered from the ledger costs what it would cost if it were made: who asks in service has no ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tradespace.components.base import Component, Pipeline
from tradespace.components.llms.base import LanguageModel
from tradespace.explorer.results import Usage
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.replayed_calls import Called, Job, asks_a_model, replayed_calls
from tradespace.explorer.running.runner import Trace
from tradespace.search_space.sections import ModelPrice, Prices
from tradespace.types import Completion, Prompt

StageUsage = dict[str, tuple[Usage | None, ...]]
"""By online stage that asks language models: one value for each question; None where it failed or was not reached."""


@dataclass(frozen=True)
class Costs:
    """Tokens and dollars of the calls that stages make, from the ledger; `prices` None leaves dollars unknown."""

    recorded_calls: RecordedCalls
    prices: Prices | None

    def usage(self, pipeline: Pipeline, traces: Sequence[Trace]) -> StageUsage:
        """What each stage with a language model used, for each trace."""
        asking = {role: part for role, part in pipeline.online.items() if asks_a_model(part)}
        return {
            str(role): tuple(
                self._stage(part, pipeline, trace) if role in trace.inputs and not trace.failure else None
                for trace in traces
            )
            for role, part in asking.items()
        }

    def usd(self, seconds: Mapping[str, Sequence[float | None]], usage: StageUsage) -> tuple[float | None, ...]:
        """Dollars per timed question: what the host costs for as long as all stages take, and what the calls cost."""
        if self.prices is None:
            return ()
        hourly = self.prices.host_usd_per_hour
        hosts = [_sum(row) if hourly else 0.0 for row in zip(*seconds.values(), strict=True)]
        used = zip(*usage.values(), strict=True) if usage else [()] * len(hosts)
        calls = [_sum([None if one is None else one.usd for one in row]) for row in used]
        return tuple(
            None if taken is None or called is None else taken * hourly / 3600 + called
            for taken, called in zip(hosts, calls, strict=True)
        )

    def bill(self, calls: Sequence[Called]) -> float:
        """Dollars of calls that were made together; those without a price of their own are left out."""
        return sum(self._dollars(model, group) or 0.0 for model, group in _together(calls))

    def _stage(self, component: Component, pipeline: Pipeline, trace: Trace) -> Usage | None:
        role = component.role
        rounds = replayed_calls(
            self.recorded_calls.ledger, Job(component, trace.inputs[role], self.recorded_calls.corpus(pipeline))
        )
        if rounds is None:
            return None
        groups = [group for calls in rounds for group in _together(calls)]
        dollars = [self._dollars(model, group) for model, group in groups]
        tokens_in = sum(one.tokens_in for model, group in groups for one in _read(model, group))
        tokens_out = sum(completion.tokens_out for _, group in groups for completion in _completions(group))
        estimated = any(completion.tokens_estimated for _, group in groups for completion in _completions(group))
        return Usage(tokens_in, tokens_out, _sum(dollars), estimated)

    def _dollars(self, model: LanguageModel, group: Sequence[Called]) -> float | None:
        """What samples of one prompt cost; None where that is not known."""
        completions = _completions(group)
        recorded = [one.usd for one in completions if one.usd is not None]
        if len(recorded) == len(completions):
            return sum(recorded)
        price = self.prices.models.get(model.listed_as) if self.prices else None
        if price is None:  # the host's own price covers what runs on it
            return None if model.remote else 0.0
        if price.usd_per_hour is not None:
            return self._hourly(group, price.usd_per_hour)
        return _for_tokens(price, _read(model, group), completions)

    def _hourly(self, group: Sequence[Called], usd_per_hour: float) -> float | None:
        """The price of the seconds that samples drawn side by side kept the machine busy: those of the slowest."""
        seconds = defaultdict(list)
        for timing in self.recorded_calls.ledger.timings({one.key for one in group}):
            seconds[timing.work].append(timing.seconds)
        if not seconds:
            return None
        return max(median(samples) for samples in seconds.values()) * usd_per_hour / 3600


def _for_tokens(price: ModelPrice, read: Sequence[Completion], written: Sequence[Completion]) -> float:
    tokens_in = sum(one.tokens_in for one in read)
    tokens_out = sum(one.tokens_out for one in written)
    return (tokens_in * price.usd_per_million_in + tokens_out * price.usd_per_million_out) / 1e6


def _together(calls: Sequence[Called]) -> Iterator[tuple[LanguageModel, list[Called]]]:
    """The calls of language models in one round, samples of one prompt together."""
    groups: defaultdict[tuple[LanguageModel, object], list[Called]] = defaultdict(list)
    for one in calls:
        model, prompt = one.call.component, one.call.request
        if isinstance(model, LanguageModel) and isinstance(prompt, Prompt):
            groups[model, prompt.messages].append(one)
    for (model, _), group in groups.items():
        yield model, group


def _completions(group: Sequence[Called]) -> list[Completion]:
    return [one.outcome for one in group if isinstance(one.outcome, Completion)]


def _read(model: LanguageModel, group: Sequence[Called]) -> list[Completion]:
    """Those completions whose prompt tokens are paid for: one where samples are drawn from one reading."""
    return _completions(group)[:1] if model.reads_once else _completions(group)


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
