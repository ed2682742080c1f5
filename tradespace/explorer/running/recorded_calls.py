"""Making calls through the ledger: what it knows is read, the rest is made in batches and stored at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import InitVar, dataclass, field

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.corpus import Corpus
from tradespace.errors import ModelUnavailableError
from tradespace.explorer.running.batches import batches
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.running.executors import CallBatch, Elsewhere, Executor, InProcess, MadeBatch
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

    @property
    def elsewhere(self) -> Elsewhere | None:
        """What runs work on the machine whose latencies count, if that is not this one."""
        return self._metered.executor.elsewhere

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
        """Make calls, and store what comes of them batch by batch in the order that they were cut in: the ledger is
        the same whoever makes them, and however many at a time.

        Where that ends early, by whatever error, what came before its turn is stored all the same: it was paid for.
        """
        cut = _CutCalls(calls, corpus)
        made: dict[bytes, Outcome | Failure] = {}
        early: dict[int, MadeBatch] = {}
        following = 0
        try:
            with closing(self._metered.make(cut.batches())) as under_way:
                for each in under_way:
                    early[each.batch.number] = each
                    cut.stop_if_down(each.outcomes)
                    while following in early:
                        made |= self._store(cut.keys[following], early.pop(following))
                        following += 1
        finally:
            for number in sorted(early):
                self._store(cut.keys[number], early[number])
        if cut.down:
            raise ModelUnavailableError(cut.down)
        return made

    def _store(self, keys: Sequence[bytes], made: MadeBatch) -> dict[bytes, Outcome | Failure]:
        """Store outcomes, and apart from them the times of those that were timed as they were made.

        Failures are not stored: the next run tries them again.
        """
        component, corpus = made.batch.component, made.batch.corpus
        replies = dict(zip(keys, made.outcomes, strict=True))
        outcomes = {key: reply.outcome if isinstance(reply, Timed) else reply for key, reply in replies.items()}
        self.ledger.write(
            {key: encode(outcome, corpus) for key, outcome in outcomes.items() if not isinstance(outcome, Failure)},
            component.name,
        )
        self.ledger.record([_timing(key, reply) for key, reply in replies.items() if isinstance(reply, Timed)])
        return outcomes


@dataclass
class _CutCalls:
    """Calls that are cut into batches as these are asked for, of one component after the other.

    Attributes:
        keys: the addresses of the calls of each batch that was asked for.
        down: why no other is cut; empty while that is not so.
    """

    calls: Mapping[bytes, Call]
    corpus: Corpus
    keys: list[tuple[bytes, ...]] = field(default_factory=list)
    down: str = ""

    def batches(self) -> Iterator[CallBatch]:
        by_component: defaultdict[Component, list[tuple[bytes, Call]]] = defaultdict(list)
        for key, call in self.calls.items():
            by_component[call.component].append((key, call))
        for component, of_component in by_component.items():
            for batch in batches(of_component, component.batch_size):
                if self.down:
                    return
                self.keys.append(tuple(batch))
                requests = [call.request for call in batch.values()]
                yield CallBatch(len(self.keys) - 1, component, requests, self.corpus)

    def stop_if_down(self, outcomes: Iterable[Outcome | Timed | Failure]) -> None:
        """Cut no more for a server that is down: every other call of it would fail too."""
        gone = next((outcome for outcome in outcomes if isinstance(outcome, Unavailable)), None)
        if gone and not self.down:
            self.down = gone.message


def _timing(key: bytes, timed: Timed) -> Timing:
    """The sample of one call: its work is the call itself, whichever question it was made for."""
    told = {"concurrency": timed.concurrency, FIRST_TOKEN: timed.first_token}
    known = {name: value for name, value in told.items() if value is not None}
    return Timing(timed.host, call_timing_key(key), "", timed.seconds, {"waited": timed.waited, **known})
