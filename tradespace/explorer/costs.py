"""What pipelines would cost in service: computed from the ledger, so that a new price list needs no model.

A call that was answered from the ledger costs what it would cost if it were made: who asks in service has no ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tradespace.components.base import Component, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.components.priced import PricedModel
from tradespace.explorer.results import Usage
from tradespace.explorer.running.bill import Bill, PaidCall, Reading, ServedSeconds, readings
from tradespace.explorer.running.replayed_calls import Called, Replayed, StageJob, asks_a_model, replay
from tradespace.explorer.running.runner import Trace
from tradespace.explorer.storage.base import Ledger
from tradespace.search_space.sections import Prices

StageUsage = dict[str, tuple[Usage | None, ...]]
"""By online stage that asks models: one value for each question; None where it failed or was not reached."""


@dataclass(frozen=True)
class Costs:
    """Tokens and dollars of the calls that stages make, from the ledger.

    Attributes:
        corpus_of: the corpus that a pipeline searches.
        prices: None leaves dollars unknown.
    """

    ledger: Ledger
    corpus_of: Callable[[Pipeline], Corpus]
    prices: Prices | None

    def usage(
        self, pipeline: Pipeline, traces: Sequence[Trace], served: Mapping[str, Sequence[ServedSeconds]] | None = None
    ) -> StageUsage:
        """The usage of each stage with a model that counts tokens, for each trace.

        An hour of a server of one's own is divided by the seconds that it works alone, which `served` holds for each
        stage and trace. Where these are not known, and of other machines, it is divided by what the calls took as they
        were made.
        """
        asking = {stage: part for stage, part in pipeline.online.items() if asks_a_model(part)}
        apart = {stage: (served or {}).get(stage, [{}] * len(traces)) for stage in asking}
        jobs = {
            stage: [
                StageJob(part, trace.inputs[stage], self.corpus_of(pipeline))
                if stage in trace.inputs and not trace.failure
                else None
                for trace in traces
            ]
            for stage, part in asking.items()
        }
        replayed = replay(self.ledger, [job for row in jobs.values() for job in row if job])
        return {
            stage: tuple(
                self._stage(replayed[job], seconds) if job else None
                for job, seconds in zip(row, apart[stage], strict=True)
            )
            for stage, row in jobs.items()
        }

    def usd(self, seconds: Mapping[str, Sequence[float | None]], usage: StageUsage) -> tuple[float | None, ...]:
        """Dollars per question: what the host costs for as long as all stages take, and what the calls cost."""
        if self.prices is None:
            return ()
        hourly = self.prices.host_usd_per_hour
        hosts = [_sum(row) if hourly else 0.0 for row in zip(*seconds.values(), strict=True)]
        used = zip(*usage.values(), strict=True) if usage else [()] * len(hosts)
        calls = [_sum([None if of_stage is None else of_stage.usd for of_stage in row]) for row in used]
        return tuple(
            None if taken is None or called is None else taken * hourly / 3600 + called
            for taken, called in zip(hosts, calls, strict=True)
        )

    def _stage(self, replayed: Replayed, served: ServedSeconds) -> Usage | None:
        if replayed.waiting:
            return None
        used = list(_alone([reading for calls in replayed.rounds for reading in readings(self._paid(calls))], served))
        return self._bill.usage(used)

    def _paid(self, calls: Sequence[Called]) -> list[PaidCall]:
        """Calls with the median of the seconds that they took, where these are paid for."""
        hourly = [called.key for called in calls if self._paid_by_hour(called.call.component)]
        samples: defaultdict[str, list[float]] = defaultdict(list)
        for timing in self.ledger.timings(set(hourly)) if hourly else ():
            samples[timing.work].append(timing.seconds)
        seconds = {key: median(taken) for key, taken in samples.items()}
        return [PaidCall(called.call, called.outcome, seconds.get(called.key)) for called in calls]

    def _paid_by_hour(self, component: Component) -> bool:
        price = self._bill.price(component) if isinstance(component, PricedModel) else None
        return price is not None and price.usd_per_hour is not None

    @property
    def _bill(self) -> Bill:
        return Bill(self.prices)


def _alone(used: Sequence[Reading], served: ServedSeconds) -> Iterator[Reading]:
    """Readings with the seconds that their servers worked alone: all those of a server stand at its first reading."""
    left = dict(served)
    for reading in used:
        key = reading.model.key
        yield reading._replace(seconds=left.pop(key, 0.0)) if key in served else reading


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
