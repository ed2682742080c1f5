"""Making calls through the ledger: what it knows is read, the rest is made in batches and stored at once."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.components.direct import call_operator
from tradespace.errors import ComponentError, ModelUnavailableError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import Called
from tradespace.explorer.running.tally import Tally
from tradespace.explorer.storage.base import Ledger, Timing
from tradespace.explorer.storage.codec import call_key, decode, encode
from tradespace.types import Failure, NoAnswer, Outcome, Timed, Unavailable


@dataclass
class RecordedCalls:
    """Answers calls: from the ledger where they were made before, by making them where not.

    Attributes:
        bill: the dollars of calls that were made.
    """

    opened_components: OpenedComponents
    ledger: Ledger
    tally: Tally = field(default_factory=Tally)
    bill: Callable[[Sequence[Called]], float] = lambda calls: 0.0

    def corpus(self, pipeline: Pipeline) -> Corpus:
        """The corpus that a pipeline searches.

        Raises:
            ComponentError: the chunker raised.
        """
        return self.opened_components.corpus(pipeline)

    def count(self, asked: int) -> None:
        """Take note of calls that pipelines would have made, had each run alone."""
        self.tally.asked += asked

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Failure]:
        """Answer every call, in order. A call whose component raises has a `Failure`; the others are not affected.

        Raises:
            BudgetSpent: the calls still to be made exceed the budget; those made before that are stored.
            ModelUnavailableError: a model's server is down; what was answered before that is stored.
        """
        places: dict[Call, int] = {}
        order = [places.setdefault(call, len(places)) for call in calls]
        keys = [call_key(call, corpus) for call in places]
        known = self._stored(keys, corpus)
        known |= self._make({key: call for key, call in zip(keys, places, strict=True) if key not in known}, corpus)
        distinct = [known[key] for key in keys]
        return [distinct[place] for place in order]

    def _stored(self, keys: Sequence[bytes], corpus: Corpus) -> dict[bytes, Outcome | Failure]:
        read = {key: decode(value, corpus) for key, value in self.ledger.read(list(dict.fromkeys(keys))).items()}
        if no_answers := [key for key, outcome in read.items() if outcome is None]:
            self.ledger.forget(no_answers)
        return {key: outcome for key, outcome in read.items() if outcome is not None}

    def _make(self, calls: Mapping[bytes, Call], corpus: Corpus) -> dict[bytes, Outcome | Failure]:
        made: dict[bytes, Outcome | Failure] = {}
        by_component: defaultdict[Component, list[bytes]] = defaultdict(list)
        for key, call in calls.items():
            by_component[call.component].append(key)
        for component, keys in by_component.items():
            for start in range(0, len(keys), component.batch_size):
                batch = keys[start : start + component.batch_size]
                self.tally.spend(len(batch))
                began = time.perf_counter()
                self.opened_components.working(f"{self.tally.made:,} calls, the last ones of {component.name}")
                outcomes = self._batch(component, [calls[key] for key in batch], corpus)
                self.tally.seconds += time.perf_counter() - began
                stored = self._store(component, dict(zip(batch, outcomes, strict=True)), corpus)
                self.tally.usd += self.bill(
                    [
                        Called(calls[key], key.hex(), paid)
                        for key, outcome in stored.items()
                        if (paid := _paid(outcome)) is not None
                    ]
                )
                self._stop_if_down(stored.values())
                made.update(stored)
        return made

    def _stop_if_down(self, outcomes: Collection[Outcome | Failure]) -> None:
        down = [outcome for outcome in outcomes if isinstance(outcome, Unavailable)]
        if down:
            self.tally.give_back(sum(isinstance(outcome, Failure) for outcome in outcomes))
            raise ModelUnavailableError(down[0].message)

    def _store(
        self, component: Component, made: Mapping[bytes, Outcome | Timed | Failure], corpus: Corpus
    ) -> dict[bytes, Outcome | Failure]:
        """Store outcomes, and apart from them the times of those that were timed as they were made.

        Failures are not stored: the next run tries them again.
        """
        outcomes = {key: one.outcome if isinstance(one, Timed) else one for key, one in made.items()}
        self.ledger.write(
            {key: encode(outcome, corpus) for key, outcome in outcomes.items() if not isinstance(outcome, Failure)},
            component.name,
        )
        self.ledger.record([_timing(key, one) for key, one in made.items() if isinstance(one, Timed)])
        return outcomes

    def _batch(self, component: Component, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Timed | Failure]:
        """Call an operator on a batch; when it raises, call it one by one to find out which request it was."""
        try:
            operator = self.opened_components.operator(component, corpus)
        except ComponentError as error:
            return [Failure(str(error))] * len(calls)
        try:
            with component_errors(component):
                return call_operator(component, operator, [call.request for call in calls])
        except ComponentError as error:
            if len(calls) == 1:
                return [Failure(str(error))]
            return [outcome for call in calls for outcome in self._batch(component, [call], corpus)]


def _paid(outcome: Outcome | Failure) -> Outcome | None:
    """What a call brought that is paid for: replies that are no answers too."""
    if isinstance(outcome, NoAnswer):
        return outcome.reply
    return None if isinstance(outcome, Failure) else outcome


def _timing(key: bytes, timed: Timed) -> Timing:
    """The sample of one call: its work is the call itself, whichever question it was made for."""
    company = {} if timed.concurrency is None else {"concurrency": timed.concurrency}
    return Timing(timed.host, key.hex(), "", timed.seconds, {"waited": timed.waited, **company})
