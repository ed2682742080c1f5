"""What a stage takes time for: its calls, in rounds, and what it computes between them.

Equal calls are one work, whichever stages and settings make them, so that no work is timed twice. A call that was timed
as it was made (by a provider's model, or when it was recorded) is never made again to time it. While a server of one's
own was explored it had other calls to answer too: what it took then counts only where it cannot be asked again.

A stage may be looked at before its calls are made. Those that it makes first are known even then.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from tradespace.components.base import Call, Component
from tradespace.components.corpus import Corpus
from tradespace.components.direct import OperatorOf, call_together
from tradespace.components.passes import Passes
from tradespace.components.priced import PricedModel
from tradespace.errors import ComponentError
from tradespace.explorer.running.replayed_calls import (
    Called,
    Replayed,
    StageJob,
    asks_a_model,
    is_own_server,
    is_remote,
    replay,
)
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.codec import call_key
from tradespace.explorer.storage.entries import Timing, first_token_of
from tradespace.explorer.storage.timing_keys import call_timing_key, calls_key, calls_question, passes_key
from tradespace.explorer.timing.call_sizes import CallSize, Size, size_of
from tradespace.explorer.timing.call_tree import CallSeconds
from tradespace.explorer.timing.stopwatch import WorkItem, own_work, stage_work
from tradespace.types import Completion, Embedding, Failure, Given, Outcome, Prompt, Timed


@dataclass(frozen=True, slots=True)
class CallGroup:
    """One call, calls that one component on this machine answers together, or what a stage does itself.

    Attributes:
        model: the component that answers, by content address.
        size: what it asks of the component; None where that is not known.
        spent: what it took, where it was timed as it was made; unknown where another machine answered untimed.
        work: what is to be timed, where this machine or a server of one's own answers.
        concurrency: the most calls that were under way with it as it was made; None where that is not known.
        first_token: seconds to the first piece of its text as it was made; None where it was not streamed.
        calls: what each of the calls asks on its own, where a server of one's own answers several together.
        again: what it took each time that it was made, and each other sample of its prompt in the round, where that
            was timed as they were made.
    """

    model: str
    size: Size | None = None
    spent: CallSeconds | None = None
    work: WorkItem | None = None
    concurrency: int | None = None
    first_token: float | None = None
    calls: tuple[CallSize | None, ...] = ()
    again: tuple[CallSeconds, ...] = ()

    @property
    def alike(self) -> str:
        """What groups have in common whose seconds follow one latency model."""
        return self.work.key if self.work else self.model


StageRounds = list[list[CallGroup]]
"""Time of a stage: the parts of a round in parallel, rounds in sequence."""


class StageCalls:
    """What many jobs take time for, with the timings that the ledger has of their calls as they were made."""

    def __init__(self, ledger: Ledger, jobs: Iterable[StageJob], operators_for: Callable[[Corpus], OperatorOf]) -> None:
        self._operators_for = operators_for
        self._replayed = replay(ledger, jobs)
        asking = [replayed.rounds for job, replayed in self._replayed.items() if asks_a_model(job.component)]
        every = [called for rounds in asking for calls in rounds for called in calls]
        self._timings: defaultdict[str, list[Timing]] = defaultdict(list)
        for timing in ledger.timings({called.key for called in every}):
            self._timings[timing.work].append(timing)
        self._hosts = _hosts(every, self._timings)

    def rounds(self, job: StageJob, question: str) -> StageRounds:
        """What a stage does for a question, so far as that is known; a part that is not known has no size."""
        replayed = self._replayed[job]
        asking = asks_a_model(job.component)
        if replayed.waiting and asking:
            return [[CallGroup(job.component.key)]]
        rounds = [group for calls in replayed.rounds for group in self._groups(calls, job, question)]
        if replayed.waiting:
            keyed = [(call, call_timing_key(call_key(call, job.corpus))) for call in replayed.waiting]
            return [*rounds, *([self._computed(some, job, question)] for some in _by_component(keyed).values())]
        return rounds if asking else [*rounds, [self._own(job, question, replayed)]]

    def settled(self, job: StageJob) -> bool:
        """Whether it is known for good what a stage does: all its calls are made, or they are those of one component,
        in one round as far as can be told. What language models take may be known better later."""
        if asks_a_model(job.component):
            return False
        return not self._replayed[job].waiting or len(list(job.component.parts())) == 1

    def _own(self, job: StageJob, question: str, replayed: Replayed) -> CallGroup:
        """What a stage computes itself; all of it where it makes no calls."""
        answered = [[called.outcome for called in calls] for calls in replayed.rounds]
        work = (
            own_work(job.component, job.corpus, question, job.request, answered)
            if any(answered)
            else stage_work(job.component, job.corpus, question, job.request, self._operators_for(job.corpus))
        )
        return CallGroup(job.component.key, work.size, work=work)

    def _groups(self, calls: Sequence[Called], job: StageJob, question: str) -> StageRounds:
        """The parts of a round of calls. Components on this machine that are no language models take turns."""
        parallel: list[CallGroup] = []
        turns: StageRounds = []
        for component, some in _by_component([(called.call, called) for called in calls]).items():
            if not isinstance(component, PricedModel) and component not in self._hosts:
                turns.append([self._computed([(call, called.key) for call, called in some], job, question)])
            else:
                parallel += self._of_model(component, [called for _, called in some], job, question)
        return [*turns, parallel] if parallel else turns

    def _computed(self, calls: Sequence[tuple[Call, str]], job: StageJob, question: str) -> CallGroup:
        """Calls of one component on this machine, with their content addresses."""
        made, keys = [call for call, _ in calls], [key for _, key in calls]
        return self._work(made, keys, size_of(made), job, question)

    def _of_model(self, component: Component, calls: Sequence[Called], job: StageJob, question: str) -> list[CallGroup]:
        taken: defaultdict[Given, list[CallSeconds]] = defaultdict(list)
        for called in calls:
            taken[_whichever_sample(called)] += map(_spent, self._made(called))
        as_made = [replace(self._as_made(one, len(calls)), again=tuple(taken[_whichever_sample(one)])) for one in calls]
        if not is_own_server(component) and (component in self._hosts or is_remote(component)):
            return as_made
        made, keys = [called.call for called in calls], [called.key for called in calls]
        group = self._work(made, keys, load_of(calls, len(calls)), job, question)
        if not is_own_server(component):
            return [group]
        slowest = max(as_made, key=lambda part: part.spent.seconds if part.spent else math.inf)
        each = tuple(load_of([called], 1) for called in calls)
        return [replace(slowest, size=group.size, work=group.work, calls=each, again=())]

    def _work(
        self, calls: Sequence[Call], keys: Sequence[str], size: Size | None, job: StageJob, question: str
    ) -> CallGroup:
        """Calls of one component that this machine, or a server of one's own, answers together."""
        component, operator_of = calls[0].component, self._operators_for(job.corpus)
        served = is_own_server(component)
        run = _replies if served else call_together
        key = passes_key(component, job.corpus) if isinstance(size, Passes) else calls_key(component, job.corpus)
        name = calls_question(question, keys)
        return CallGroup(component.key, size, work=WorkItem(key, name, lambda: run(calls, operator_of), size, served))

    def _as_made(self, called: Called, batch: int) -> CallGroup:
        """What a call took, in the median, on the host that its component's calls were timed on."""
        timings = self._made(called)
        part = CallGroup(called.call.component.key, load_of([called], batch))
        if not timings:
            return part
        company = [int(timing.conditions["concurrency"]) for timing in timings if "concurrency" in timing.conditions]
        each = [_spent(timing) for timing in timings]
        return replace(
            part,
            spent=CallSeconds(median(one.service for one in each), median(one.waited for one in each)),
            concurrency=max(company, default=None),
            first_token=first_token_of(timings),
        )

    def _made(self, called: Called) -> list[Timing]:
        """The timings of a call as it was made, on the host that its component's calls were timed on."""
        host = self._hosts.get(called.call.component)
        return [timing for timing in self._timings[called.key] if timing.host == host]


def _whichever_sample(called: Called) -> Given:
    """What a call asks, whichever of its samples it is."""
    request = called.call.request
    return replace(request, sample=0) if isinstance(request, Prompt) else request


def _spent(timing: Timing) -> CallSeconds:
    return CallSeconds(timing.seconds, float(timing.conditions.get("waited", 0.0)))


def load_of(calls: Sequence[Called], batch: int) -> CallSize | None:
    """What calls that are answered together ask of a language model: distinct prompts are read, the longest completion
    is waited for."""
    read: dict[object, int] = {}
    written = 0
    for called in calls:
        if isinstance(called.outcome, Embedding):
            read[called.call.request] = called.outcome.tokens_in
            continue
        if not isinstance(called.outcome, Completion) or not isinstance(called.call.request, Prompt):
            return None
        read[called.call.request.messages] = called.outcome.tokens_in
        written = max(written, called.outcome.tokens_out)
    return CallSize(sum(read.values()), written, batch)


def _by_component(calls: Iterable[tuple[Call, Any]]) -> dict[Component, list[tuple[Call, Any]]]:
    groups: defaultdict[Component, list[tuple[Call, Any]]] = defaultdict(list)
    for call, more in calls:
        groups[call.component].append((call, more))
    return groups


def _replies(calls: Sequence[Call], operator_of: OperatorOf) -> list[Outcome | Timed]:
    """What a server answers to calls of one component, with the times that it was waited for.

    Raises:
        ComponentError: a call failed.
    """
    replies: list[Outcome | Timed] = []
    for reply in operator_of(calls[0].component)([call.request for call in calls]):
        if isinstance(reply, Failure):
            raise ComponentError(reply.message)
        replies.append(reply)
    return replies


def _hosts(calls: Iterable[Called], timings: Mapping[str, Sequence[Timing]]) -> dict[Component, str]:
    """For each component whose calls were timed as they were made, the host that timed most of them: never two."""
    seen: defaultdict[Component, Counter[str]] = defaultdict(Counter)
    for called in calls:
        seen[called.call.component].update({timing.host for timing in timings.get(called.key, ())})
    return {component: min(hosts, key=lambda host: (-hosts[host], host)) for component, hosts in seen.items() if hosts}
