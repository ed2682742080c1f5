"""Calling components directly: nothing shared, and nothing stored.

This is how a served pipeline answers, how latency is measured, and the naive reference for shared evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tradespace.components.base import Call, Component, Operator, Process
from tradespace.components.checked import checked, checked_outcome
from tradespace.components.processes import Answerer, drive
from tradespace.errors import ComponentError, ModelUnavailableError
from tradespace.types import Failure, Outcome, Timed, Unavailable

OperatorOf = Callable[[Component], Operator]
"""Where the opened components are."""


def run_directly(process: Process, operator_of: OperatorOf) -> Outcome:
    """Drive one process: each round is called at once. What it comes to is checked.

    Raises:
        ComponentError: a call failed, or what the process came to is not sound.
        ModelUnavailableError: a model's server is down.
    """
    outcome = drive(process, directly(operator_of))
    return checked_outcome(getattr(process, "__qualname__", process), None, outcome)


def directly(operator_of: OperatorOf) -> Answerer[Outcome]:
    """Answers calls by making them."""
    return lambda calls: call_together(calls, operator_of)


def call_together(calls: Sequence[Call], operator_of: OperatorOf) -> list[Outcome]:
    """Make calls in one batch for each distinct component; outcomes come back in the order of the calls.

    Raises:
        ComponentError: a call failed.
        ModelUnavailableError: a model's server is down.
    """
    if len(calls) == 1:  # what most rounds are: nothing to put together
        (call,) = calls
        return [succeeded(*call_operator(call.component, operator_of(call.component), [call.request]))]
    places: dict[Component, list[int]] = {}
    for place, call in enumerate(calls):
        places.setdefault(call.component, []).append(place)
    outcomes: dict[int, Outcome] = {}
    for component, indices in places.items():
        batch = call_operator(component, operator_of(component), [calls[index].request for index in indices])
        outcomes.update(zip(indices, map(succeeded, batch), strict=True))
    return [outcomes[index] for index in range(len(calls))]


def call_operator(component: Component, operator: Operator, requests: Sequence[Any]) -> list[Outcome | Timed | Failure]:
    """Call a component's operator with a batch. What comes back is checked; a `Failure` stands for what is not sound.

    Raises:
        ComponentError: there are not as many outcomes as requests.
    """
    return checked(component, component.returns, operator(requests), len(requests))


def succeeded(outcome: Outcome | Timed | Failure) -> Outcome:
    """The outcome of a call that an operator answered.

    Raises:
        ComponentError: the call failed.
        ModelUnavailableError: a model's server is down.
    """
    if isinstance(outcome, Unavailable):
        raise ModelUnavailableError(outcome.message)
    if isinstance(outcome, Failure):
        raise ComponentError(outcome.message)
    return outcome.outcome if isinstance(outcome, Timed) else outcome
