"""A server answers over HTTP what the pipeline answers in a loop, and says in words what it does not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.serving.conftest import KEY, PIPELINE, RunningServer
from tradespace.components.notation import parse
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.running.one_question import AnsweredQuestion, answer_question
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.gate import Gate
from tradespace.testing.paragraphs import questions

QUESTIONS = [question.text for question in questions()[:12]]


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client that has the key."""
    with server.client(KEY) as asking:
        yield asking


@pytest.fixture(scope="module")
def answered(study: Path) -> dict[str, AnsweredQuestion]:
    """What the same pipeline answers in this process."""
    texts = read_data(specification_of(StudyFolder(study))).dataset.documents
    opened = OpenedComponents(texts, StudyFolder(study).artefacts)
    return {question: answer_question(parse(PIPELINE), opened, question) for question in QUESTIONS}


def test_answers_are_those_of_the_pipeline(client: httpx.Client, answered: dict[str, AnsweredQuestion]) -> None:
    """Each client gets the answer to its own question, with its passages, however many ask at once."""
    with ThreadPoolExecutor(12) as pool:
        replies = list(
            pool.map(lambda asked: client.post("/v1/answers", json={"question": asked}).json(), QUESTIONS * 3)
        )
    for question, reply in zip(QUESTIONS * 3, replies, strict=True):
        expected = answered[question]
        assert expected.answer is not None
        assert (reply["answer"], reply["score"]) == (expected.answer.text, expected.answer.score)
        assert [each["id"] for each in reply["passages"]] == [each.passage.id for each in expected.passages]
        assert [each["score"] for each in reply["passages"]] == [each.score for each in expected.passages]
        assert [span["stage"] for span in reply["spans"]] == ["retrieve", "generate"]
        assert reply["pipeline"] == PIPELINE


def test_passages_are_left_out_on_demand(client: httpx.Client) -> None:
    """Whoever wants the answer alone says so."""
    reply = client.post("/v1/answers", json={"question": QUESTIONS[0], "passages": False}).json()
    assert "passages" not in reply
    assert reply["answer"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b'{"question"', 422, "JSON"),
        (b"[1]", 422, "body"),
        (b"\xff\xfe", 422, "body"),
        (b"{}", 422, "body.question: Field required"),
        (b'{"question": ""}', 422, "at least 1 character"),
        (b'{"question": 7}', 422, "valid string"),
        (b'{"question": "Who?", "deadline_ms": -1}', 422, "greater than 0"),
        (b'{"question": "Who?", "deadline_ms": NaN}', 422, "deadline_ms"),
        (b'{"question": "' + b"x" * 1_000_001 + b'"}', 413, "at most 1,000,000 bytes"),
    ],
    ids=["cut", "list", "no text", "empty", "blank", "number", "negative", "nan", "huge"],
)
def test_bad_bodies_are_refused_in_words(client: httpx.Client, body: bytes, status: int, said: str) -> None:
    """As JSON, in the form that clients of OpenAI's interface read."""
    reply = client.post("/v1/answers", content=body, headers={"Content-Type": "application/json"})
    assert reply.status_code == status
    assert said in reply.json()["error"]["message"]


def test_the_key_is_demanded(server: RunningServer) -> None:
    """Of whoever asks a question or for figures; not of a supervisor, who asks whether the server lives."""
    with server.client() as keyless, server.client("another") as wrong:
        assert keyless.post("/v1/answers", json={"question": "Who?"}).status_code == 401
        assert wrong.post("/v1/answers", json={"question": "Who?"}).status_code == 401
        assert keyless.get("/metrics").status_code == 401
        assert keyless.get("/health").status_code == 200
        assert keyless.get("/ready").json() == {"ready": True, "replicas": {"retrieve + generate": 2}}


def test_a_deadline_that_passed_is_told(client: httpx.Client) -> None:
    """By its header or its field, whichever way the client asks."""
    header = client.post("/v1/answers", json={"question": "Who?"}, headers={"X-Deadline-Ms": "0.001"})
    field = client.post("/v1/answers", json={"question": "Who?", "deadline_ms": 0.001})
    assert header.status_code == field.status_code == 504
    assert field.json()["error"]["code"] == "deadline_exceeded"


def test_metrics_count_what_happened(client: httpx.Client) -> None:
    """Requests by outcome, batches, the seconds that replicas worked, and none in flight afterwards."""
    client.post("/v1/answers", json={"question": QUESTIONS[0]})
    figures = dict(line.rsplit(" ", 1) for line in client.get("/metrics").text.splitlines() if line[0] != "#")
    group = '{group="retrieve + generate"}'
    assert float(figures['tradespace_requests_total{outcome="answered"}']) >= 1
    assert float(figures[f"tradespace_batch_size_count{group}"]) >= 1
    assert float(figures[f"tradespace_replica_busy_seconds_total{group}"]) > 0
    assert float(figures["tradespace_requests_in_flight"]) == 0
    assert float(figures[f"tradespace_queue_length{group}"]) == 0


def test_without_a_key_only_this_machine_is_a_host() -> None:
    """A web page whose name leads here can't have its visitors' browsers ask."""
    asked: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(dict(scope["headers"])[b"host"].decode())
        await Response("")(scope, receive, send)

    hosts = ["localhost:8000", "127.0.0.1", "[::1]:8000", "evil.example", "localhost.evil.example", "127.0.0.1.evil"]

    async def ask_all() -> list[int]:
        transport = httpx.ASGITransport(Gate(app, key="", most_bytes=10))
        async with httpx.AsyncClient(transport=transport, base_url="http://any") as client:
            return [(await client.get("/v1/models", headers={"Host": host})).status_code for host in hosts]

    assert asyncio.run(ask_all()) == [200, 200, 200, 403, 403, 403]
    assert asked == hosts[:3]
