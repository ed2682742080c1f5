"""The calls that a stage made, followed through the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tradespace.components.base import Call, Component
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.processes import drive
from tradespace.components.roles import Role
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


class _NotRecordedError(Exception):
    """The ledger lacks a call."""


def replayed_calls(ledger: Ledger, job: StageJob) -> list[list[Called]] | None:
    """The rounds of calls of a job, answered by the ledger; None where it lacks one."""
    rounds: list[list[Called]] = []

    def answer(calls: Sequence[Call]) -> list[Outcome]:
        rounds.append(_recorded(ledger, calls, job.corpus))
        return [called.outcome for called in rounds[-1]]

    try:
        drive(job.component.process(job.request), answer)
    except _NotRecordedError:
        return None
    return rounds


def _recorded(ledger: Ledger, calls: Sequence[Call], corpus: Corpus) -> list[Called]:
    """Calls with what the ledger has of them.

    Raises:
        _NotRecordedError: it lacks one.
    """
    known = look_up(ledger, calls, corpus)
    if len(known.outcomes) < len(known.calls):
        raise _NotRecordedError
    return [
        Called(call, call_timing_key(key), known.outcomes[key]) for call, key in zip(calls, known.keys, strict=True)
    ]


def asks_a_model(component: Component) -> bool:
    """Whether a component is a language model, or has one among its settings, however deep."""
    return any(part.role is Role.LLM for part in component.parts())


def is_remote(component: Component) -> bool:
    """Whether a component is a language model that a server answers for."""
    return isinstance(component, LanguageModel) and component.remote


def is_own_server(component: Component) -> bool:
    """Whether a server answers whose calls may be made again, one at a time, to find out what they take."""
    return isinstance(component, LanguageModel) and component.remote and component.timed_apart
