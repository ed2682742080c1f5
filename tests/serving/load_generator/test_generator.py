"""Load that is sent to a real server."""

from __future__ import annotations

import asyncio
import re
import socket
from itertools import pairwise
from typing import Any

import pytest

from tests.serving.load_generator.conftest import Serve
from tradespace.errors import InputError
from tradespace.serving.load_generator.apis import CHAT
from tradespace.serving.load_generator.asking import Asking
from tradespace.serving.load_generator.client_connections import ConnectionPool
from tradespace.serving.load_generator.generator import LoadGenerator, generate_load
from tradespace.serving.load_generator.record import UNFINISHED
from tradespace.serving.load_generator.summary import summarize_load
from tradespace.serving.load_generator.target import load_target
from tradespace.types import Question

QUESTIONS = [Question("a", "Who was Ada?"), Question("b", "Was Zürich founded by the Romans?")]
SERVICE = 0.02


def single_server() -> Any:
    """Answers one request at a time, each in at least `SERVICE` seconds."""
    turn = asyncio.Lock()

    async def answer(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        async with turn:
            await asyncio.sleep(SERVICE)
        return 200, {"answer": asked["question"]}

    return answer


async def at_once(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
    """Answers with what it was asked."""
    return 200, {"asked": asked, "headers": headers}


def test_waiting_in_the_queue_counts(serve: Serve) -> None:
    """Of ten requests at once the tenth waits for nine; a client that waited for answers would see none wait."""
    record = generate_load(serve(single_server()), [0.0] * 10, QUESTIONS)
    latencies = sorted(record.latency)
    assert all(latency >= (place + 1) * SERVICE for place, latency in enumerate(latencies))


def test_requests_do_not_wait_for_answers(serve: Serve) -> None:
    """All are sent before the first is answered, on connections of their own."""
    everyone = asyncio.Barrier(6)

    async def together(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        await everyone.wait()
        return 200, {}

    record = generate_load(serve(together), [0.0, 0.0, 0.01, 0.01, 0.02, 0.02], QUESTIONS)
    assert all(request.answered for request in record.requests)
    assert max(request.sent for request in record.requests) < min(request.finished for request in record.requests)


def test_every_request_is_sent_at_its_time_or_later(serve: Serve) -> None:
    """Never early, in the order of the schedule; what is later is the generator's lag, and part of the latency."""
    record = generate_load(serve(at_once), [0.0, 0.05, 0.1, 0.15], QUESTIONS)
    assert [request.scheduled for request in record.requests] == [0.0, 0.05, 0.1, 0.15]
    assert all(request.lag >= 0 for request in record.requests)
    assert all(request.latency >= request.lag for request in record.requests)
    assert all(earlier.sent <= later.sent for earlier, later in pairwise(record.requests))


def test_questions_are_asked_over_and_over(serve: Serve) -> None:
    """In their order, and arrive as they were written."""
    heard = []

    async def listen(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        heard.append(asked["question"])
        return 200, {}

    record = generate_load(serve(listen), [0.0, 0.05, 0.1], QUESTIONS)
    assert [request.question for request in record.requests] == ["a", "b", "a"]
    assert sorted(heard) == sorted([QUESTIONS[0].text, QUESTIONS[1].text, QUESTIONS[0].text])


def test_connections_are_kept() -> None:
    """Requests one after the other share one."""
    clients = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        clients.add(writer.get_extra_info("peername"))
        while head := await reader.readuntil(b"\r\n\r\n"):
            (length,) = re.findall(rb"Content-Length: (\d+)", head)
            await reader.readexactly(int(length))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async def ask_thrice() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        asking = Asking(load_target(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
        pool = ConnectionPool(asking.target)
        replies = [await pool.ask(asking.request("?")) for _ in range(3)]
        pool.close()
        server.close()
        assert [reply.body for reply in replies] == [b"{}"] * 3

    asyncio.run(ask_thrice())
    assert len(clients) == 1


def test_failures_are_kinds_and_infinitely_slow(serve: Serve) -> None:
    """A status is told with the server's word for the problem."""

    async def refuse(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        return 503, {"error": {"message": "too many", "code": "queue_full"}}

    record = generate_load(serve(refuse), [0.0, 0.01], QUESTIONS)
    summary = summarize_load(record, 10.0)
    assert summary.failures == {"503 queue_full": 2}
    assert summary.answered == 0
    assert summary.latency[0.5].value == float("inf")
    assert summary.attainment is not None
    assert summary.attainment.value == 0


def test_a_request_is_given_up_after_its_time(serve: Serve) -> None:
    """Counted from when it was to be sent."""

    async def hang(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        await asyncio.sleep(60)
        return 200, {}

    record = generate_load(serve(hang), [0.0, 0.1], QUESTIONS, timeout=0.2)
    assert [request.status for request in record.requests] == ["timed out", "timed out"]
    assert all(request.finished - request.scheduled >= 0.2 for request in record.requests)


def test_a_server_that_is_gone_is_told() -> None:
    """Nothing listens: each request failed, for the reason that the system gives."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        record = generate_load(url, [0.0, 0.01], QUESTIONS)
    assert {request.status for request in record.requests} == {"no connection: Connection refused"}


def test_a_load_ends_where_its_server_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once nothing was answered for a while, the rest of the hour is not waited for."""
    from tradespace.serving.load_generator import generator

    monkeypatch.setattr(generator, "GONE_SECONDS", 0.05)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        record = generate_load(url, [0.0, 0.1, 3600.0], QUESTIONS)
    assert len(record.requests) == 2
    assert record.scheduled == 3


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b"220 mail ready\r\n"])
def test_a_reply_that_is_none(reply: bytes) -> None:
    """Cut off, or not HTTP: a failure, not an error."""

    async def send() -> set[str]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(reply)
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        target = load_target(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        record = await LoadGenerator(Asking(target), [0.0], QUESTIONS).run()
        server.close()
        return {request.status for request in record.requests}

    assert asyncio.run(send()) == {"no HTTP" if reply.startswith(b"220") else "cut off"}


def test_a_key_and_the_chat_interface(serve: Serve) -> None:
    """The key is sent as a bearer's, the question as a message."""
    heard: list[Any] = []

    async def listen(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        heard.append((asked, headers["authorization"]))
        return 200, {"choices": []}

    record = generate_load(serve(listen, "/v1/chat/completions"), [0.0], QUESTIONS, api=CHAT, key="sesame")
    assert record.requests[0].answered
    messages = [{"role": "user", "content": "Who was Ada?"}]
    assert heard == [({"messages": messages}, "Bearer sesame")]


def test_the_servers_own_account_is_kept(serve: Serve) -> None:
    """Seconds queued and served, summed over the stages."""

    async def account(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        spans = [{"queue_seconds": 0.25, "service_seconds": 1.0}, {"queue_seconds": 0.5, "service_seconds": 2.0}]
        return 200, {"answer": "x", "spans": spans}

    record = generate_load(serve(account), [0.0], QUESTIONS)
    assert (record.requests[0].queued, record.requests[0].served) == (0.75, 3.0)
    assert summarize_load(record).queued == 0.75


def test_what_was_interrupted_is_known_so_far(serve: Serve) -> None:
    """What is under way then is unfinished, and counts neither as answered nor as failed."""

    async def hang(asked: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        await asyncio.sleep(0 if "Ada" in asked["question"] else 60)
        return 200, {}

    async def interrupted(url: str) -> LoadGenerator:
        generator = LoadGenerator(Asking(load_target(url)), [0.0, 0.0, 50.0], QUESTIONS)
        task = asyncio.create_task(generator.run())
        while {request.status for request in generator.record.requests} != {"200", UNFINISHED}:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        return generator

    record = asyncio.run(interrupted(serve(hang))).record
    assert [request.status for request in record.requests] == ["200", UNFINISHED]
    assert len(record.counted) == 1
    assert summarize_load(record).failures == {}


@pytest.mark.parametrize(
    ("arrivals", "said"),
    [
        ([], "from 1 to"),
        ([0.0, -1.0], "must ascend from 0"),
        ([2.0, 1.0], "in disorder"),
        ([1e9], "at most 86,400 s"),
        ([float("nan")], "must ascend from 0"),
    ],
    ids=["none", "negative", "disorder", "late", "nan"],
)
def test_impossible_times_are_refused(arrivals: list[float], said: str) -> None:
    """Before anything is sent."""
    with pytest.raises(InputError, match=said):
        generate_load("http://127.0.0.1:1", arrivals, QUESTIONS)


def test_a_load_needs_a_question() -> None:
    """There is nothing to ask."""
    with pytest.raises(InputError, match="at least one question"):
        generate_load("http://127.0.0.1:1", [0.0], [])
