"""The calls that a stage made, followed through the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from tradespace.components.base import Call, Component
from tradespace.components.corpus import Corpus
from tradespace.components.priced import PricedModel
from tradespace.components.processes import Driven, Running, drive, side_by_side
from tradespace.explorer.running.lookup import look_up
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.timing_keys import call_timing_key
from tradespace.types import Outcome, Request


class StageJob(NamedTuple):
    """A stage on what it was given, and what it runs with."""

    component: Component
    request: Request
    corpus: Corpus


class Called(NamedTuple):
    """One call that was made: its content address in the ledger, and what came back."""

    call: Call
    key: str
    outcome: Outcome


class Replayed(NamedTuple):
    """How far the ledger can follow a job.

    Attributes:
        rounds: of calls, each with what came back.
        waiting: the calls of the round of which the ledger lacks one; empty where the job was followed to its end.
    """

    rounds: list[list[Called]]
    waiting: Sequence[Call] = ()


def replayed_calls(ledger: Ledger, job: StageJob) -> list[list[Called]] | None:
    """The rounds of calls of a job, answered by the ledger; None where it lacks one."""
    replayed = replay(ledger, [job])[job]
    return None if replayed.waiting else replayed.rounds


def replay(ledger: Ledger, jobs: Iterable[StageJob]) -> dict[StageJob, Replayed]:
    """Follow jobs through the ledger, those on one corpus in step: what all of them wait for is looked up together."""
    on_corpus: defaultdict[Corpus, dict[StageJob, None]] = defaultdict(dict)
    for job in jobs:
        on_corpus[job.corpus][job] = None
    return {
        job: replayed
        for corpus, some in on_corpus.items()
        for job, replayed in zip(some, _follow(ledger, corpus, some), strict=True)
    }


def _follow(ledger: Ledger, corpus: Corpus, jobs: Iterable[StageJob]) -> list[Replayed]:
    return drive(side_by_side(map(_followed, jobs)), lambda calls: _recorded(ledger, calls, corpus))


def _followed(job: StageJob) -> Driven[Called | None, Replayed]:
    """The process of a job, which ends where a call is not recorded."""
    rounds: list[list[Called]] = []
    running: Running[Outcome, Outcome] = Running(job.component.process(job.request))
    while not running.ended:
        answered = yield running.calls
        called = [each for each in answered if each]
        if len(called) < len(running.calls):
            waiting = running.calls
            running.close()
            return Replayed(rounds, waiting)
        rounds.append(called)
        running.resume([each.outcome for each in called])
    return Replayed(rounds)


def _recorded(ledger: Ledger, calls: Sequence[Call], corpus: Corpus) -> list[Called | None]:
    """Calls with what the ledger has of them; None for those that it lacks."""
    known = look_up(ledger, calls, corpus)
    return [
        Called(call, call_timing_key(key), known.outcomes[key]) if key in known.outcomes else None
        for call, key in zip(calls, known.keys, strict=True)
    ]


@lru_cache(maxsize=4096)
def asks_a_model(component: Component) -> bool:
    """Whether a component is a model whose calls count tokens, or has one among its settings, however deep."""
    return any(isinstance(part, PricedModel) for part in component.parts())


def is_remote(component: Component) -> bool:
    """Whether a component is a model that a server answers for."""
    return isinstance(component, PricedModel) and component.remote


def is_own_server(component: Component) -> bool:
    """Whether a server answers whose calls may be made again, one at a time, to find out what they take."""
    return isinstance(component, PricedModel) and component.remote and component.timed_apart
