"""Making calls through the ledger: what it knows is read, the rest is made in batches and stored at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.errors import ModelUnavailableError
from tradespace.explorer.running.batches import batches
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.running.executors import Executor, InProcess
from tradespace.explorer.running.lookup import look_up
from tradespace.explorer.running.metered import Metered
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.codec import encode
from tradespace.explorer.storage.entries import FIRST_TOKEN, Timing
from tradespace.explorer.storage.timing_keys import call_timing_key
from tradespace.types import Failure, Outcome, Timed, Unavailable


@dataclass
class RecordedCalls:
    """Answers calls: from the ledger where they were made before, by making them where not.

    Attributes:
        budget: counts calls, and ends them when it is spent.
        bill: the dollars of calls of language models.
        executor: makes them; in this process where it is None.
    """

    opened_components: OpenedComponents
    ledger: Ledger
    budget: Budget = field(default_factory=Budget)
    bill: Callable[[Sequence[PaidCall]], float] = lambda calls: 0.0
    executor: InitVar[Executor | None] = None

    def __post_init__(self, executor: Executor | None) -> None:
        opened = self.opened_components
        self._metered = Metered(executor or InProcess(opened), self.budget, self.bill, opened.working)

    def corpus(self, pipeline: Pipeline) -> Corpus:
        """The corpus that a pipeline searches.

        Raises:
            ComponentError: the corpus cannot be made.
        """
        return self.opened_components.corpus(pipeline)

    def count(self, asked: int) -> None:
        """Take note of calls that pipelines would have made, had each run alone."""
        self.budget.asked += asked

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Failure]:
        """Answer every call, in order. A call whose component raises has a `Failure`; the others are not affected.

        Raises:
            BudgetSpent: the calls still to be made exceed the budget; those made before that are stored.
            ModelUnavailableError: a model's server is down; what was answered before that is stored.
        """
        known = look_up(self.ledger, calls, corpus)
        if known.void:
            self.ledger.forget(known.void)
        missing = {key: call for key, call in known.calls.items() if key not in known.outcomes}
        outcomes = known.outcomes | self._make(missing, corpus)
        return [outcomes[key] for key in known.keys]

    def _make(self, calls: Mapping[bytes, Call], corpus: Corpus) -> dict[bytes, Outcome | Failure]:
        made: dict[bytes, Outcome | Failure] = {}
        by_component: defaultdict[Component, list[tuple[bytes, Call]]] = defaultdict(list)
        for key, call in calls.items():
            by_component[call.component].append((key, call))
        for component, of_component in by_component.items():
            for batch in batches(of_component, component.batch_size):
                outcomes = self._metered.make(component, [call.request for call in batch.values()], corpus)
                stored = self._store(component, dict(zip(batch, outcomes, strict=True)), corpus)
                _stop_if_down(stored.values())
                made.update(stored)
        return made

    def _store(
        self, component: Component, made: Mapping[bytes, Outcome | Timed | Failure], corpus: Corpus
    ) -> dict[bytes, Outcome | Failure]:
        """Store outcomes, and apart from them the times of those that were timed as they were made.

        Failures are not stored: the next run tries them again.
        """
        outcomes = {key: reply.outcome if isinstance(reply, Timed) else reply for key, reply in made.items()}
        self.ledger.write(
            {key: encode(outcome, corpus) for key, outcome in outcomes.items() if not isinstance(outcome, Failure)},
            component.name,
        )
        self.ledger.record([_timing(key, reply) for key, reply in made.items() if isinstance(reply, Timed)])
        return outcomes


def _stop_if_down(outcomes: Iterable[Outcome | Failure]) -> None:
    """End a run whose server is down: every other call of it would fail too."""
    for outcome in outcomes:
        if isinstance(outcome, Unavailable):
            raise ModelUnavailableError(outcome.message)


def _timing(key: bytes, timed: Timed) -> Timing:
    """The sample of one call: its work is the call itself, whichever question it was made for."""
    told = {"concurrency": timed.concurrency, FIRST_TOKEN: timed.first_token}
    known = {name: value for name, value in told.items() if value is not None}
    return Timing(timed.host, call_timing_key(key), "", timed.seconds, {"waited": timed.waited, **known})
