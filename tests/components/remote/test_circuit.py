"""A server that is down is found out; requests that are at fault themselves are not held against it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.components.llms.test_openai import ask, model
from tradespace.components.corpus import Corpus
from tradespace.components.remote.circuit import RUN, Circuit
from tradespace.errors import ComponentError
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.testing.language_model_contract import PROMPT
from tradespace.types import Failure, Timed, Unavailable

PROMPTS = [replace(PROMPT, max_tokens=length) for length in range(2, 22)]


def failures_until_probed(circuit: Circuit, *, answered: bool) -> int:
    """Requests that fail until the circuit probes; the probe is answered or not."""
    probed: list[bool] = []

    async def probe() -> None:
        probed.append(True)
        if not answered:
            raise ComponentError("no connection")

    async def fail() -> int:
        failed = 0
        while not probed:
            await circuit.failed(probe)
            failed += 1
        return failed

    return asyncio.run(fail())


def test_a_run_of_failures_and_an_unanswered_probe_open_a_circuit() -> None:
    """It says why; another run begins with it closed."""
    circuit = Circuit()
    assert failures_until_probed(circuit, answered=False) == RUN
    assert circuit.reason == "no connection"
    circuit.close()
    assert circuit.reason == ""


def test_an_answered_probe_doubles_the_run_before_the_next() -> None:
    """Where the requests are at fault, probes must cost little; a request that is answered starts anew."""
    circuit = Circuit()
    assert [failures_until_probed(circuit, answered=True) for _ in range(3)] == [RUN, 2 * RUN, 4 * RUN]
    circuit.answered()
    assert failures_until_probed(circuit, answered=True) == RUN


def test_a_late_answer_closes_no_open_circuit() -> None:
    """Its request was sent before the server went down."""
    circuit = Circuit()
    failures_until_probed(circuit, answered=False)
    circuit.answered()
    assert circuit.reason == "no connection"


@pytest.mark.parametrize(
    "fault", [ServerFault(0), ServerFault(503), ServerFault(401, "who are you?")], ids=["dead", "503", "401"]
)
def test_a_server_that_is_down_is_not_asked_for_everything(
    server: CompletionServer, corpus: Corpus, fault: ServerFault
) -> None:
    """After a run of failures and a probe, what still waits is not sent; every call says why."""
    server.faults.extend([fault] * 100)
    drawn = ask(server, corpus, PROMPTS, attempts=1, concurrency=1)
    assert len(server.bodies) == RUN + 1
    assert all(isinstance(outcome, Failure) for outcome in drawn)
    assert isinstance(drawn[-1], Unavailable)
    assert "does not answer: " in drawn[-1].message


def test_a_server_that_never_answers_is_not_waited_for_by_everything(server: CompletionServer, corpus: Corpus) -> None:
    """Attempts that take all their time count each: else every request would wait for all of its attempts."""
    server.faults.extend([ServerFault(delay=1.0)] * 100)
    drawn = ask(server, corpus, PROMPTS, timeout=0.1, attempts=20, concurrency=1)
    assert len(server.bodies) == RUN + 1
    assert all(isinstance(outcome, Unavailable) for outcome in drawn)
    assert "no answer within 0.1 seconds" in str(drawn[0])


def test_requests_that_are_at_fault_are_failures_of_their_own(server: CompletionServer, corpus: Corpus) -> None:
    """The probe is answered, and so is what follows."""
    server.faults.extend([ServerFault(400, "too long")] * RUN)
    drawn = ask(server, corpus, PROMPTS, concurrency=1)
    assert [type(outcome) for outcome in drawn] == [Failure] * RUN + [Timed] * (len(PROMPTS) - RUN)


def test_a_model_that_is_opened_anew_is_asked_anew(server: CompletionServer, corpus: Corpus) -> None:
    """The server may be back."""
    server.faults.extend([ServerFault(503)] * (RUN + 1))
    again = model(server, attempts=1, concurrency=1)
    assert isinstance(again.open(corpus)(PROMPTS)[-1], Unavailable)
    assert isinstance(again.open(corpus)(PROMPTS)[-1], Timed)
