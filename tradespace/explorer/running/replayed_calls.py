"""The calls that a stage made, followed through the ledger."""

from __future__ import annotations

from typing import NamedTuple

from tradespace.components.base import Call, Component, Role
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.explorer.storage.codec import call_key, decode
from tradespace.explorer.storage.ledger import Ledger
from tradespace.types import Outcome, Request


class Job(NamedTuple):
    """A stage on what it was given, and what it runs with."""

    component: Component
    request: Request
    corpus: Corpus


class Called(NamedTuple):
    """One call that was made: its content address in the ledger, and what came back."""

    call: Call
    key: str
    outcome: Outcome


def replayed_calls(ledger: Ledger, job: Job) -> list[list[Called]] | None:
    """The rounds of calls of a job, answered by the ledger; None where it lacks one."""
    rounds: list[list[Called]] = []
    process = job.component.process(job.request)
    try:
        calls = next(process)
        while True:
            keys = [call_key(call, job.corpus) for call in calls]
            known = ledger.read(keys)
            if not known.keys() >= set(keys):
                return None
            decoded = [decode(known[key], job.corpus) for key in keys]
            outcomes = [outcome for outcome in decoded if outcome is not None]
            if len(outcomes) < len(decoded):
                return None
            rounds.append([Called(*one) for one in zip(calls, (key.hex() for key in keys), outcomes, strict=True)])
            calls = process.send(outcomes)
    except StopIteration:
        return rounds
    finally:
        process.close()


def asks_a_model(component: Component) -> bool:
    """Whether a component is a language model, or has one among its settings, however deep."""
    return any(part.role is Role.LLM for part in component.parts())


def is_remote(component: Component) -> bool:
    """Whether a component is a language model that a server answers for."""
    return isinstance(component, LanguageModel) and component.remote


def is_own_server(component: Component) -> bool:
    """Whether a server answers whose calls may be made again, one at a time, to find out what they take."""
    return isinstance(component, LanguageModel) and component.remote and component.timed_apart
