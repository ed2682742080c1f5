"""The calls that a stage makes, in rounds, and what is known of their seconds.

A call that was timed as it was made (by a provider's model, or when it was recorded) is never made again to time it.
Calls of a language model on this machine, or on a server of one's own, are works of their own, so that strategies which
make the same calls share them. While such a server was explored it had other calls to answer too: what it took then
counts only where it cannot be asked again.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from tradespace.components.base import Call, Component
from tradespace.components.corpus import Corpus
from tradespace.components.direct import OperatorOf, call_together
from tradespace.components.roles import Role
from tradespace.errors import ComponentError
from tradespace.explorer.running.replayed_calls import Called, StageJob, is_own_server, is_remote, replayed_calls
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.entries import Timing
from tradespace.explorer.storage.timing_keys import calls_key, calls_question
from tradespace.explorer.timing.call_tree import CallSeconds
from tradespace.explorer.timing.latency_model import CallSize
from tradespace.explorer.timing.stopwatch import WorkItem
from tradespace.types import Completion, Failure, Outcome, Prompt, Timed


@dataclass(frozen=True, slots=True)
class CallGroup:
    """One call, or calls that one component on this machine answers together.

    Attributes:
        model: the component that answers, by content address.
        load: what it asks of a language model; None of any other component.
        spent: what it took, where it was timed as it was made; unknown where another machine answered untimed.
        work: what is to be timed, where this machine or a server of one's own answers.
        concurrency: the most calls that were under way with it as it was made; None where that is not known.
    """

    model: str
    load: CallSize | None = None
    spent: CallSeconds | None = None
    work: WorkItem | None = None
    concurrency: int | None = None


StageRounds = list[list[CallGroup]]
"""Time of a stage: the parts of a round in parallel, rounds in sequence."""


class StageCalls:
    """The calls of many jobs, with the timings that the ledger has of them."""

    def __init__(self, ledger: Ledger, jobs: Iterable[StageJob]) -> None:
        self._called = {job: made for job in dict.fromkeys(jobs) if (made := replayed_calls(ledger, job))}
        every = [called for made in self._called.values() for calls in made for called in calls]
        self._timings: defaultdict[str, list[Timing]] = defaultdict(list)
        for timing in ledger.timings({called.key for called in every}):
            self._timings[timing.work].append(timing)
        self._hosts = _hosts(every, self._timings)

    def rounds(self, job: StageJob, question: str, operator_of: OperatorOf) -> StageRounds | None:
        """The rounds of a job whose calls are timed one by one; None where the stage is timed as a whole."""
        made = self._called.get(job)
        if made is None or not any(self._apart(called) for calls in made for called in calls):
            return None
        return [self._parts(calls, job.corpus, question, operator_of) for calls in made]

    def _apart(self, called: Called) -> bool:
        return called.call.component.role is Role.LLM or called.call.component in self._hosts

    def _parts(
        self, calls: Sequence[Called], corpus: Corpus, question: str, operator_of: OperatorOf
    ) -> list[CallGroup]:
        by_component: defaultdict[Component, list[Called]] = defaultdict(list)
        for called in calls:
            by_component[called.call.component].append(called)
        parts: list[CallGroup] = []
        for component, some in by_component.items():
            as_made = [self._as_made(called, len(some)) for called in some]
            if is_own_server(component):
                work = _work(some, corpus, question, operator_of)
                slowest = max(as_made, key=lambda part: part.spent.seconds if part.spent else math.inf)
                parts.append(replace(slowest, load=work.load, work=work))
            elif component in self._hosts or is_remote(component):
                parts += as_made
            else:
                work = _work(some, corpus, question, operator_of)
                parts.append(CallGroup(component.key, work.load, work=work))
        return parts

    def _as_made(self, called: Called, batch: int) -> CallGroup:
        """What a call took, in the median, on the host that its component's calls were timed on."""
        host = self._hosts.get(called.call.component)
        timings = [timing for timing in self._timings[called.key] if timing.host == host]
        part = CallGroup(called.call.component.key, load_of([called], batch))
        if not timings:
            return part
        waits = [float(timing.conditions.get("waited", 0.0)) for timing in timings]
        company = [int(timing.conditions["concurrency"]) for timing in timings if "concurrency" in timing.conditions]
        spent = CallSeconds(median(timing.seconds for timing in timings), median(waits))
        return replace(part, spent=spent, concurrency=max(company, default=None))


def load_of(calls: Sequence[Called], batch: int) -> CallSize | None:
    """What calls that are answered together ask of a language model: distinct prompts are read, the longest completion
    is waited for."""
    read: dict[object, int] = {}
    written = 0
    for called in calls:
        if not isinstance(called.outcome, Completion) or not isinstance(called.call.request, Prompt):
            return None
        read[called.call.request.messages] = called.outcome.tokens_in
        written = max(written, called.outcome.tokens_out)
    return CallSize(sum(read.values()), written, batch)


def _work(calls: Sequence[Called], corpus: Corpus, question: str, operator_of: OperatorOf) -> WorkItem:
    made = [called.call for called in calls]
    model, load = made[0].component, load_of(calls, len(calls))
    served = is_own_server(model)
    run = _replies if served else call_together
    name = calls_question(question, [called.key for called in calls])
    return WorkItem(calls_key(model, corpus), name, lambda: run(made, operator_of), load, served)


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
