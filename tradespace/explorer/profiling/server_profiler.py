"""Measures what calls take at a server of one's own while others are under way, and writes it into the ledger."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.direct import call_operator
from tradespace.components.threads import on_all_cores
from tradespace.errors import ComponentError
from tradespace.explorer.load.profiles import SharingProfile
from tradespace.explorer.profiling.grid import doubled_up_to
from tradespace.explorer.profiling.handed_on import requests_of
from tradespace.explorer.profiling.sharing import MeasuredCall, TokenSpeeds, fit_sharing, fit_speeds
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import StageJob, is_own_server, replay
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.entries import FIRST_TOKEN, Timing
from tradespace.explorer.storage.timing_keys import server_key
from tradespace.types import Completion, Embedding, Question, Timed

CALLS = 12
"""Calls that are measured alone, and with each number of others under way, where the study has as many."""


@dataclass(frozen=True)
class ServerRecords:
    """What a ledger has of a model that a server of one's own answers for, asked by several at once."""

    ledger: Ledger
    host: str
    model: Component

    def profile(self) -> SharingProfile | None:
        """How the server is shared; None where that was not measured."""
        calls = self.calls()
        return fit_sharing(calls) if any(call.running == 1 for call in calls) else None

    def speeds(self) -> tuple[TokenSpeeds, ...]:
        """What it takes for tokens, by how many calls run."""
        return fit_speeds(self.calls())

    def calls(self) -> list[MeasuredCall]:
        """All that were measured."""
        return [_measured(timing) for timing in self.ledger.timings([server_key(self.model)], self.host)]

    def add(self, calls: Sequence[MeasuredCall]) -> None:
        """Write down what calls took."""
        self.ledger.record([_timing(self.host, server_key(self.model), call) for call in calls])


@dataclass(frozen=True)
class ServerProfiler:
    """Measures calls of one model.

    Attributes:
        records: where it is written, and what is measured.
        calls: that are made, with what each is known by.
        pipeline: one that makes them.
        seconds: after which no further number of calls at once is begun, besides one and the most.
    """

    records: ServerRecords
    opened_components: OpenedComponents
    calls: Mapping[str, Call]
    pipeline: Pipeline
    seconds: float = 60.0

    def measure(self, most: int) -> None:
        """Measure calls with 1, 2, 4 … up to `most` under way at once. What the ledger has is not measured again.

        Raises:
            ComponentError: a call failed.
        """
        known = {call.running for call in self.records.calls()}
        chosen = random.Random(0).sample(sorted(self.calls), min(CALLS, len(self.calls)))
        start, every = time.monotonic(), doubled_up_to(most)
        for running in dict.fromkeys([1, most, *every]):
            in_time = running in (1, most) or time.monotonic() - start < self.seconds
            if chosen and running not in known and in_time:
                self.records.add(self._together(chosen, running))

    def _together(self, names: Sequence[str], running: int) -> list[MeasuredCall]:
        """Make calls, so many at once all the time; those that were under way when fewer were left are not given."""
        corpus, ended = self.opened_components.corpus(self.pipeline), list[MeasuredCall]()
        operator = self.opened_components.operator(self.records.model, corpus, for_timing=True)

        def make(name: str) -> None:
            with component_errors(self.records.model):
                (reply,) = call_operator(self.records.model, operator, [self.calls[name].request])
            if not isinstance(reply, Timed):
                raise ComponentError(f"{self.records.model!r} could not be measured: {reply}")
            ended.append(_heard(name, running, reply))

        repeated = list(names) * max(1, -(-2 * running // len(names)))
        on_all_cores(make, [*repeated, *names[: running - 1]], threads=running)
        return ended[: len(repeated)]


def calls_of_servers(
    opened_components: OpenedComponents, ledger: Ledger, pipeline: Pipeline, questions: Sequence[Question]
) -> dict[Component, dict[str, Call]]:
    """The distinct calls of servers of one's own that a pipeline makes for questions, as far as the ledger has them: by
    the model that is asked, and by what each is known by.

    Raises:
        ComponentError: the corpus cannot be made.
    """
    corpus = opened_components.corpus(pipeline)
    calls: dict[Component, dict[str, Call]] = {}
    for stage, component in pipeline.online.items():
        requests = requests_of(opened_components, ledger, pipeline, [stage], questions)
        replayed = replay(ledger, [StageJob(component, request, corpus) for request in requests.values()])
        for called in chain.from_iterable(chain.from_iterable(one.rounds) for one in replayed.values()):
            if is_own_server(called.call.component):
                calls.setdefault(called.call.component, {})[called.key] = called.call
    return calls


def _heard(name: str, running: int, reply: Timed) -> MeasuredCall:
    outcome = reply.outcome
    assert isinstance(outcome, Completion | Embedding)
    return MeasuredCall(name, running, reply.seconds, reply.first_token, outcome.tokens_in, outcome.tokens_out)


def _timing(host: str, key: str, call: MeasuredCall) -> Timing:
    tokens = {"tokens_in": call.tokens_in, "tokens_out": call.tokens_out}
    first = {} if call.first_token is None else {FIRST_TOKEN: call.first_token}
    return Timing(host, key, call.call, call.seconds, {"batch": 1, "concurrency": call.running, **tokens, **first})


def _measured(timing: Timing) -> MeasuredCall:
    running, tokens_in, tokens_out = (
        int(timing.conditions[name]) for name in ("concurrency", "tokens_in", "tokens_out")
    )
    first = timing.conditions.get(FIRST_TOKEN)
    return MeasuredCall(
        timing.question, running, timing.seconds, None if first is None else float(first), tokens_in, tokens_out
    )
